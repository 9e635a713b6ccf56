// Lists. An item holds any blocks, as in Markdown, and may be a task.
import { InputRule, Node, wrappingInputRule } from "@tiptap/core";

export const BulletList = Node.create({
  name: "bulletList",
  group: "block list",
  content: "listItem+",
  addAttributes: () => ({ marker: { default: "-", rendered: false }, tight: { default: true, rendered: false } }),
  parseHTML: () => [{ tag: "ul" }],
  renderHTML: () => ["ul", 0],
  addKeyboardShortcuts() {
    return { "Mod-Shift-8": () => this.editor.commands.toggleList(this.name, "listItem") };
  },
  addInputRules() {
    return [wrappingInputRule({ find: /^\s*([-+*])\s$/, type: this.type, getAttributes: (match) => ({ marker: match[1] }) })];
  },
});

export const OrderedList = Node.create({
  name: "orderedList",
  group: "block list",
  content: "listItem+",
  addAttributes: () => ({
    marker: { default: ".", rendered: false },
    tight: { default: true, rendered: false },
    start: { default: 1, parseHTML: (ol) => ol.start },
  }),
  parseHTML: () => [{ tag: "ol" }],
  renderHTML: ({ node }) => ["ol", { start: node.attrs.start === 1 ? null : node.attrs.start }, 0],
  addKeyboardShortcuts() {
    return { "Mod-Shift-7": () => this.editor.commands.toggleList(this.name, "listItem") };
  },
  addInputRules() {
    return [
      wrappingInputRule({
        find: /^(\d{1,9})([.)])\s$/,
        type: this.type,
        getAttributes: (match) => ({ start: Number(match[1]), marker: match[2] }),
        joinPredicate: (match, list) => list.childCount + list.attrs.start === Number(match[1]),
      }),
    ];
  },
});

export const ListItem = Node.create({
  name: "listItem",
  content: "block+",
  defining: true,
  addOptions: () => ({ doneLabel: "" }),
  addAttributes: () => ({
    task: { default: false, rendered: false, parseHTML: (li) => checkbox(li) !== null },
    checked: { default: false, rendered: false, keepOnSplit: false, parseHTML: (li) => checkbox(li)?.checked ?? false },
  }),
  parseHTML: () => [{ tag: "li" }],
  renderHTML({ node }) {
    if (!node.attrs.task) return ["li", 0];
    const box = {
      type: "checkbox",
      contenteditable: "false",
      "aria-label": this.options.doneLabel,
      checked: node.attrs.checked ? "" : null,
    };
    return ["li", { class: "task" }, ["input", box], ["div", 0]];
  },
  addKeyboardShortcuts() {
    return {
      Enter: () => this.editor.commands.splitListItem(this.name),
      Tab: () => this.editor.commands.sinkListItem(this.name),
      "Shift-Tab": () => this.editor.commands.liftListItem(this.name),
    };
  },
  addInputRules() {
    return [
      new InputRule({
        find: /^\[([ xX]?)\]\s$/,
        handler({ state, range, match }) {
          const $from = state.doc.resolve(range.from);
          if ($from.depth < 2 || $from.node(-1).type.name !== "listItem" || $from.index(-1) !== 0) return null;
          state.tr
            .delete(range.from, range.to)
            .setNodeMarkup($from.before(-1), null, { task: true, checked: match[1].toLowerCase() === "x" });
        },
      }),
    ];
  },
});

function checkbox(li) {
  return li.querySelector(
    ":scope > input[type=checkbox], :scope > label > input[type=checkbox], :scope > p > label > input[type=checkbox]",
  );
}

// toggleTask follows a click on the box of a task.
export function toggleTask(view, event) {
  const item = event.target.closest?.("li.task");
  if (!item || event.target.type !== "checkbox") return false;
  const at = view.posAtDOM(item, 0);
  const $at = view.state.doc.resolve(at);
  const depth = $at.node().type.name === "listItem" ? $at.depth : $at.depth - 1;
  const node = $at.node(depth);
  view.dispatch(view.state.tr.setNodeMarkup($at.before(depth), null, { ...node.attrs, checked: event.target.checked }));
  return true;
}
