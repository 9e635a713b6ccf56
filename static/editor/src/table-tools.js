// Rows and columns: a small bar under the table that the caret is in.
import { TextSelection } from "@tiptap/pm/state";
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable } from "@tiptap/pm/tables";
import { h, place } from "./dom.js";

const commands = {
  row_add: addRowAfter,
  column_add: addColumnAfter,
  row_delete: deleteRow,
  column_delete: deleteColumn,
  table_delete: deleteTable,
};

export class TableTools {
  constructor(writing) {
    this.writing = writing;
    const { say } = writing;
    const buttons = Object.entries(commands).map(([name, command]) =>
      h("button", { type: "button", click: () => this.run(command) }, say(name)),
    );
    this.dom = h("div", { class: "editor-tables", role: "group", "aria-label": say("table_tools"), hidden: true }, ...buttons);
    this.dom.addEventListener("mousedown", (event) => event.preventDefault());
    writing.element.append(this.dom);
  }

  run(command) {
    const { editor } = this.writing;
    const at = tableAt(editor.state.selection);
    command(editor.state, editor.view.dispatch);
    this.stay(editor, at);
    editor.view.focus();
  }

  // stay keeps the caret in the table when its row or column was deleted.
  stay({ state, view }, at) {
    const table = state.doc.nodeAt(at);
    if (tableAt(state.selection) !== null || table?.type.name !== "table") return;
    view.dispatch(state.tr.setSelection(TextSelection.near(state.doc.resolve(at + table.nodeSize - 1), -1)));
  }

  refresh() {
    const { editor, isRaw, element } = this.writing;
    const at = isRaw ? null : tableAt(editor.state.selection);
    this.dom.hidden = at === null || !element.contains(document.activeElement);
    if (!this.dom.hidden) place(this.dom, editor.view.nodeDOM(at).getBoundingClientRect());
  }
}

// tableAt returns where the table around the selection begins, or null.
function tableAt({ $from }) {
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type.name === "table") return $from.before(depth);
  }
  return null;
}
