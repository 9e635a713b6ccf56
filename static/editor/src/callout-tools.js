// What kind of remark a callout is: a small bar under the one that the caret is in.
import { h, place } from "./dom.js";
import { calloutAt, kinds } from "./schema/quotes.js";

export class CalloutTools {
  constructor(writing) {
    this.writing = writing;
    const { say } = writing;
    this.buttons = kinds.map((kind) => h("button", { type: "button", "aria-pressed": "false", click: () => this.change(kind) }, say(`callout_${kind}`)));
    const end = h("button", { type: "button", click: () => this.end() }, say("callout_end"));
    this.dom = h("div", { class: "editor-tables", role: "group", "aria-label": say("callout"), hidden: true }, ...this.buttons, end);
    this.dom.addEventListener("mousedown", (event) => event.preventDefault());
    writing.element.append(this.dom);
  }

  change(callout) {
    this.writing.editor.chain().focus().updateAttributes("blockquote", { callout }).run();
  }

  end() {
    this.writing.editor.chain().focus().lift("blockquote").run();
  }

  refresh() {
    const { editor, isRaw, element } = this.writing;
    const at = isRaw ? null : calloutAt(editor.state.selection);
    this.dom.hidden = at === null || editor.isActive("table") || !element.contains(document.activeElement);
    if (this.dom.hidden) return;
    const { callout } = editor.state.doc.nodeAt(at).attrs;
    kinds.forEach((kind, i) => this.buttons[i].setAttribute("aria-pressed", String(kind === callout)));
    place(this.dom, editor.view.nodeDOM(at).getBoundingClientRect());
  }
}
