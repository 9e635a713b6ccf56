// Rows and columns: a small bar under the table that the caret is in.
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
    this.dom = h("div", { "class": "editor-tables", "role": "group", "aria-label": say("table_tools"), "hidden": true }, ...buttons);
    this.dom.addEventListener("mousedown", (event) => event.preventDefault());
    writing.element.append(this.dom);
  }

  run(command) {
    const { editor } = this.writing;
    command(editor.state, editor.view.dispatch);
    editor.commands.focus();
  }

  refresh() {
    const { editor, isRaw } = this.writing;
    const table = !isRaw && this.table(editor);
    this.dom.hidden = !table;
    if (table) place(this.dom, table.getBoundingClientRect());
  }

  // table returns the element of the table that the selection is in.
  table(editor) {
    const { $from } = editor.state.selection;
    for (let depth = $from.depth; depth > 0; depth--) {
      if ($from.node(depth).type.name === "table") return editor.view.nodeDOM($from.before(depth));
    }
    return null;
  }
}
