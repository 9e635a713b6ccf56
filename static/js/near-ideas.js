// <near-ideas src="/ideas/similar">: while someone writes the title of an idea, shows those that resemble it,
// here and, on a phone, as a band under the title. Those said to be different do not come back.
{
  const pause = 400; // after the last key

  class NearIdeas extends HTMLElement {
    connectedCallback() {
      this.different = new Set();
      this.field = document.getElementById("title");
      this.asked = this.field?.value.trim();
      this.field?.addEventListener("input", this);
      this.addEventListener("click", this);
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
      this.answer?.abort();
      this.field?.removeEventListener("input", this);
    }

    handleEvent(event) {
      if (event.type === "input") {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.look(), pause);
        return;
      }
      const button = event.target.closest("[data-different]");
      if (!button) return;
      const idea = button.closest(".near-idea");
      this.different.add(this.urlOf(idea));
      (idea.nextElementSibling ?? idea.previousElementSibling)?.querySelector("a, button")?.focus();
      this.hide();
    }

    async look() {
      const title = this.field.value.trim();
      if (title === this.asked) return;
      this.asked = title;
      this.answer?.abort();
      this.answer = new AbortController();
      const url = `${this.getAttribute("src")}?title=${encodeURIComponent(title)}`;
      const similar = await fetch(url, { signal: this.answer.signal, headers: { Accept: "text/html" } })
        .then((answer) => (answer.ok ? answer.text() : null))
        .catch(() => null);
      if (similar === null) return; // a help, not a need: the next key asks again
      this.innerHTML = similar;
      this.hide();
    }

    urlOf(idea) { return idea.querySelector("a").getAttribute("href"); }

    hide() {
      for (const idea of this.querySelectorAll(".near-idea")) idea.hidden = this.different.has(this.urlOf(idea));
      const section = this.querySelector("section");
      const shown = this.querySelector(".near-idea:not([hidden])");
      if (section) section.hidden = !shown;
      this.band(shown && section);
    }

    band(section) {
      const band = document.querySelector(".near-band");
      if (!band) return;
      band.hidden = !section;
      if (!section) return;
      const count = document.createElement("span");
      count.textContent = section.dataset.band;
      const compare = document.createElement("a");
      compare.className = "text-link";
      compare.href = "#near";
      compare.textContent = section.dataset.compare;
      band.replaceChildren(count, compare);
    }
  }
  customElements.define("near-ideas", NearIdeas);
}
