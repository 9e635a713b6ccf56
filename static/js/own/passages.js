// <passage-marks> shows in the text beside it which words something is said about, and brings the words that the reader marks to its form.
// Spaces do not count: how a page breaks a text says nothing of it.
{
  const most = 1000; // characters that can be marked
  const around = 64;

  class PassageMarks extends HTMLElement {
    connectedCallback() {
      this.text = document.querySelector(".article-body");
      if (!this.text) return;
      this.changed = () => this.take();
      document.addEventListener("selectionchange", this.changed);
      this.mark();
    }

    disconnectedCallback() {
      document.removeEventListener("selectionchange", this.changed);
      if (window.CSS?.highlights) CSS.highlights.delete("passages");
    }

    // take puts what is marked in the text into the form. What was marked stays when the focus goes to the button.
    take() {
      const form = this.querySelector("form");
      const selection = document.getSelection();
      if (!form || !selection.rangeCount || selection.isCollapsed) return;
      const range = selection.getRangeAt(0);
      const quote = selection.toString().trim();
      const inside = this.text.contains(range.startContainer) && this.text.contains(range.endContainer);
      if (!inside || !quote || quote.length > most) return;
      const before = range.cloneRange();
      before.selectNodeContents(this.text);
      before.setEnd(range.startContainer, range.startOffset);
      const after = range.cloneRange();
      after.selectNodeContents(this.text);
      after.setStart(range.endContainer, range.endOffset);
      const values = { quote, prefix: before.toString().slice(-around), suffix: after.toString().slice(0, around) };
      for (const [name, value] of Object.entries(values)) {
        const field = form.elements.namedItem(name);
        field.disabled = false;
        field.value = value;
      }
      this.toggleAttribute("data-marked", true);
    }

    mark() {
      if (!window.CSS?.highlights) return;
      const letters = this.letters();
      const ranges = [];
      for (const item of this.querySelectorAll("[data-words]")) {
        const words = [...item.dataset.words.replace(/\s+/gu, "")].join("");
        const length = [...words].length;
        const begins = Number(item.dataset.begins);
        if (!length || letters.slice(begins, begins + length).map((at) => at.letter).join("") !== words) continue;
        const range = document.createRange();
        const last = letters[begins + length - 1];
        range.setStart(letters[begins].node, letters[begins].offset);
        range.setEnd(last.node, last.offset + last.letter.length);
        ranges.push(range);
      }
      CSS.highlights.set("passages", new Highlight(...ranges));
    }

    letters() {
      const found = [];
      const walker = document.createTreeWalker(this.text, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        let offset = 0;
        for (const letter of walker.currentNode.data) {
          if (!/\s/u.test(letter)) found.push({ node: walker.currentNode, offset, letter });
          offset += letter.length;
        }
      }
      return found;
    }
  }

  if (!customElements.get("passage-marks")) customElements.define("passage-marks", PassageMarks);
}
