// Where the caret goes when the view changes between formatted text and
// Markdown: a sign no text contains is put at the caret, written or read with
// the text, and looked for on the other side.
import { MarkdownDocument } from "./markdown/document.js";
import { Unrepresentable } from "./markdown/parse.js";

const sign = "\uE000";

// caretInMarkdown returns the place in the Markdown of the caret of the formatted view.
export function caretInMarkdown(opened, state, markdown) {
  const { $head } = state.selection;
  if (!$head.parent.isTextblock) return markdown.length;
  const at = opened.write(state.tr.insertText(sign, $head.pos).doc).indexOf(sign);
  return at < 0 ? markdown.length : Math.min(at, markdown.length);
}

// caretInText returns the position in a document of a place in its Markdown.
export function caretInText(doc, markdown, at) {
  try {
    const marked = MarkdownDocument.read(markdown.slice(0, at) + sign + markdown.slice(at), doc.type.schema).doc;
    let found = doc.content.size;
    marked.descendants((node, position) => {
      if (node.isText && node.text.includes(sign)) found = position + node.text.indexOf(sign);
    });
    return Math.min(found, doc.content.size);
  } catch (error) {
    if (error instanceof Unrepresentable) return doc.content.size;
    throw error;
  }
}
