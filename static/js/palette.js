// <command-palette>: suggestions from the search and a few actions, by keyboard.
{
  class CommandPalette extends HTMLElement {
    connectedCallback() {
      this.dialog = this.querySelector("dialog");
      this.input = this.querySelector("input");
      this.results = this.querySelector("palette-results");
      this.fresh = this.querySelector("[data-do=new] span")?.textContent;
      this.input.addEventListener("input", () => this.changed());
      this.addEventListener("keydown", (event) => this.key(event));
      this.addEventListener("click", (event) => this.clicked(event));
      this.addEventListener("submit", (event) => {
        if (this.selected) event.preventDefault();
        this.selected?.click();
      });
    }

    open(text = "") {
      if (this.dialog.open) return true;
      this.input.value = text;
      this.dialog.showModal();
      this.input.select();
      this.changed();
      return true;
    }

    get items() { return [...this.querySelectorAll(".palette-item")]; }
    get selected() { return this.querySelector("[aria-selected=true]"); }

    changed() {
      const query = this.input.value.trim();
      this.offerNew(query);
      clearTimeout(this.timer);
      this.request?.abort();
      if (query === "") return this.show([]);
      this.timer = setTimeout(() => this.suggest(query), 90);
    }

    offerNew(query) {
      const item = this.querySelector("[data-do=new]");
      if (!item) return;
      item.querySelector("span").textContent = query ? this.dataset.named.replace("{q}", query) : this.fresh;
      item.href = query ? "/ideas/new?title=" + encodeURIComponent(query) : "/ideas/new";
    }

    async suggest(query) {
      this.request = new AbortController();
      try {
        const answer = await fetch(this.dataset.url + "?q=" + encodeURIComponent(query),
          { signal: this.request.signal, headers: { Accept: "application/json" } });
        if (answer.ok) this.show((await answer.json()).groups ?? [], query);
      } catch (error) {
        if (error.name !== "AbortError") this.show([], query);
      }
    }

    show(groups, query) {
      this.results.show(groups, query);
      this.select(this.items[0]);
    }

    select(item) {
      this.selected?.setAttribute("aria-selected", "false");
      item?.setAttribute("aria-selected", "true");
      item?.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", item?.id ?? "");
    }

    key(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const items = this.items;
      this.select(items[(items.indexOf(this.selected) + step + items.length) % items.length]);
    }

    clicked(event) {
      const item = event.target.closest(".palette-item");
      if (!item) return;
      this.dialog.close();
      if (item.dataset.do === "theme") this.theme();
      if (item.dataset.do === "sign-out") document.querySelector('form[action="/sign-out"] button').click();
    }

    theme() {
      const dark = getComputedStyle(document.documentElement).colorScheme === "dark" ||
        (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
      document.querySelector(`.preference [value="${dark ? "light" : "dark"}"]`)?.click();
    }
  }
  customElements.define("command-palette", CommandPalette);
}
