// A small floating form beside the text: the address of a link, the description
// of a picture. It is not a <form>, since it stands inside the page's own.
import { h, place } from "./dom.js";

let count = 0;

export class Panel {
  constructor(writing) {
    this.writing = writing;
    this.dom = h("div", { class: "editor-panel", role: "dialog", hidden: true, keydown: (event) => this.key(event) });
    this.dom.addEventListener("keypress", (event) => event.key === "Enter" && event.target.tagName === "INPUT" && event.preventDefault());
    writing.element.append(this.dom);
  }

  // open asks for values. fields: [{ name, label, hint, value, type }]; apply
  // receives the values by name and returns a sentence when one will not do; done
  // follows when the author leaves the form.
  open({ label, fields, apply, remove, done, steal = true }) {
    const { say } = this.writing;
    Object.assign(this, { apply, done });
    this.inputs = fields.map((field) => ({ field, ...row(field) }));
    this.problem = h("p", { class: "editor-problem", role: "alert", hidden: true });
    this.dom.setAttribute("aria-label", label);
    this.dom.replaceChildren(
      ...this.inputs.map((input) => input.row),
      this.problem,
      h(
        "div",
        { class: "editor-actions" },
        h("button", { type: "button", class: "editor-apply", click: () => this.submit() }, say("apply")),
        remove ? h("button", { type: "button", click: () => this.close(remove.run()) }, remove.label) : "",
        h("button", { type: "button", click: () => this.close() }, say("cancel")),
      ),
    );
    this.dom.hidden = false;
    place(this.dom, this.writing.caret());
    if (steal) this.inputs[0].input.select();
  }

  get isOpen() {
    return !this.dom.hidden;
  }

  submit() {
    const problem = this.apply(Object.fromEntries(this.inputs.map(({ field, input }) => [field.name, input.value.trim()])));
    if (!problem) return this.close();
    this.problem.textContent = problem;
    this.problem.hidden = false;
    this.inputs[0].input.setAttribute("aria-invalid", "true");
    this.inputs[0].input.focus();
  }

  close() {
    if (!this.isOpen) return;
    const hadFocus = this.dom.contains(document.activeElement);
    this.dom.hidden = true;
    this.dom.replaceChildren();
    if (!hadFocus) return;
    this.done?.();
    this.writing.focus();
  }

  key(event) {
    if (event.key === "Enter" && event.target.tagName === "INPUT") this.submit();
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault(); // Enter would send the page's form
    event.stopPropagation();
  }
}

function row({ label, hint, value = "", type = "text" }) {
  const id = `editor-field-${++count}`;
  const input = h("input", {
    id,
    type: "text",
    inputmode: type === "url" && "url",
    value,
    autocomplete: "off",
    "aria-describedby": hint && `${id}-hint`,
  });
  return {
    input,
    row: h("div", { class: "editor-row" }, h("label", { for: id }, label), input, hint ? h("p", { id: `${id}-hint` }, hint) : ""),
  };
}
