// Tables as Markdown knows them: one head row, one line of text in a cell,
// nothing merged.
import { Node } from "@tiptap/core";
import { Plugin, TextSelection } from "@tiptap/pm/state";
import { addRowAfter, goToNextCell, isInTable, selectedRect, tableEditing } from "@tiptap/pm/tables";
import { phrasing } from "./inline.js";

export const Table = Node.create({
  name: "table",
  group: "block",
  content: "tableRow+",
  tableRole: "table",
  isolating: true,
  parseHTML: () => [{ tag: "table" }],
  renderHTML: () => ["div", { class: "table" }, ["table", ["tbody", 0]]],
  extendNodeSchema: (extension) => ({ tableRole: extension.config.tableRole }),
  addKeyboardShortcuts() {
    const run = (command) => command(this.editor.state, this.editor.view.dispatch);
    return {
      Tab: () => run(goToNextCell(1)),
      "Shift-Tab": () => run(goToNextCell(-1)),
      Enter: () => isInTable(this.editor.state) && this.editor.view.hasFocus() && down(this.editor),
      "Shift-Enter": () => isInTable(this.editor.state),
    };
  },
  addProseMirrorPlugins: () => [
    tableEditing(),
    new Plugin({ appendTransaction: (changes, _, state) => (changes.some((change) => change.docChanged) ? regular(state) : null) }),
  ],
});

export const TableRow = Node.create({
  name: "tableRow",
  content: "(tableCell | tableHeader)+",
  tableRole: "row",
  parseHTML: () => [{ tag: "tr" }],
  renderHTML: () => ["tr", 0],
});

export const TableHeader = cell("tableHeader", "th", "header_cell");
export const TableCell = cell("tableCell", "td", "cell");

// The one line of a cell; not a paragraph, so that nothing else can take its place.
export const TableText = Node.create({
  name: "tableText",
  content: phrasing,
  renderHTML: () => ["p", 0],
});

function cell(name, tag, tableRole) {
  return Node.create({
    name,
    content: "tableText",
    tableRole,
    isolating: true,
    addAttributes: () => ({
      align: {
        default: null,
        parseHTML: (element) =>
          /^(left|center|right)$/.exec(element.style.textAlign || element.className.replace(/.*align-/, ""))?.[0] ?? null,
        renderHTML: ({ align }) => (align ? { class: `align-${align}` } : {}),
      },
      colspan: { default: 1 },
      rowspan: { default: 1 },
      colwidth: { default: null, rendered: false },
    }),
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
  });
}

// down goes to the cell below and makes a row when there is none.
function down(editor) {
  const { bottom, left, map } = selectedRect(editor.state);
  if (bottom === map.height) addRowAfter(editor.state, editor.view.dispatch);
  const rect = selectedRect(editor.state);
  const at = rect.tableStart + rect.map.positionAt(bottom, left, rect.table);
  editor.view.dispatch(editor.state.tr.setSelection(TextSelection.create(editor.state.doc, at + 2)).scrollIntoView());
  return true;
}

// regular keeps every table one that Markdown can write, whatever was pasted or
// deleted: heads in the first row only, no merged cells, one alignment a column.
function regular(state) {
  const { tr } = state;
  const { tableHeader, tableCell } = state.schema.nodes;
  state.doc.descendants((table, at) => {
    if (table.type.name !== "table") return !table.isTextblock;
    table.forEach((row, rowAt, i) =>
      row.forEach((node, cellAt, column) => {
        const type = i === 0 ? tableHeader : tableCell;
        const attrs = { ...node.attrs, align: table.firstChild.maybeChild(column)?.attrs.align ?? null, colspan: 1, rowspan: 1 };
        if (node.type !== type || !node.hasMarkup(node.type, attrs)) tr.setNodeMarkup(at + 1 + rowAt + 1 + cellAt, type, attrs);
      }),
    );
    return false;
  });
  return tr.docChanged ? tr : null;
}
