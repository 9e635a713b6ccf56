// Quotes, and what is set apart from the text: a quote whose first line says what kind of remark it is ("> [!NOTE]").
import { InputRule } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";

// kinds are what a callout can be. Readers do not see hints: they are advice for whoever writes.
export const kinds = ["note", "tip", "important", "warning", "caution", "hint"];

const typed = new RegExp(`^\\[!(${kinds.join("|")})\\]\\s$`, "i");
const named = new RegExp(`\\b(?:callout|markdown-alert)-(${kinds.join("|")})\\b`);

export const Quote = Blockquote.extend({
  addOptions() {
    return { ...this.parent?.(), word: (kind) => kind };
  },
  addAttributes: () => ({
    callout: { default: null, rendered: false, parseHTML: (element) => named.exec(element.className)?.[1] ?? null },
  }),
  parseHTML: () => [{ tag: "blockquote" }, { tag: "div", getAttrs: (div) => named.test(div.className) && null }],
  renderHTML({ node }) {
    const { callout } = node.attrs;
    if (!callout) return ["blockquote", 0];
    return ["div", { class: `callout callout-${callout}` }, ["p", { class: "callout-word", contenteditable: "false" }, this.options.word(callout)], ["div", 0]];
  },
  addInputRules() {
    return [
      ...this.parent(),
      new InputRule({
        find: typed,
        handler({ state, range, match, chain }) {
          const $from = state.doc.resolve(range.from);
          const attributes = { callout: match[1].toLowerCase() };
          const quoted = $from.depth > 1 && $from.node(-1).type.name === "blockquote" && $from.index(-1) === 0;
          const typing = chain().deleteRange(range);
          (quoted ? typing.updateAttributes("blockquote", attributes) : typing.wrapIn("blockquote", attributes)).run();
        },
      }),
    ];
  },
});

// setApart makes a callout of what is selected, or ends it.
export function setApart(chain, editor, kind = "note") {
  if (editor.isActive("blockquote", { callout: kind })) return chain.lift("blockquote");
  if (editor.isActive("blockquote")) return chain.updateAttributes("blockquote", { callout: kind });
  return chain.wrapIn("blockquote", { callout: kind });
}

// calloutAt is where the innermost callout around the selection begins, or null.
export function calloutAt({ $from }) {
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).attrs.callout) return $from.before(depth);
  }
  return null;
}
