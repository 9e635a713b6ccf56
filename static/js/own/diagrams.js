// <text-diagrams> draws the diagrams of the text after it: blocks of code in the language Mermaid. What draws is large and fetched when the
// first comes near the window. It runs in a frame that can do nothing else, and its drawings are shown as pictures, in which nothing runs and
// no link leads anywhere. The source stays below, and stands alone where it cannot be drawn or there are no scripts.
{
  const most = 30; // diagrams of a text
  const longest = 20_000; // letters of one
  const patience = 15_000; // for one, the fetching of what draws it included
  const largest = { drawing: 3_000_000, side: 8_000 };

  let desk = null; // the frame, for all texts of the window
  let count = 0;

  class Desk {
    constructor(address) {
      this.waiting = new Map();
      this.frame = Object.assign(document.createElement("iframe"), { src: address, className: "diagram-desk", tabIndex: -1, ariaHidden: "true" });
      this.frame.setAttribute("sandbox", "allow-scripts");
      this.ready = new Promise((resolve) => { this.open = resolve; });
      this.hear = ({ source, data }) => {
        if (source !== this.frame.contentWindow || !data) return;
        if (data.ready) this.open();
        else this.waiting.get(data.id)?.(data);
      };
      addEventListener("message", this.hear);
      document.documentElement.append(this.frame); // not in the body, which Turbo replaces
    }

    async ask(source, dark) {
      const id = ++count;
      let timer;
      try {
        return await Promise.race([
          this.ready.then(() => new Promise((resolve) => {
            this.waiting.set(id, resolve);
            this.frame.contentWindow.postMessage({ id, source, dark }, "*"); // it has no origin that could be named
          })),
          new Promise((_, reject) => { timer = setTimeout(() => reject(new Error("")), patience); }),
        ]);
      } catch (error) {
        this.close(); // with whatever it is busy with
        throw error;
      } finally {
        clearTimeout(timer);
        this.waiting.delete(id);
      }
    }

    close() {
      removeEventListener("message", this.hear);
      this.frame.remove();
      if (desk === this) desk = null;
    }
  }

  async function draw(address, source, dark) {
    desk ??= new Desk(address);
    const drawn = await desk.ask(source, dark);
    if (typeof drawn.svg !== "string") throw new Error(String(drawn.error ?? ""));
    if (drawn.svg.length > largest.drawing) throw new Error("");
    return drawn;
  }

  const side = (length) => Math.max(1, Math.min(largest.side, Math.ceil(Number(length) || 1)));

  class TextDiagrams extends HTMLElement {
    connectedCallback() {
      const blocks = [...(this.nextElementSibling?.querySelectorAll("pre > code.language-mermaid") ?? [])].map((code) => code.parentElement);
      this.blocks = blocks.filter((block) => !block.closest(".diagram")).slice(0, most); // a page that Turbo kept has its drawings
      this.near = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && this.drawAll(), { rootMargin: "600px" });
      for (const block of this.blocks) this.near.observe(block);
    }

    disconnectedCallback() { this.near.disconnect(); }

    get words() {
      return JSON.parse(this.getAttribute(`labels-${document.documentElement.lang}`) ?? this.getAttribute("labels-en"));
    }

    async drawAll() {
      this.near.disconnect();
      for (const block of this.blocks) {
        if (!this.isConnected) return;
        const source = block.textContent;
        try {
          if (source.length > longest) throw new Error("");
          const light = await draw(this.getAttribute("frame"), source, false);
          this.show(block, [light, await draw(this.getAttribute("frame"), source, true)]);
        } catch (error) {
          this.fail(block, error.message);
        }
      }
    }

    // show puts the pictures in the place of the source, one for each theme: on paper it is the light one.
    show(block, [light, dark]) {
      const said = [light.title, light.description].filter((part) => typeof part === "string" && part).join(". ").slice(0, 1000);
      const figure = Object.assign(document.createElement("figure"), { className: "diagram" });
      for (const [drawn, theme] of [[light, "light"], [dark, "dark"]]) {
        figure.append(Object.assign(document.createElement("img"), {
          className: `diagram-${theme}`, width: side(drawn.width), height: side(drawn.height), alt: said || this.words.alt,
          src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawn.svg)}`,
        }));
      }
      const source = document.createElement("details");
      source.append(Object.assign(document.createElement("summary"), { textContent: this.words.source }));
      block.before(figure);
      source.append(block);
      figure.append(source);
    }

    fail(block, problem) {
      const note = Object.assign(document.createElement("p"), { className: "diagram-problem", textContent: this.words.failed });
      if (problem) note.append(" ", Object.assign(document.createElement("code"), { textContent: problem.slice(0, 400) }));
      const figure = Object.assign(document.createElement("div"), { className: "diagram" });
      block.before(figure);
      figure.append(note, block);
    }
  }
  customElements.get("text-diagrams") ?? customElements.define("text-diagrams", TextDiagrams);
}
