// Pictures that are pasted, dropped or chosen: sent to the server one by one,
// shown when they are there, and described by the author.
import { NodeSelection, Plugin, PluginKey, TextSelection } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { cleanPage } from "./clean.js";
import { h } from "./dom.js";
import { insert } from "./raw.js";

const key = new PluginKey("pictures");

// waiting is the plugin that shows a bar where a picture will stand.
export const waiting = new Plugin({
  key,
  state: {
    init: () => DecorationSet.empty,
    apply(change, set) {
      set = set.map(change.mapping, change.doc);
      const { add, remove } = change.getMeta(key) ?? {};
      if (add) set = set.add(change.doc, [Decoration.widget(add.at, add.bar, { id: add.id })]);
      return remove ? set.remove(set.find(null, null, (spec) => spec.id === remove)) : set;
    },
  },
  props: {
    decorations: (state) => key.getState(state),
    // Typing while a picture is selected goes on after it; it does not take its place.
    handleTextInput(view, from, to, text) {
      const { selection, tr } = view.state;
      if (!(selection instanceof NodeSelection) || selection.node.type.name !== "image") return false;
      view.dispatch(tr.setSelection(TextSelection.create(tr.doc, to)).insertText(text).scrollIntoView());
      return true;
    },
  },
});

export class Pictures {
  pending = 0;
  queue = Promise.resolve();

  constructor(writing) {
    this.writing = writing;
    this.input = h("input", { type: "file", accept: "image/*", multiple: true, hidden: true, change: () => this.chosen() });
    writing.element.append(this.input);
  }

  choose() {
    this.input.click();
  }

  chosen() {
    this.add([...this.input.files]);
    this.input.value = "";
  }

  // take accepts what was pasted or dropped. Text that comes with a picture of
  // itself, as from a spreadsheet, is left to the editor.
  take(data, at) {
    const files = [...(data?.files ?? [])];
    if (files.length === 0 || cleanPage(data.getData("text/html")).textContent.trim()) return false;
    this.add(files, at);
    return true;
  }

  add(files, at = this.writing.editor?.state.selection.to) {
    const { say } = this.writing;
    for (const file of files) {
      if (file.type.startsWith("image/")) this.send(file, at);
      else this.writing.complain(say("upload_failed", { name: file.name, detail: say("upload_not_picture") }));
    }
  }

  send(file, at) {
    const { writing } = this;
    const id = crypto.getRandomValues(new Uint32Array(1))[0];
    const label = writing.say("uploading", { name: file.name });
    if (!writing.isRaw) {
      const bar = h("span", { class: "editor-uploading" }, h("progress", { "aria-label": label }), label);
      writing.editor.view.dispatch(writing.editor.state.tr.setMeta(key, { add: { id, at, bar } }));
    }
    this.pending++;
    writing.tell(label);
    this.queue = this.queue
      .then(() => upload(writing.element.getAttribute("upload"), file, writing.say))
      .then(
        (picture) => this.arrived(id, picture),
        (problem) => this.failed(id, file, problem),
      )
      .then(() => {
        this.pending--;
      });
  }

  arrived(id, { url, width, height }) {
    const { writing } = this;
    if (writing.isGone) return;
    writing.tell("");
    const at = this.forget(id);
    if (writing.isRaw) {
      insert(writing.textarea, `![](${url})`);
      writing.textarea.setSelectionRange(writing.textarea.selectionEnd - url.length - 3, writing.textarea.selectionEnd - url.length - 3);
      return;
    }
    const { state, view } = writing.editor;
    const image = state.schema.nodes.image.create({ src: url, width, height });
    const change = put(state.tr, at ?? state.selection.to, image);
    view.dispatch(change.setSelection(NodeSelection.create(change.doc, placeOf(change.doc, image))).scrollIntoView());
    this.describe(true);
  }

  failed(id, file, problem) {
    const { writing } = this;
    if (writing.isGone) return;
    this.forget(id);
    writing.tell("");
    writing.complain(writing.say("upload_failed", { name: file.name, detail: problem.message }));
  }

  // forget takes the bar away and returns where it stood.
  forget(id) {
    const { editor } = this.writing;
    const [bar] = editor ? key.getState(editor.state).find(null, null, (spec) => spec.id === id) : [];
    if (bar) editor.view.dispatch(editor.state.tr.setMeta(key, { remove: id }));
    return bar?.from;
  }

  // describe asks for the words that stand for the selected picture.
  describe(steal) {
    const { editor, panel, say } = this.writing;
    const { from, node } = editor.state.selection;
    panel.open({
      label: say("picture"),
      steal,
      fields: [{ name: "alt", label: say("alt_text"), hint: say("alt_hint"), value: node.attrs.alt ?? "" }],
      apply({ alt }) {
        editor.view.dispatch(editor.state.tr.setNodeAttribute(from, "alt", alt));
      },
      // What is typed next comes after the picture and not in its place.
      done() {
        editor.view.dispatch(editor.state.tr.setSelection(TextSelection.near(editor.state.doc.resolve(from + 1))));
      },
    });
  }
}

// put inserts a picture: at the end of a paragraph as one of its own, elsewhere where the caret is.
function put(change, at, image) {
  const $at = change.doc.resolve(at);
  const atEnd =
    $at.depth === 1 && $at.parent.type.name === "paragraph" && $at.parentOffset > 0 && $at.parentOffset === $at.parent.content.size;
  return atEnd ? change.insert($at.after(), $at.parent.type.create(null, image)) : change.insert(at, image);
}

function placeOf(doc, image) {
  let found = 0;
  doc.descendants((node, at) => {
    if (node === image) found = at;
  });
  return found;
}

// upload sends one file. The error it throws has a sentence for the author.
async function upload(address, file, say) {
  const body = new FormData();
  body.append("file", file, file.name);
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => {
    throw new Error(say("upload_offline"));
  });
  const said = await answer.json().catch(() => ({}));
  if (answer.status !== 201) throw new Error(said.detail || say("upload_offline"));
  return said;
}
