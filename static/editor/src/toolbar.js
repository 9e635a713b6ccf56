// The row of buttons: one stop for Tab, arrows inside (WAI-ARIA toolbar).
import { h, icon } from "./dom.js";
import { icons } from "./icons.js";
import { groups, isOn } from "./tools.js";

const mac = /Mac|iP(hone|ad)/.test(navigator.platform);

export class Toolbar {
  buttons = new Map(); // tool → button

  constructor(writing) {
    this.writing = writing;
    const { say, element } = writing;
    const rows = groups.map((tools) =>
      tools.filter((tool) => !tool.needs || element.hasAttribute(tool.needs)).map((tool) => this.button(tool)),
    );
    this.source = h(
      "button",
      { type: "button", class: "tool-mode", "aria-pressed": "false", click: () => writing.toggle() },
      say("markdown"),
    );
    this.dom = h(
      "div",
      { class: "editor-toolbar", role: "toolbar", "aria-label": say("toolbar"), keydown: (event) => this.move(event) },
      ...rows.filter((row) => row.length).flatMap((row, i) => (i ? [h("span", { class: "tool-separator" }), ...row] : row)),
      this.source,
    );
    // A press must not take the caret out of the text.
    this.dom.addEventListener("mousedown", (event) => event.preventDefault());
    this.stops = [...this.buttons.values(), this.source];
    this.stopAt(this.stops[0]);
  }

  button(tool) {
    const { say } = this.writing;
    const button = h(
      "button",
      {
        type: "button",
        class: "tool",
        title: say(tool.name) + (tool.key ? ` (${shown(tool.key)})` : ""),
        "aria-label": say(tool.name),
        "aria-keyshortcuts": tool.key && `${mac ? "Meta" : "Control"}+${tool.key}`,
        "aria-pressed": tool.mark && tool.name !== "table" && "false",
        click: () => this.writing.use(tool),
      },
      icon(icons[tool.icon ?? tool.name]),
    );
    this.buttons.set(tool, button);
    return button;
  }

  // refresh shows what holds at the caret, or in Markdown what can be used there.
  refresh() {
    const { editor, isRaw } = this.writing;
    for (const [tool, button] of this.buttons) {
      button.toggleAttribute("aria-disabled", false);
      if (isRaw && !tool.raw && !tool.act) button.setAttribute("aria-disabled", "true");
      if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(!isRaw && isOn(tool, editor)));
    }
    this.source.setAttribute("aria-pressed", String(isRaw));
  }

  focus() {
    this.stops.find((stop) => stop.tabIndex === 0).focus();
  }

  stopAt(stop) {
    for (const other of this.stops) other.tabIndex = other === stop ? 0 : -1;
  }

  move(event) {
    const at = this.stops.indexOf(event.target);
    const last = this.stops.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (event.key === "Escape") this.writing.focus();
    else if (to === undefined) return;
    else {
      this.stopAt(this.stops[to]);
      this.stops[to].focus();
    }
    event.preventDefault();
  }
}

function shown(key) {
  const signs = { Shift: "⇧", Alt: mac ? "⌥" : "Alt+" };
  return (
    (mac ? "⌘" : "Ctrl+") +
    key
      .split("+")
      .map((part) => signs[part] ?? part)
      .join("")
  );
}
