// Pasted text without formatting is read as Markdown: that is what people have
// in other tools, and plain words come out as they are.
import { Fragment, Slice } from "@tiptap/pm/model";
import { complete } from "./link.js";
import { MarkdownDocument } from "./markdown/document.js";
import { Unrepresentable } from "./markdown/parse.js";

// How deep the ends of the text just read may join what they are pasted into.
let ends = null;

// readText is ProseMirror's clipboardTextParser. Control Shift V ("plain") pastes letter for letter.
export function readText(text, $context, plain, view) {
  ends = null;
  if (plain || $context.parent.type.spec.code) return null;
  const { schema } = view.state;
  try {
    const { doc } = MarkdownDocument.read(text.replace(/\r\n?/g, "\n"), schema);
    const open = (node) => (node.type.name === "paragraph" ? 1 : 0);
    ends = [open(doc.firstChild), open(doc.lastChild)];
    const [before] = /^ */.exec(text);
    const [after] = / *$/.exec(text);
    const lines = doc.children.map((node, i) => {
      if (node.type.name !== "paragraph") return node;
      const content = [before && i === 0 && schema.text(" "), ...node.children, after && i === doc.childCount - 1 && schema.text(" ")];
      return node.copy(Fragment.from(content.filter(Boolean)));
    });
    return new Slice(Fragment.from(lines), ...ends);
  } catch (error) {
    if (error instanceof Unrepresentable) return null;
    throw error;
  }
}

// keepEnds is ProseMirror's transformPasted: it would join the first item of a
// list with the paragraph before it, which is right for pieces of pages only.
export function keepEnds(slice) {
  if (!ends) return slice;
  const [start, end] = ends;
  ends = null;
  return new Slice(slice.content, Math.min(start, slice.openStart), Math.min(end, slice.openEnd));
}

// linkSelection makes a link of the selected words when an address is pasted on them.
export function linkSelection(view, data) {
  const { empty, $from, $to, from, to } = view.state.selection;
  const address = data?.getData("text/plain").trim() ?? "";
  if (empty || !$from.sameParent($to) || !/^https?:\/\/\S+$/.test(address) || $from.parent.type.spec.code) return false;
  view.dispatch(view.state.tr.addMark(from, to, view.state.schema.marks.link.create({ href: complete(address) })));
  return true;
}
