// <live-room room="idea:7" at="…">: brings the conversation of the page up to date
// when something is said in its room, shows who else has it open, and tells them
// when one writes. The page is asked for anew, as whoever reads it may see it; what
// one is reading stays where it is, and what one is writing as it is.
{
  const gap = 1000; // between two refreshes
  const told = 2000; // between two words that one writes
  const calm = 30; // readers who may all ask at once

  const posts = () => [...document.querySelectorAll("#conversation article.post[id]")];
  const inWindow = (box) => box.bottom > 90 && box.top < innerHeight;
  const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const asked = { headers: { Accept: "text/html", "Ruche-Live": "1" } };

  // What a refresh leaves as it is: what somebody writes in or has opened, and what says who is here.
  const begun = (keeper) => keeper.dataset.answer || [...keeper.querySelectorAll("textarea")].some((field) => field.value.trim()) || keeper.contains(document.activeElement);
  function leave(event) {
    const { currentElement: part, newElement } = event.detail;
    const form = part.localName === "draft-keeper" && (newElement || begun(part));
    const holds = !newElement && [...part.querySelectorAll("draft-keeper")].some(begun);
    if (form || holds || part.matches("details[open], dialog[open], support-toggle[busy], reaction-bar[busy], [data-here], [data-writes]")) event.preventDefault();
  }

  // keep changes the page without moving what is being read or written.
  function keep(change) {
    const root = document.documentElement;
    const active = document.activeElement?.closest("#conversation form, #conversation .post-main");
    const seen = [active, ...posts().map((post) => post.querySelector(".post-main") ?? post)];
    const mark = seen.find((part) => part && inWindow(part.getBoundingClientRect()));
    const top = mark?.getBoundingClientRect().top;
    root.style.overflowAnchor = "none"; // else both would move it
    document.addEventListener("turbo:before-morph-element", leave);
    try {
      change();
    } finally {
      document.removeEventListener("turbo:before-morph-element", leave);
    }
    if (mark?.isConnected) scrollBy({ top: mark.getBoundingClientRect().top - top, behavior: "instant" });
    requestAnimationFrame(() => root.style.removeProperty("overflow-anchor"));
  }

  class LiveRoom extends HTMLElement {
    connectedCallback() {
      this.gone = new AbortController();
      const on = (target, type, listener) => target.addEventListener(type, listener, { signal: this.gone.signal });
      on(document, "live", (event) => this.hear(event));
      on(document, "input", (event) => this.typed(event));
      on(document, "turbo:submit-start", () => { this.sending = true; });
      on(document, "turbo:submit-end", (event) => {
        if (event.detail.success) return; // its page is on the way
        this.sending = false;
        this.resume();
      });
      on(document, "turbo:load", () => this.settle());
      on(this, "click", (event) => this.click(event.target.closest("button")));
      this.watch = new IntersectionObserver((entries) => this.saw(entries));
      this.settle();
    }

    disconnectedCallback() {
      this.gone.abort();
      this.watch.disconnect();
      clearTimeout(this.saying);
      clearTimeout(this.seeing);
    }

    // settle takes the page as it came: nothing on it is new to whoever turned to it.
    settle() {
      this.sending = false;
      this.known = new Set(posts().map((post) => post.id));
      this.marked = new Set();
      this.unseen = new Set();
      this.unsaid = 0;
      this.toldOf = 0;
      this.count();
      if (!this.asking) this.ask();
      this.resume();
    }

    // resume asks for what was heard of while something was sent, unless the page shows it already.
    resume() {
      if (Number(this.heard ?? 0) > Number(this.getAttribute("at"))) this.bring();
    }

    hear({ detail: topic, id }) {
      const room = this.getAttribute("room");
      if (topic === `here:${room}`) this.ask();
      if (topic !== room && topic !== "*") return;
      this.heard = id;
      this.bring();
      if (topic === "*") this.ask();
    }

    // bring asks for the page until nothing has happened meanwhile.
    async bring() {
      this.again = true;
      if (this.bringing) return;
      this.bringing = true;
      while (this.again && this.isConnected && !this.sending) {
        const wait = (this.asked ?? -gap) + gap - performance.now() + Math.random() * this.crowd;
        if (wait > 0) await new Promise((done) => { setTimeout(done, wait); });
        this.again = false;
        this.asked = performance.now();
        await this.refresh(this.heard);
      }
      this.bringing = false;
    }

    async refresh(heard) {
      const answer = await fetch(location.href, asked).catch(() => null);
      if (!answer || answer.status >= 500) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const room = page.querySelector("live-room");
      if (!this.isConnected || this.sending) return; // another page is on its way
      if (room?.getAttribute("room") !== this.getAttribute("room")) {
        this.querySelector("[data-anew]").hidden = false; // it is not what it was, or no longer to be read
        return;
      }
      keep(() => {
        for (const part of document.querySelectorAll("#conversation, [data-live][id]")) {
          const other = page.getElementById(part.id);
          if (other) window.Turbo.morphElements(part, other);
        }
        this.mark();
      });
      if (heard) this.setAttribute("at", heard);
    }

    // mark tells apart what came since one turned to the page.
    mark() {
      for (const post of posts()) {
        if (!this.known.has(post.id)) {
          this.known.add(post.id);
          this.marked.add(post.id);
          this.unseen.add(post.id);
          this.unsaid += 1;
        }
        if (this.marked.has(post.id)) this.label(post.querySelector(".post-head"));
        if (this.unseen.has(post.id)) this.watch.observe(post.querySelector(".post-main") ?? post);
      }
      this.count();
      clearTimeout(this.saying);
      if (this.unsaid) this.saying = setTimeout(() => this.say(), gap);
    }

    label(head) {
      if (!head || head.querySelector("[data-new]")) return;
      const label = document.createElement("span");
      label.className = "pill green";
      label.dataset.new = "";
      label.textContent = this.dataset.new;
      head.append(label);
    }

    saw(entries) {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        this.unseen.delete(entry.target.closest("article").id);
        this.watch.unobserve(entry.target);
      }
      this.count();
      clearTimeout(this.seeing);
      if (this.marked.size && !this.unseen.size) this.seeing = setTimeout(() => this.tell(), gap + Math.random() * this.crowd);
    }

    // tell says that what came has been in the window, so that it counts as read, and its notices with it.
    async tell() {
      if (document.visibilityState !== "visible" || this.marked.size === this.toldOf) return;
      const told = this.marked.size;
      const answer = await fetch(location.href, { headers: { Accept: "text/html", "Ruche-Live": "seen" } }).catch(() => null);
      if (!answer?.ok || !this.isConnected) return;
      this.toldOf = told;
      document.dispatchEvent(new CustomEvent("live", { detail: "notifications" }));
    }

    words(n) {
      return n === 1 ? this.dataset.one : this.dataset.other.replace("{n}", n);
    }

    count() {
      const button = this.querySelector("[data-show]");
      for (const id of this.unseen) if (!document.getElementById(id)) this.unseen.delete(id);
      button.hidden = !this.unseen.size;
      if (this.unseen.size) button.textContent = this.words(this.unseen.size);
    }

    say() {
      this.querySelector("[data-said]").textContent = this.words(this.unsaid);
      this.unsaid = 0;
    }

    click(button) {
      if (button?.hasAttribute("data-anew")) window.Turbo.visit(location.href, { action: "replace" });
      if (!button?.hasAttribute("data-show")) return;
      const post = posts().find(({ id }) => this.unseen.has(id));
      if (!post) return;
      post.scrollIntoView({ block: "center", behavior: still() ? "instant" : "smooth" });
      post.tabIndex = -1;
      post.focus({ preventScroll: true });
    }

    // ask asks who is here and who is writing.
    async ask() {
      this.askAgain = true;
      if (this.asking) return;
      this.asking = true;
      while (this.askAgain && this.isConnected) {
        this.askAgain = false;
        const answer = await fetch(`/live/here?${new URLSearchParams({ room: this.getAttribute("room") })}`, asked).catch(() => null);
        if (answer?.ok && !answer.redirected) this.place(new DOMParser().parseFromString(await answer.text(), "text/html"));
        await new Promise((done) => { setTimeout(done, 250 + Math.random() * this.crowd); });
      }
      this.asking = false;
    }

    place(answer) {
      for (const [to, from] of [["[data-here]", ".here"], ["[data-writes]", ".writes"]]) {
        const part = answer.querySelector(from);
        document.querySelector(to)?.replaceChildren(...(part ? [document.importNode(part, true)] : []));
      }
      this.readers = Number(answer.querySelector(".here")?.dataset.count ?? 0);
    }

    // crowd is over how long readers spread what they ask at the same news.
    get crowd() {
      return Math.max(0, (this.readers ?? 0) - calm) * 2;
    }

    typed({ target }) {
      if (!this.hasAttribute("writes") || !target.closest("#conversation form, form[data-tells]") || performance.now() - (this.wrote ?? -told) < told) return;
      this.wrote = performance.now();
      fetch("/live/typing", { method: "POST", body: new URLSearchParams({ room: this.getAttribute("room") }) }).catch(() => {});
    }
  }
  customElements.define("live-room", LiveRoom);
}
