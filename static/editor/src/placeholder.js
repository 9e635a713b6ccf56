// The question in the place where the text goes on.
import { Plugin } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { isEmptyParagraph } from "./markdown/write.js";

// placeholder shows a sentence in the empty paragraph at the end; a short field
// shows it only while nothing is written.
export function placeholder(sentence, short) {
  return new Plugin({
    props: {
      decorations({ doc }) {
        if (!sentence || !isEmptyParagraph(doc.lastChild) || (short && doc.childCount > 1)) return null;
        const from = doc.content.size - doc.lastChild.nodeSize;
        return DecorationSet.create(doc, [
          Decoration.node(from, doc.content.size, { class: "editor-placeholder", "data-placeholder": sentence }),
        ]);
      },
    },
  });
}
