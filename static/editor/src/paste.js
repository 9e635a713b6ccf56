// Pasted text without formatting is read as Markdown: that is what people have
// in other tools, and plain words come out as they are.
import { Slice } from "@tiptap/pm/model";
import { complete } from "./link.js";
import { MarkdownDocument } from "./markdown/document.js";
import { Unrepresentable } from "./markdown/parse.js";

// readText is ProseMirror's clipboardTextParser. Control Shift V ("plain") pastes letter for letter.
export function readText(text, $context, plain, view) {
  if (plain || $context.parent.type.spec.code) return null;
  try {
    const { doc } = MarkdownDocument.read(text.replace(/\r\n?/g, "\n"), view.state.schema);
    const open = (node) => (node.type.name === "paragraph" ? 1 : 0);
    return new Slice(doc.content, open(doc.firstChild), open(doc.lastChild));
  } catch (error) {
    if (error instanceof Unrepresentable) return null;
    throw error;
  }
}

// linkSelection makes a link of the selected words when an address is pasted on them.
export function linkSelection(view, data) {
  const { empty, $from, $to, from, to } = view.state.selection;
  const address = data?.getData("text/plain").trim() ?? "";
  if (empty || !$from.sameParent($to) || !/^https?:\/\/\S+$/.test(address) || $from.parent.type.spec.code) return false;
  view.dispatch(view.state.tr.addMark(from, to, view.state.schema.marks.link.create({ href: complete(address) })));
  return true;
}
