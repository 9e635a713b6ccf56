// What the buttons do, in the formatted view (run, active) and in the Markdown
// one (raw). A tool that needs a server the page does not name is left out.
import { setLink } from "./link.js";
import { kinds, setApart } from "./schema/quotes.js";
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
    { name: "task_list", key: "Shift+9", mark: ["listItem", { task: true }], run: toggleTasks, raw: (field) => prefixLines(field, "- [ ] ") },
    {
      name: "quote",
      key: "Shift+B",
      mark: ["blockquote", { callout: null }],
      run: (chain) => chain.toggleBlockquote(),
      raw: (field) => prefixLines(field, "> "),
    },
    {
      name: "callout",
      mark: "blockquote",
      on: (editor) => editor.isActive("blockquote") && !editor.isActive("blockquote", { callout: null }),
      run: toggleCallout,
      raw: (field) => insert(field, "> [!NOTE]\n> "),
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

// What a paragraph that begins with "/" offers to be: blocks that the toolbar has, and more than it has room for.
const blocks = groups.flat().filter((tool) => ["heading", "bullet_list", "ordered_list", "task_list", "quote", "table"].includes(tool.name));
const further = [
  ...kinds.map((kind) => ({ name: `callout_${kind}`, run: (chain, editor) => setApart(chain, editor, kind) })),
  { name: "code", run: (chain) => chain.toggleCodeBlock() },
  { name: "rule", run: (chain) => chain.setHorizontalRule() },
];

// beginnings are the blocks whose names have the words that were typed.
export function beginnings(say, query) {
  const words = plain(query);
  return [...blocks, ...further].map((tool) => ({ ...tool, label: say(tool.name) })).filter(({ label }) => plain(label).includes(words));
}

function plain(words) {
  return words.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
}

// isOn reports whether a tool's formatting holds where the caret is.
export function isOn(tool, editor) {
  if (!tool.mark) return false;
  if (tool.on) return tool.on(editor);
  if (tool.name === "code") return tool.mark.some((name) => editor.isActive(name));
  return editor.isActive(...[tool.mark].flat());
}

function toggleCallout(chain, editor) {
  const { callout } = editor.getAttributes("blockquote");
  return setApart(chain, editor, callout ?? "note");
}

// toggleTasks makes tasks of the selected lines, of a list that is there already, or words of tasks.
export function toggleTasks(chain, editor) {
  if (!editor.isActive("listItem")) chain = chain.toggleList("bulletList", "listItem");
  return chain.updateAttributes("listItem", { task: !editor.isActive("listItem", { task: true }), checked: false });
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
