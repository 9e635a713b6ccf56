// <markdown-editor> around a textarea: fetches the editor and its look where one writes and
// not before. Without it, or until it has come, the textarea is the editor.
// Attributes: see editor/README.md.
customElements.define(
  "markdown-editor",
  class extends HTMLElement {
    connectedCallback() {
      const load = () => this.load();
      if (this.hasAttribute("compact")) {
        // One of many fields on a page to read: most readers never write in it.
        for (const type of ["focusin", "pointerdown", "dragenter"]) this.addEventListener(type, load);
      } else if (globalThis.requestIdleCallback) {
        requestIdleCallback(load, { timeout: 500 });
      } else {
        setTimeout(load, 50);
      }
    }

    disconnectedCallback() {
      this.takeDown();
    }

    async load() {
      if (this.writing || this.loading) return;
      this.loading = true;
      try {
        const [editor] = await Promise.all([import(this.getAttribute("src")), this.dress()]);
        if (this.isConnected) this.writing = editor.mount(this);
      } finally {
        this.loading = false;
      }
    }

    // dress resolves when the page has the sheets of the editor.
    dress() {
      return Promise.all(this.getAttribute("look").split(" ").map((href) => this.wear(href)));
    }

    wear(href) {
      const there = document.head.querySelector(`link[href="${href}"]`);
      if (there?.sheet) return;
      const link = there ?? Object.assign(document.createElement("link"), { rel: "stylesheet", href });
      return new Promise((resolve, reject) => {
        link.addEventListener("load", resolve);
        link.addEventListener("error", () => (link.remove(), reject(new Error(`no ${href}`))));
        if (!there) document.head.append(link);
      });
    }

    takeDown() {
      this.writing?.destroy();
      this.writing = null;
    }
  },
);

// Turbo keeps a copy of the page it leaves: of the textarea, not of the editor.
document.addEventListener("turbo:before-cache", () => {
  for (const element of document.querySelectorAll("markdown-editor")) element.takeDown();
});

// A page that refreshes itself must not touch what somebody is writing; what was sent gives way.
document.addEventListener("turbo:before-morph-element", (event) => {
  if (!event.target.writing) return;
  if (event.target.closest("draft-keeper")?.sent) event.target.takeDown();
  else event.preventDefault();
});
