// One editor on a page: the formatted view, the Markdown behind it, and the
// textarea that the form sends. The textarea always holds the truth.
import { Editor, Extension } from "@tiptap/core";
import { NodeSelection, TextSelection } from "@tiptap/pm/state";
import { CalloutTools } from "./callout-tools.js";
import { caretInMarkdown, caretInText } from "./caret.js";
import { cleanPage } from "./clean.js";
import { h, icon, place, words } from "./dom.js";
import { icons } from "./icons.js";
import { setLink } from "./link.js";
import { MarkdownDocument } from "./markdown/document.js";
import { Unrepresentable } from "./markdown/parse.js";
import { isEmptyParagraph } from "./markdown/write.js";
import { Panel } from "./panel.js";
import { keepEnds, linkSelection, readText } from "./paste.js";
import { Pictures, waiting } from "./pictures.js";
import { placeholder } from "./placeholder.js";
import { extensions } from "./schema/index.js";
import { toggleTask } from "./schema/lists.js";
import { suggestions } from "./suggest.js";
import { TableTools } from "./table-tools.js";
import { Toolbar } from "./toolbar.js";
import { toggleTasks } from "./tools.js";

// wholeText selects everything but the empty paragraph that waits at the end.
function wholeText(doc) {
  const waiting = doc.childCount > 1 && isEmptyParagraph(doc.lastChild) ? doc.lastChild.nodeSize : 0;
  return TextSelection.between(doc.resolve(0), doc.resolve(doc.content.size - waiting));
}

export class Writing {
  isRaw = false;
  isGone = false;
  listeners = new AbortController();

  constructor(element) {
    this.element = element;
    this.textarea = element.querySelector("textarea");
    this.say = words(element);
    this.surface = h("div", { class: "editor-surface" });
    this.status = h("p", { class: "editor-status", role: "status" });
    this.toolbar = new Toolbar(this);
    this.textarea.after(this.surface, this.status);
    if (element.hasAttribute("compact")) this.surface.after(this.toolbar.dom);
    else this.textarea.before(this.toolbar.dom);
    this.panel = new Panel(this);
    this.pictures = new Pictures(this);
    this.around = [new TableTools(this), new CalloutTools(this)];
    this.added = [this.surface, this.status, this.toolbar.dom, this.panel.dom, this.pictures.input, ...this.around.map((bar) => bar.dom)];
    this.required = this.textarea.required;
    this.editor = this.createEditor();
    this.start();
    element.setAttribute("ready", "");
  }

  // start shows the text formatted where that loses nothing, and takes over the
  // focus from the textarea.
  start() {
    const { textarea, editor } = this;
    const hadFocus = document.activeElement === textarea;
    const { selectionStart } = textarea;
    textarea.required = false; // the browser cannot point at a hidden field; the server answers for it
    if (this.load(false)) {
      const at = hadFocus ? caretInText(editor.state.doc, textarea.value, selectionStart) : 0;
      editor.view.dispatch(editor.state.tr.setSelection(TextSelection.near(editor.state.doc.resolve(at))));
      this.show(false);
      if (hadFocus) this.focus();
    } else {
      this.show(true);
      this.tell(this.say("markdown_only"));
    }
    this.listen();
  }

  createEditor() {
    const { element, textarea } = this;
    const plugins = [suggestions(this), waiting, placeholder(textarea.placeholder, element.hasAttribute("compact"))];
    const refresh = () => this.refresh();
    return new Editor({
      element: this.surface,
      injectCSS: false,
      enablePasteRules: false,
      extensions: [
        Extension.create({
          name: "writing",
          priority: 1100,
          addProseMirrorPlugins: () => plugins,
          addKeyboardShortcuts: () => this.shortcuts(),
        }),
        ...extensions(this.say),
      ],
      editorProps: {
        attributes: this.attributes(),
        transformPastedHTML: (html) => cleanPage(html).innerHTML,
        clipboardTextParser: readText,
        transformPasted: keepEnds,
        handlePaste: (view, event) => this.takes(event.clipboardData) || linkSelection(view, event.clipboardData),
        handleDrop: (view, event, _, moved) =>
          !moved && this.takes(event.dataTransfer, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos),
        handleDOMEvents: { change: toggleTask },
      },
      onUpdate: () => this.sync(),
      onTransaction: refresh,
      onFocus: refresh,
    });
  }

