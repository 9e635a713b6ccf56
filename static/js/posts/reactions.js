// <reaction-bar id="reactions-7">: gives a post a sign, or takes it back, without
// leaving the page. The server answers with the bar as it then is; one click is
// on its way at a time.
{
  class ReactionBar extends HTMLElement {
    connectedCallback() {
      this.addEventListener("submit", this);
      this.addEventListener("click", this);
    }

    handleEvent(event) {
      if (event.type === "click") {
        if (event.target.closest("summary")) this.fill();
        return;
      }
      event.preventDefault();
      if (!this.hasAttribute("busy")) this.send(event.target.getAttribute("action"), event.submitter);
    }

    // fill offers the signs of the page, of which those are left out that one has given.
    fill() {
      const signs = document.getElementById("reaction-signs")?.children ?? [];
      const left = [...signs].filter(({ value }) => !this.querySelector(`.chip[aria-pressed=true][value="${value}"]`));
      if (left.length) this.querySelector(".menu-list").replaceChildren(...left.map((sign) => sign.cloneNode(true)));
    }

    async send(url, button) {
      this.toggleAttribute("busy", true);
      button.setAttribute("aria-busy", "true");
      const answer = await fetch(url, {
        method: "POST",
        body: new URLSearchParams({ [button.name]: button.value }),
        headers: { "Ruche-In-Place": "1" },
        redirect: "manual",
        keepalive: true, // who goes on at once has reacted all the same
      }).catch(() => null);
      const html = answer?.ok ? await answer.text() : "";
      this.removeAttribute("busy");
      button.removeAttribute("aria-busy");
      if (html) this.show(html, button.value);
      else if (answer?.type === "opaqueredirect") window.Turbo.visit(location.href, { action: "replace" });
      else {
        const toasts = document.querySelector("toast-region");
        toasts?.show(toasts.dataset.failed);
      }
    }

    // show takes the bar as it came, and leaves the keyboard where it was.
    show(html, sign) {
      const within = this.contains(document.activeElement);
      const bar = new DOMParser().parseFromString(html, "text/html").querySelector("reaction-bar");
      this.replaceChildren(...(bar ? document.importNode(bar, true).childNodes : []));
      if (within) (this.querySelector(`.chip[value="${sign}"]`) ?? this.querySelector("summary, a"))?.focus();
    }
  }
  customElements.define("reaction-bar", ReactionBar);
}
