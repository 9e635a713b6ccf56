// <support-toggle>: supports an idea, or takes it back, without leaving the page.
// The answer is shown at once, everywhere the idea is shown, and undone if the
// server refuses.
{
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const plural = new Intl.PluralRules(document.documentElement.lang);

  function show(url, supported) {
    const words = document.querySelector("toast-region").dataset;
    for (const toggle of document.querySelectorAll("support-toggle")) {
      if (toggle.url !== url) continue;
      const button = toggle.button;
      button.value = supported ? "0" : "1";
      button.setAttribute("aria-pressed", String(supported));
      count(button, supported, words);
    }
    for (const line of document.querySelectorAll(".support-count")) {
      if (line.dataset.support === url) count(line, supported, words);
    }
  }

  function count(place, supported, words) {
    const figure = place.querySelector("[data-count]");
    if (!figure) return;
    const n = Number(figure.dataset.count) + (supported ? 1 : -1);
    figure.dataset.count = n;
    figure.textContent = number.format(n);
    const word = place.querySelector("[data-word]");
    if (word) word.textContent = plural.select(n) === "one" ? words.one : words.other;
  }

  class SupportToggle extends HTMLElement {
    get form() { return this.querySelector("form"); }
    get button() { return this.querySelector("button"); }
    get url() { return this.form.getAttribute("action"); }
    get busy() { return this.hasAttribute("busy"); }
    set busy(sending) { this.toggleAttribute("busy", sending); }

    connectedCallback() {
      this.addEventListener("submit", (event) => {
        event.preventDefault();
        if (!this.busy) this.send(this.button.value === "1");
      });
    }

    async send(supported) {
      this.busy = true;
      show(this.url, supported);
      const answer = await fetch(this.url, {
        method: "POST",
        body: new URLSearchParams({ supported: supported ? "1" : "0" }),
        headers: { "Ruche-In-Place": "1" },
        redirect: "manual",
        keepalive: true, // who goes on at once has supported all the same
      }).catch(() => null);
      this.busy = false;
      if (answer?.ok) return;
      if (answer?.type === "opaqueredirect") {
        window.Turbo.visit(location.href, { action: "replace" }); // let the server show how things stand
        return;
      }
      show(this.url, !supported);
      const toasts = document.querySelector("toast-region");
      toasts?.show(toasts.dataset.failed);
    }
  }
  customElements.define("support-toggle", SupportToggle);
}
