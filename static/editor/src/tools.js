// What the buttons do, in the formatted view (run, active) and in the Markdown
// one (raw). A tool that needs a server the page does not name is left out.
import { setLink } from "./link.js";
import { emptyTable, prefixLines, insert, wrap } from "./raw.js";

export const groups = [
  [
    { name: "bold", key: "B", mark: "bold", run: (chain) => chain.toggleBold(), raw: (field) => wrap(field, "**") },
    { name: "italic", key: "I", mark: "italic", run: (chain) => chain.toggleItalic(), raw: (field) => wrap(field, "*") },
    { name: "link", key: "K", mark: "link", act: setLink },
  ],
  [
    {
      name: "heading",
      key: "Alt+2",
      mark: ["heading", { level: 2 }],
      run: (chain) => chain.toggleHeading({ level: 2 }),
      raw: (field) => prefixLines(field, "## "),
    },
    {
      name: "bullet_list",
      icon: "bullets",
      key: "Shift+8",
      mark: "bulletList",
      run: (chain) => chain.toggleList("bulletList", "listItem"),
      raw: (field) => prefixLines(field, "- "),
    },
    {
      name: "ordered_list",
      icon: "numbers",
      key: "Shift+7",
      mark: "orderedList",
      run: (chain) => chain.toggleList("orderedList", "listItem"),
      raw: (field) => prefixLines(field, "1. "),
    },
    {
      name: "quote",
      key: "Shift+B",
      mark: "blockquote",
      run: (chain) => chain.toggleBlockquote(),
      raw: (field) => prefixLines(field, "> "),
    },
    { name: "table", mark: "table", run: insertTable, raw: (field) => insert(field, emptyTable) },
    { name: "code", key: "E", mark: ["code", "codeBlock"], run: toggleCode, raw: (field) => wrap(field, "`") },
  ],
  [
    { name: "picture", needs: "upload", act: (writing) => writing.pictures.choose("image/*") },
    { name: "file", needs: "upload", act: (writing) => writing.pictures.choose("") },
    { name: "mention", needs: "mentions", run: (chain, editor) => chain.insertContent(trigger(editor, "@")) },
    { name: "idea", needs: "ideas", run: (chain, editor) => chain.insertContent(trigger(editor, "#")) },
  ],
];

// isOn reports whether a tool's formatting holds where the caret is.
export function isOn(tool, editor) {
  if (!tool.mark) return false;
  if (tool.name === "code") return tool.mark.some((name) => editor.isActive(name));
  return editor.isActive(...[tool.mark].flat());
}

// Code within a line is a mark; several lines, or an empty one, are a block.
function toggleCode(chain, editor) {
  const { $from, $to } = editor.state.selection;
  const block = editor.isActive("codeBlock") || !$from.sameParent($to) || $from.parent.content.size === 0;
  return block ? chain.toggleCodeBlock() : chain.toggleCode();
}

function insertTable(chain, editor) {
  if (editor.isActive("table")) return chain;
  const row = (cell) => ({
    type: "tableRow",
    content: Array.from({ length: 3 }, () => ({ type: cell, content: [{ type: "tableText" }] })),
  });
  return chain
    .insertContent({ type: "table", content: [row("tableHeader"), row("tableCell"), row("tableCell")] })
    .command(({ tr, state }) => intoFirstCell(tr, state));
}

function intoFirstCell(tr, state) {
  let first = null;
  const end = tr.selection.from;
  tr.doc.nodesBetween(0, end, (node, at) => {
    if (node.type.name === "table") first = at + 4;
  });
  if (first !== null) tr.setSelection(state.selection.constructor.near(tr.doc.resolve(first)));
  return true;
}

// The sign that opens suggestions opens them only where a word could start.
function trigger(editor, sign) {
  const { $from } = editor.state.selection;
  const before = $from.parent.textBetween(Math.max(0, $from.parentOffset - 1), $from.parentOffset, null, "\ufffc");
  return before && !/\s/.test(before) ? " " + sign : sign;
}
