// What follows "@" or "#" in the text looks for people, groups and ideas; what follows "/" at the start of a paragraph, for a block to begin.
// The list is a listbox that the text field controls; the focus stays in the text.
import { Plugin } from "@tiptap/pm/state";
import { h, place } from "./dom.js";
import { beginnings } from "./tools.js";

// kinds: what each sign looks for, and what choosing writes.
const kinds = {
  "@": {
    attribute: "mentions",
    least: 0,
    none: "no_person",
    items: (answer) => answer.items,
    text: (person) => person.name,
    nodes: (schema, named) => [schema.nodes.mention.create({ href: `/${named.group ? "groups" : "people"}/${named.id}`, name: named.name })],
  },
  "#": {
    attribute: "ideas",
    least: 2,
    none: "no_idea",
    items: (answer) => answer.groups.flatMap((group) => group.items).filter((item) => /^\/ideas\/[1-9]\d*/.test(item.url)),
    text: (idea) => idea.title,
    nodes: (schema, idea) => [schema.text(idea.title, [schema.marks.link.create({ href: idea.url })])],
  },
  "/": { offers: beginnings, text: (tool) => tool.label },
};

// suggestions is the plugin that watches what is being typed.
export function suggestions(writing) {
  const list = new Suggestions(writing);
  return new Plugin({
    view: () => ({
      update: (view, before) => list.follow(view, !before.doc.eq(view.state.doc)),
      destroy: () => list.dom.remove(),
    }),
    props: {
      handleKeyDown: (_, event) => list.key(event),
      handleDOMEvents: { blur: () => list.close() },
    },
  });
}

// found returns the sign and the words between it and the caret.
function found(state) {
  const { $from, empty } = state.selection;
  if (!empty || !$from.parent.isTextblock || $from.parent.type.spec.code) return null;
  if ($from.marks().some((mark) => mark.type.name === "code" || mark.type.name === "link")) return null;
  const before = $from.parent.textBetween(0, $from.parentOffset, null, "\ufffc");
  const match = /(?:^|[\s(«\ufffc])([@#])((?![\s#])[^@\ufffc]{0,40})?$/u.exec(before);
  const begun = $from.parent.type.name === "paragraph" && /^\/([\p{L}\p{M}’' -]{0,20})$/u.exec(before);
  if (begun) return { sign: "/", query: begun[1].trim(), from: $from.start(), to: $from.pos };
  return match && { sign: match[1], query: match[2] ?? "", from: $from.pos - (match[2] ?? "").length - 1, to: $from.pos };
}

let count = 0;

class Suggestions {
  match = null; // the sign and words that are being looked for
  dismissed = null; // where Escape was pressed
  items = [];
  active = 0;

  constructor(writing) {
    this.writing = writing;
    this.id = `editor-suggestions-${++count}`;
    this.list = h("ul", { id: this.id, role: "listbox", "aria-label": writing.say("suggestions") });
    this.message = h("p", { role: "status" });
    this.dom = h("div", { class: "editor-suggestions", hidden: true, mousedown: (event) => this.press(event) }, this.list, this.message);
    writing.element.append(this.dom);
  }

  // follow opens the list when a sign is typed, and keeps it while words follow.
  follow(view, typed) {
    const match = found(view.state);
    const kind = kinds[match?.sign];
    if (match?.from !== this.dismissed) this.dismissed = null;
    const known = kind && (kind.offers || this.writing.element.hasAttribute(kind.attribute));
    if (!known || match.from === this.dismissed || (!typed && !this.match)) this.close();
    else if (match.from !== this.match?.from || match.query !== this.match.query) this.open(view, match, kind);
  }

  open(view, match, kind) {
    const goesOn = match.from === this.match?.from;
    Object.assign(this, { view, match, kind });
    clearTimeout(this.timer);
    this.request?.abort();
    if (kind.offers) return this.offer();
    if (match.query.length < kind.least) return this.show([], "type_more");
    if (!goesOn || this.items.length === 0) this.show([], ""); // what was found stays until more is known
    this.timer = setTimeout(() => this.look(), 120);
  }

  // offer shows what the page itself knows. Words that it does not are a sentence that begins with the sign.
  offer() {
    const items = this.kind.offers(this.writing.say, this.match.query);
    if (items.length) this.show(items, "");
    else this.dismiss();
  }

  async look() {
    const { match, kind, writing } = this;
    this.request = new AbortController();
    const address = new URL(writing.element.getAttribute(kind.attribute), document.baseURI);
    address.searchParams.set("q", match.query);
    try {
      const answer = await fetch(address, { signal: this.request.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const items = kind.items(await answer.json()).slice(0, 8);
      // Words that lead nowhere are a sentence, not a search.
      if (items.length === 0 && /\s/.test(match.query)) this.dismiss();
      else this.show(items, items.length ? "" : kind.none);
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show(items, message) {
    this.items = items;
    this.active = 0;
    this.list.replaceChildren(
      ...items.map((item, i) =>
        h(
          "li",
          { id: `${this.id}-${i}`, role: "option", "data-index": i },
          h("span", {}, this.kind.text(item)),
          item.hint ? h("small", {}, item.hint) : "",
        ),
      ),
    );
    this.list.hidden = items.length === 0;
    this.message.textContent = message && this.writing.say(message);
    this.dom.hidden = items.length === 0 && !message;
    if (this.dom.hidden) return;
    const { left, bottom } = this.view.coordsAtPos(this.match.from);
    place(this.dom, { left, bottom });
    this.view.dom.setAttribute("aria-controls", this.id);
    this.mark();
  }

  mark() {
    for (const [i, option] of [...this.list.children].entries()) option.setAttribute("aria-selected", String(i === this.active));
    const option = this.list.children[this.active];
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.view.dom.setAttribute("aria-activedescendant", option.id);
    else this.view.dom.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (this.dom.hidden) return false;
    if (event.key === "Escape") return this.dismiss();
    const { length } = this.items;
    if (length === 0) return false;
    if (event.key === "ArrowDown") this.active = (this.active + 1) % length;
    else if (event.key === "ArrowUp") this.active = (this.active + length - 1) % length;
    else if (event.key === "Enter" || event.key === "Tab") return this.choose(this.items[this.active]);
    else return false;
    this.mark();
    return true;
  }

  press(event) {
    event.preventDefault(); // the focus stays in the text
    const option = event.target.closest("[role=option]");
    if (option) this.choose(this.items[option.dataset.index]);
  }

  choose(item) {
    const { view, kind, match } = this;
    const { schema, tr } = view.state;
    if (kind.offers) {
      view.dispatch(tr.delete(match.from, match.to));
      this.close();
      this.writing.use(item);
      return true;
    }
    const next = view.state.doc.textBetween(match.to, Math.min(match.to + 1, view.state.doc.resolve(match.to).end()));
    const nodes = kind.nodes(schema, item);
    if (!/^[\s,.;:!?)»]/.test(next)) nodes.push(schema.text(" "));
    view.dispatch(tr.replaceWith(match.from, match.to, nodes).setStoredMarks([]).scrollIntoView());
    this.close();
    return true;
  }

  dismiss() {
    this.dismissed = this.match.from;
    this.close();
    return true;
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.match = null;
    if (this.dom.hidden) return;
    this.dom.hidden = true;
    this.view.dom.removeAttribute("aria-activedescendant");
    this.view.dom.removeAttribute("aria-controls");
  }
}
