// <near-ideas src="/ideas/similar">: while someone writes the title of an idea or a thread, shows what resembles it, here and, on a
// phone, as a band under the title. What is said to be different does not come back. with="kind" names a field that goes along.
{
  const pause = 400; // after the last key

  class NearIdeas extends HTMLElement {
    connectedCallback() {
      this.different = new Set();
      this.field = document.getElementById("title");
      this.asked = this.query();
      this.field?.addEventListener("input", this);
      this.field?.form?.addEventListener("change", this);
      this.addEventListener("click", this);
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
      this.answer?.abort();
      this.field?.removeEventListener("input", this);
      this.field?.form?.removeEventListener("change", this);
    }

    handleEvent(event) {
      if (event.type !== "click") {
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

    // query is what the server is asked, of which a change of another field changes nothing.
    query() {
      const asked = new URLSearchParams({ title: this.field?.value.trim() ?? "" });
      const along = this.getAttribute("with");
      if (along) asked.set(along, new FormData(this.field.form).get(along) ?? "");
      return asked.toString();
    }

    async look() {
      const asked = this.query();
      if (asked === this.asked) return;
      this.asked = asked;
      this.answer?.abort();
      this.answer = new AbortController();
      const url = `${this.getAttribute("src")}?${asked}`;
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