  // attributes make the formatted view the same field to assistive technology
  // that the textarea is.
  attributes() {
    const { textarea, element } = this;
    const label = textarea.labels[0];
    if (label) label.id ||= `${textarea.id}-label`;
    const attributes = {
      class: "prose",
      role: "textbox",
      "aria-multiline": "true",
      "aria-labelledby": label?.id,
      "aria-label": label ? undefined : textarea.getAttribute("aria-label"),
      "aria-describedby": textarea.getAttribute("aria-describedby"),
      "aria-invalid": textarea.getAttribute("aria-invalid"),
      "aria-required": textarea.required ? "true" : undefined,
      "aria-placeholder": textarea.placeholder,
      lang: element.lang,
    };
    return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value));
  }

  shortcuts() {
    return {
      "Mod-k": () => !this.editor.state.selection.empty && (setLink(this), true), // without a selection the key is the search's
      "Mod-a": () => this.editor.view.dispatch(this.editor.state.tr.setSelection(wholeText(this.editor.state.doc))) ?? true,
      "Mod-Shift-9": () => toggleTasks(this.editor.chain(), this.editor).run(),
      "Alt-F10": () => (this.toolbar.focus(), true),
    };
  }

  takes(data, at) {
    return this.element.hasAttribute("upload") && this.pictures.take(data, at);
  }

  listen() {
    const { textarea, element } = this;
    const on = (target, type, listener, options) => target.addEventListener(type, listener, { signal: this.listeners.signal, ...options });
    const form = textarea.form;
    for (const type of ["input", "change"]) on(textarea, type, () => this.followTextarea());
    on(textarea, "paste", (event) => {
      if (this.takes(event.clipboardData)) event.preventDefault();
    });
    on(textarea, "drop", (event) => {
      if (this.takes(event.dataTransfer)) event.preventDefault();
    });
    on(this.surface, "load", () => this.moved(), { capture: true });
    on(element, "focusout", (event) => {
      if (element.contains(event.relatedTarget)) return;
      for (const bar of this.around) bar.dom.hidden = true;
    });
    on(document, "click", (event) => {
      if (textarea.id && event.target.closest?.(`label[for="${textarea.id}"], a[href$="#${textarea.id}"]`)) this.focus();
    });
    if (!form) return;
    on(form, "reset", () => setTimeout(() => this.followTextarea()));
    on(form, "submit", (event) => this.holdBack(event), { capture: true });
  }

  // holdBack lets a form go only after the pictures and files of its text have arrived.
  holdBack(event) {
    if (this.pictures.pending === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter, target } = event;
    const complaints = this.element.querySelectorAll(".editor-complaint").length;
    this.pictures.queue.then(() => {
      if (!this.isGone && this.element.querySelectorAll(".editor-complaint").length === complaints) target.requestSubmit(submitter);
    });
  }

  // load reads the textarea into the formatted view and reports whether that is
  // possible without loss.
  load(undoable = true) {
    const { editor, textarea } = this;
    try {
      this.opened = MarkdownDocument.read(textarea.value, editor.schema);
    } catch (error) {
      if (error instanceof Unrepresentable) return false;
      throw error;
    }
    const change = editor.state.tr.replaceWith(0, editor.state.doc.content.size, this.opened.doc.content);
    editor.view.dispatch(change.setMeta("preventUpdate", true).setMeta("addToHistory", undoable));
    this.last = textarea.value;
    return true;
  }

  // sync writes the formatted text into the textarea.
  sync() {
    const text = this.opened.write(this.editor.state.doc);
    if (text === this.textarea.value) return;
    this.last = this.textarea.value = text;
    this.textarea.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // followTextarea takes over what something else wrote into it, such as a restored draft.
  followTextarea() {
    if (!this.isRaw && this.textarea.value !== this.last && !this.load()) this.show(true);
  }

  toggle() {
    const { editor, textarea } = this;
    if (!this.isRaw) {
      const at = caretInMarkdown(this.opened, editor.state, textarea.value);
      this.show(true);
      textarea.focus();
      textarea.setSelectionRange(at, at);
    } else if (textarea.value === this.last || this.load()) {
      const at = caretInText(editor.state.doc, textarea.value, textarea.selectionStart);
      editor.view.dispatch(editor.state.tr.setSelection(TextSelection.near(editor.state.doc.resolve(at))));
      this.show(false);
      this.focus();
    } else {
      this.tell(this.say("markdown_only"));
    }
  }

  show(raw) {
    this.isRaw = raw;
    this.panel.close();
    this.tell("");
    this.textarea.hidden = !raw;
    this.surface.hidden = raw;
    this.refresh();
  }

  // use lets a tool of the toolbar work on the view that is shown.
  use(tool) {
    if (tool.act) tool.act(this);
    else if (!this.isRaw) tool.run(this.editor.chain().focus(), this.editor).run();
    else tool.raw?.(this.textarea);
  }

  // refresh follows the selection: what holds there, and what can be done there.
  refresh() {
    if (!this.editor?.isInitialized || this.isGone) return;
    this.toolbar.refresh();
    for (const bar of this.around) bar.refresh();
    const { selection } = this.editor.state;
    if (selection.eq(this.selected) || this.panel.dom.contains(document.activeElement)) return;
    this.selected = selection;
    this.panel.close();
    if (selection instanceof NodeSelection && selection.node.type.name === "image" && this.editor.isFocused) this.pictures.describe(false);
  }

  // moved follows a picture that arrived and pushed the text down.
  moved() {
    for (const bar of this.around) bar.refresh();
    if (this.panel.isOpen) place(this.panel.dom, this.caret());
  }

  focus() {
    if (this.isRaw) this.textarea.focus();
    else this.editor.view.focus();
  }

  // caret returns where the caret is in the window.
  caret() {
    if (this.isRaw) {
      const { left, top } = this.textarea.getBoundingClientRect();
      return { left, bottom: top + 32 };
    }
    const { view, state } = this.editor;
    const node = state.selection instanceof NodeSelection && view.nodeDOM(state.selection.from);
    const { left, bottom } = node ? node.getBoundingClientRect() : view.coordsAtPos(state.selection.from);
    return { left, bottom };
  }

  tell(sentence) {
    this.status.textContent = sentence;
  }

  // complain says what went wrong, until it is dismissed, and offers a way to try again where there is one.
  complain(sentence, again) {
    const close = () => complaint.remove();
    const complaint = h(
      "p",
      { class: "editor-complaint", role: "alert" },
      h("span", {}, sentence),
      h("button", { type: "button", "aria-label": this.say("dismiss"), click: close }, icon(icons.close)),
    );
    if (again) complaint.lastChild.before(h("button", { type: "button", class: "editor-again", click: () => (close(), again.run()) }, again.label));
    this.status.after(complaint);
    this.added.push(complaint);
  }

  // destroy leaves the textarea as it was found.
  destroy() {
    this.isGone = true;
    this.listeners.abort();
    this.editor.destroy();
    for (const part of this.added) part.remove();
    this.textarea.hidden = false;
    this.textarea.required = this.required;
    this.element.removeAttribute("ready");
  }
}
