// <tree-order> around a tree of articles with a form above it: each is dragged by its grip before, after or under another, by mouse, pen or
// finger, and the form is sent with the place. Near the edge the tree scrolls; Escape puts everything back. With the keyboard, and without
// scripts, there is the page "Move". Attributes: refused-label, what is said where an article would go under itself.
{
  const edge = 48; // pixels from the edge at which it scrolls
  const pace = 9; // pixels at a time

  class TreeOrder extends HTMLElement {
    connectedCallback() {
      this.listening = new AbortController();
      const on = (target, type, listener, capture) => target.addEventListener(type, listener, { signal: this.listening.signal, capture });
      on(this, "pointerdown", (event) => this.take(event));
      on(this, "pointermove", (event) => this.row && this.aim(event.clientY));
      on(this, "pointerup", () => this.row && this.drop());
      on(this, "pointercancel", () => this.end());
      on(this, "contextmenu", (event) => this.row && event.preventDefault()); // what a finger that stays asks for
      on(document, "keydown", (event) => {
        if (event.key !== "Escape" || !this.row) return;
        event.stopPropagation();
        this.end();
      }, true);
    }

    disconnectedCallback() {
      this.listening.abort();
      this.end();
    }

    take(event) {
      const grip = event.target.closest("[data-grip]");
      if (!grip || event.button !== 0 || this.row) return;
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
      this.row = grip.closest("li");
      this.row.classList.add("dragged");
      this.y = event.clientY;
      this.scroller = [...this.above()].find((box) => box.scrollHeight > box.clientHeight && /auto|scroll/.test(getComputedStyle(box).overflowY)) ?? document.scrollingElement;
      this.turn = requestAnimationFrame(() => this.scrollOn());
    }

    *above() {
      for (let box = this; box && box !== document.body; box = box.parentElement) yield box;
    }

    scrollOn() {
      const box = this.scroller === document.scrollingElement ? { top: 0, bottom: innerHeight } : this.scroller.getBoundingClientRect();
      const by = this.y < box.top + edge ? -pace : this.y > box.bottom - edge ? pace : 0;
      const before = this.scroller.scrollTop;
      if (by) this.scroller.scrollTop += by;
      if (this.scroller.scrollTop !== before) this.aim(this.y);
      this.turn = requestAnimationFrame(() => this.scrollOn());
    }

    // aim finds where the article would go: before, under or after the one at the height of the pointer, wherever that is beside the tree.
    aim(y) {
      this.y = y;
      this.unmark();
      const box = this.getBoundingClientRect();
      const row = document.elementsFromPoint(box.left + box.width / 2, y).find((found) => this.contains(found) && found.closest("li"))?.closest("li");
      if (!row) return;
      const link = row.querySelector(":scope > a").getBoundingClientRect();
      const share = (y - link.top) / link.height;
      const where = share < 0.3 ? "before" : share > 0.7 ? (row.querySelector(":scope > ul") ? "first" : "after") : "under";
      this.place = { row, where, refused: this.row.contains(row) };
      if (!this.place.refused) row.dataset.drop = where;
      else if (row !== this.row) row.dataset.drop = "refused";
    }

    unmark() {
      if (this.place) delete this.place.row.dataset.drop;
      this.place = null;
    }

    drop() {
      const { row, place } = this;
      this.end();
      if (!place || place.row === row) return;
      if (place.refused) {
        document.querySelector("toast-region")?.show(this.getAttribute("refused-label"));
        return;
      }
      const form = this.querySelector("form");
      const { article } = place.row.dataset;
      const beside = place.row.parentElement.closest("li")?.dataset.article ?? "0";
      const [parent, before, after] = { before: [beside, article, ""], after: [beside, "", article], first: [article, "", "0"], under: [article, "", "last"] }[place.where];
      Object.entries({ parent, before, after }).forEach(([name, value]) => (form.elements.namedItem(name).value = value));
      form.action = `/articles/${row.dataset.article}/place`;
      form.requestSubmit();
    }

    end() {
      cancelAnimationFrame(this.turn);
      this.unmark();
      this.row?.classList.remove("dragged");
      this.row = null;
    }
  }
  customElements.define("tree-order", TreeOrder);
}
