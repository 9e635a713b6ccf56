// Pictures and files that are pasted, dropped or chosen: sent to the server one
// by one. A picture is shown when it is there, and described by the author; a
// file of another kind is linked by its name.
import { NodeSelection, Plugin, PluginKey, TextSelection } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { cleanPage } from "./clean.js";
import { h, icon } from "./dom.js";
import { icons } from "./icons.js";
import { insert } from "./raw.js";
import { newKey, upload } from "./upload.js";

const key = new PluginKey("pictures");

// waiting is the plugin that shows a bar where a picture or a link will stand.
export const waiting = new Plugin({
  key,
  state: {
    init: () => DecorationSet.empty,
    apply(change, set) {
      set = set.map(change.mapping, change.doc);
      const { add, remove } = change.getMeta(key) ?? {};
      if (add) set = set.add(change.doc, [Decoration.widget(add.at, add.bar, { id: add.id, stopEvent: () => true, ignoreSelection: true })]);
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
    this.input = h("input", { type: "file", multiple: true, hidden: true, change: () => this.chosen() });
    writing.element.append(this.input);
  }

  choose(accept) {
    this.input.accept = accept;
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

  add(files, at) {
    for (const file of files) this.send(file, newKey(), at);
  }

  // send lets a file follow those before it, with a bar that can end it.
  send(file, id, at = this.writing.editor.state.selection.to) {
    const { writing } = this;
    const { say } = writing;
    const label = say("uploading", { name: file.name });
    const ended = new AbortController();
    const progress = h("progress", { max: 100, value: 0, "aria-label": label });
    const cancel = h("button", { type: "button", "aria-label": say("upload_cancel", { name: file.name }), click: () => ended.abort() }, icon(icons.close));
    const bar = h("span", { class: "editor-uploading" }, progress, label, cancel);
    if (writing.isRaw) writing.status.after(bar);
    else writing.editor.view.dispatch(writing.editor.state.tr.setMeta(key, { add: { id, at, bar } }));
    this.pending++;
    writing.tell(label);
    this.queue = this.queue
      .then(() => upload(writing.element.getAttribute("upload"), file, { key: id, say, signal: ended.signal, progress: (part) => (progress.value = part) }))
      .then(
        (sent) => this.arrived(id, bar, sent),
        (problem) => this.failed(id, bar, file, problem),
      )
      .then(() => {
        this.pending--;
      });
  }

  // arrived puts a picture into the text, or a link to a file of another kind; nothing where the author has ended the sending.
  arrived(id, bar, sent) {
    const { writing } = this;
    if (writing.isGone) return;
    writing.tell("");
    const at = this.forget(id, bar);
    if (!sent) return;
    if (writing.isRaw) this.write(sent);
    else if (sent.width) this.show(sent, at);
    else this.link(sent, at);
  }

  write({ url, width, name }) {
    const { textarea } = this.writing;
    if (!width) return insert(textarea, `[${name.replace(/[\\[\]]/g, "\\$&")}](${url})`);
    insert(textarea, `![](${url})`);
    textarea.setSelectionRange(textarea.selectionEnd - url.length - 3, textarea.selectionEnd - url.length - 3);
  }

  show({ url, width, height }, at) {
    const { state, view } = this.writing.editor;
    const image = state.schema.nodes.image.create({ src: url, width, height });
    const change = put(state.tr, at ?? state.selection.to, image);
    view.dispatch(change.setSelection(NodeSelection.create(change.doc, placeOf(change.doc, image))).scrollIntoView());
    this.describe(true);
  }

  link({ url, name }, at = this.writing.editor.state.selection.to) {
    const { state, view } = this.writing.editor;
    const mark = state.schema.marks.link;
    const allowed = state.doc.resolve(at).parent.type.allowsMarkType(mark);
    const change = put(state.tr, at, allowed ? state.schema.text(name, [mark.create({ href: url })]) : state.schema.text(`[${name}](${url})`));
    view.dispatch(change.setSelection(TextSelection.near(change.doc.resolve(endOf(change)), -1)).setStoredMarks([]).scrollIntoView());
  }

  failed(id, bar, file, problem) {
    const { writing } = this;
    if (writing.isGone) return;
    const at = this.forget(id, bar);
    writing.tell("");
    const again = problem.passing && { label: writing.say("upload_again"), run: () => this.send(file, id, at) };
    writing.complain(writing.say("upload_failed", { name: file.name, detail: problem.message }), again);
  }

  // forget takes the bar away and returns where it stood.
  forget(id, bar) {
    bar.remove();
    const { editor } = this.writing;
    const [shown] = key.getState(editor.state).find(null, null, (spec) => spec.id === id);
    if (shown) editor.view.dispatch(editor.state.tr.setMeta(key, { remove: id }));
    return shown?.from;
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

// put inserts a picture or a link: at the end of a paragraph as one of its own, elsewhere where the caret is.
function put(change, at, node) {
  const $at = change.doc.resolve(at);
  const atEnd =
    $at.depth === 1 && $at.parent.type.name === "paragraph" && $at.parentOffset > 0 && $at.parentOffset === $at.parent.content.size;
  return atEnd ? change.insert($at.after(), $at.parent.type.create(null, node)) : change.insert(at, node);
}

function placeOf(doc, image) {
  let found = 0;
  doc.descendants((node, at) => {
    if (node === image) found = at;
  });
  return found;
}

// endOf is where what a change has put in ends.
function endOf(change) {
  let end = 0;
  change.mapping.maps.at(-1).forEach((from, to, start, after) => (end = after));
  return end;
}
