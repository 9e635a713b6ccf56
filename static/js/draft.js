// <draft-keeper> around a form: keeps what is written until it is sent, at once
// in this browser and soon after on the server, and brings it back. Attributes:
// name, url, person, saved-at (when the server's copy in the fields was saved),
// returned (the fields hold what was sent and not taken),
// and the sentences saved-label, local-label, lost-label, restored-label,
// discard-label, discarded-label, undo-label; {time} stands for a time.
{
  const pause = 2000; // after the last key, before the server is told
  const again = 15000; // after the server could not be told

  // What was sent, until the next page says that it arrived.
  const sending = "ruche:draft-sending";

  const read = (store, key) => {
    try {
      return JSON.parse(store.getItem(key));
    } catch {
      return null;
    }
  };
  const write = (store, key, value) => {
    try {
      store.setItem(key, JSON.stringify(value));
    } catch {
      // A full or forbidden store: the server still has the draft.
    }
  };

  const kept = (field) => field.name && !/^(hidden|file|password|submit|button|image|reset)$/.test(field.type);
  const ticked = (field) => field.type === "checkbox" || field.type === "radio";

  // What the fields hold: one string a name, several values on several lines.
  function valuesOf(form) {
    const values = {};
    for (const field of [...form.elements].filter(kept)) {
      const chosen =
        field.type === "select-multiple"
          ? [...field.selectedOptions].map((option) => option.value)
          : ticked(field)
            ? field.checked
              ? [field.value]
              : []
            : [field.value];
      values[field.name] = [values[field.name], ...chosen].filter((value) => value !== undefined && value !== "").join("\n");
    }
    return values;
  }

  function fill(form, values) {
    for (const field of [...form.elements].filter(kept)) {
      if (!(field.name in values)) continue;
      const lines = values[field.name].split("\n");
      if (field.type === "select-multiple") for (const option of field.options) option.selected = lines.includes(option.value);
      else if (ticked(field)) field.checked = lines.includes(field.value);
      else field.value = values[field.name];
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  const same = (a, b) => Object.keys({ ...a, ...b }).every((name) => (a[name] ?? "") === (b[name] ?? ""));

  class DraftKeeper extends HTMLElement {
    connectedCallback() {
      // A morph puts the element in place before what is in it.
      if (this.querySelector("form")) this.start();
      else queueMicrotask(() => this.isConnected && this.start());
    }

    start() {
      this.form = this.querySelector("form");
      this.key = `ruche:draft:${this.getAttribute("person")}:${this.getAttribute("name")}`;
      this.base = this.getAttribute("saved-at") || "";
      this.served = valuesOf(this.form);
      this.last = this.served;
      this.listening = new AbortController();
      const on = (target, type, listener) => target.addEventListener(type, listener, { signal: this.listening.signal });
      on(this.form, "input", () => this.changed());
      on(this.form, "change", () => this.changed());
      on(this.form, "submit", (event) => this.leave(event));
      on(this.form, "turbo:submit-end", (event) => {
        // With an answer another page is on its way; without one, what is written is still only here.
        if (!event.detail.success && !event.detail.fetchResponse) this.sent = false;
      });
      on(window, "pagehide", () => this.hurry());
      on(window, "online", () => this.save());
      on(document, "visibilitychange", () => {
        if (document.visibilityState === "hidden") this.hurry();
      });
      if (this.base) this.say("saved-label", this.base);
      this.restore();
    }

    disconnectedCallback() {
      if (!this.listening) return;
      this.hurry();
      this.listening.abort();
      clearTimeout(this.timer);
    }

    // restore brings back what this browser holds, where it is newer than what
    // the server sent: it was based on it, or saved after it.
    restore() {
      forget(); // what the page says has arrived is not to be brought back
      if (this.hasAttribute("returned")) {
        // The fields hold what was just sent, as the server gave it back: nothing here is newer.
        this.unsaved = true;
        write(localStorage, this.key, { fields: this.served, at: new Date().toISOString(), base: this.base, synced: false });
        this.timer = setTimeout(() => this.save(), pause);
        return;
      }
      const local = read(localStorage, this.key);
      if (!local || same({ ...this.served, ...local.fields }, this.served)) return;
      const newer = (!local.synced && local.base === this.base) || Date.parse(local.at) > (Date.parse(this.base) || 0);
      if (!newer) return;
      this.apply(local.fields);
      this.notice("restored-label", local.at, "discard-label", () => this.discard(local.fields));
      this.timer = setTimeout(() => this.save(), pause);
    }

    // discard goes back to what the server sent, and offers to undo that.
    discard(fields) {
      clearTimeout(this.timer);
      this.saving?.abort();
      this.unsaved = false;
      this.apply(this.served);
      localStorage.removeItem(this.key);
      if (this.getAttribute("saved-at")) this.save(true);
      else this.request("DELETE").catch(() => {});
      this.notice("discarded-label", null, "undo-label", () => {
        this.apply(fields);
        this.changed();
        this.querySelector(".draft-note").remove();
      });
    }

    apply(values) {
      this.filling = true;
      fill(this.form, values);
      this.filling = false;
      this.last = valuesOf(this.form);
    }

    changed() {
      if (this.filling) return;
      const fields = valuesOf(this.form);
      if (same(fields, this.last)) return;
      this.last = fields;
      this.sent = false;
      this.unsaved = true;
      write(localStorage, this.key, { fields, at: new Date().toISOString(), base: this.base, synced: false });
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), pause);
    }

    // save tells the server, one request at a time.
    async save(always) {
      clearTimeout(this.timer);
      if (this.sent || (!always && !this.unsaved && same(this.last, this.served))) return;
      if (this.saving) {
        this.timer = setTimeout(() => this.save(always), pause);
        return;
      }
      const fields = this.last;
      this.saving = new AbortController();
      try {
        const answer = await this.request("PUT", { fields }, { signal: this.saving.signal });
        await this.saved(fields, answer);
      } catch (problem) {
        if (problem.name !== "AbortError") this.failed(problem);
      } finally {
        this.saving = null;
      }
    }

    // request throws when the server did not take it; lost says that the session ended.
    async request(method, body, options) {
      const answer = await fetch(this.getAttribute("url"), {
        method,
        headers: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }) },
        body: body && JSON.stringify(body),
        ...options,
      });
      if (answer.ok && !answer.redirected) return answer;
      throw Object.assign(new Error(`draft: ${answer.status}`), { lost: answer.status === 401 || answer.redirected });
    }

    async saved(fields, answer) {
      const said = answer.status === 200 ? await answer.json() : {};
      this.base = said.saved_at || answer.headers.get("Date") || new Date().toISOString();
      this.unsaved = !same(fields, this.last);
      write(localStorage, this.key, {
        fields: this.last,
        at: this.unsaved ? new Date().toISOString() : this.base,
        base: this.base,
        synced: !this.unsaved,
      });
      this.say("saved-label", this.base);
    }

    failed(problem) {
      this.say(problem.lost ? "lost-label" : "local-label", new Date().toISOString());
      this.timer = setTimeout(() => this.save(true), again);
    }

    // hurry tells the server before the page goes away. What it cannot take any
    // more, this browser still holds.
    hurry() {
      if (!this.unsaved || this.sent) return;
      this.saving?.abort();
      this.request("PUT", { fields: this.last }, { keepalive: true }).catch(() => {});
    }

    // leave stops saving, so that no draft comes back after what was sent.
    leave(event) {
      if (event.defaultPrevented) return;
      clearTimeout(this.timer);
      this.saving?.abort();
      this.sent = true;
      write(sessionStorage, sending, { ...read(sessionStorage, sending), [this.getAttribute("name")]: this.key });
    }

    say(label, at) {
      let line = this.form.querySelector("[data-draft-state]");
      if (!line) {
        line = document.createElement("p");
        line.setAttribute("data-draft-state", "");
        this.form.append(line);
      }
      line.setAttribute("role", "status");
      line.textContent = this.words(label, at);
    }

    // notice says at the top of the form what happened to the text, and offers the way back.
    notice(label, at, action, act) {
      this.querySelector(".draft-note")?.remove();
      const note = document.createElement("div");
      note.className = "draft-note";
      note.setAttribute("role", "status");
      const words = document.createElement("span");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "text-link";
      button.textContent = this.words(action);
      button.addEventListener("click", act);
      note.append(words, button);
      this.form.prepend(note);
      words.textContent = this.words(label, at, true); // after it is there, so that it is announced
    }

    words(label, at, dated) {
      const sentence = this.getAttribute(label) ?? "";
      if (!at) return sentence;
      const date = new Date(at);
      const today = !dated && date.toDateString() === new Date().toDateString();
      const lang = this.closest("[lang]")?.lang;
      const time = new Intl.DateTimeFormat(lang, today ? { timeStyle: "short" } : { dateStyle: "long", timeStyle: "short" });
      return sentence.replace("{time}", time.format(date));
    }
  }
  customElements.define("draft-keeper", DraftKeeper);

  // The page after a form says which drafts are done with.
  function forget() {
    const done = document.querySelector('meta[name="draft-sent"]')?.content.split(" ") ?? [];
    const keys = read(sessionStorage, sending) ?? {};
    for (const name of done) {
      if (keys[name]) localStorage.removeItem(keys[name]);
      delete keys[name];
    }
    if (done.length) write(sessionStorage, sending, keys);
  }
  forget();
  document.addEventListener("turbo:load", forget);

  // A page that refreshes itself must not touch a form that somebody fills in. One that was sent gives way whole: the
  // form that comes back stands on another version, and holds what is to be kept from now on.
  document.addEventListener("turbo:before-morph-element", (event) => {
    const { currentElement: keeper, newElement } = event.detail;
    if (keeper.localName !== "draft-keeper") return;
    if (keeper.sent && newElement) {
      event.preventDefault();
      const answer = document.importNode(newElement, true);
      queueMicrotask(() => keeper.replaceWith(answer));
    } else if (!keeper.sent && (keeper.unsaved || keeper.contains(document.activeElement))) {
      event.preventDefault();
    }
  });
}
