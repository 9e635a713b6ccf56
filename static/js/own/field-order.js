// <field-order> around a list with a form above it: each row is dragged by its grip to another place, by mouse, pen or finger, and
// the form is then sent with the new order. With the keyboard, and without scripts, there are buttons in the rows.
// Attributes: moved-label, a sentence in which {label} and {place} stand for what was moved and where to.
{
  class FieldOrder extends HTMLElement {
    connectedCallback() {
      this.listening = new AbortController();
      const on = (type, listener) => this.addEventListener(type, listener, { signal: this.listening.signal });
      on("pointerdown", (event) => this.take(event));
      on("pointermove", (event) => this.drag(event));
      on("pointerup", () => this.drop());
      on("pointercancel", () => this.drop());
      queueMicrotask(() => this.querySelectorAll("[data-grip]").forEach((grip) => (grip.hidden = false)));
    }

    disconnectedCallback() {
      this.listening.abort();
    }

    get rows() {
      return [...this.querySelectorAll("[data-field]")];
    }

    get order() {
      return this.rows.map((row) => row.dataset.field).join(",");
    }

    take(event) {
      const grip = event.target.closest("[data-grip]");
      if (!grip || event.button !== 0) return;
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
      this.row = grip.closest("[data-field]");
      this.before = this.order;
      this.row.classList.add("dragged");
    }

    // drag puts the row where the pointer is: before the first other row whose middle lies below it.
    drag(event) {
      if (!this.row) return;
      const others = this.rows.filter((row) => row !== this.row);
      const next = others.find((row) => {
        const box = row.getBoundingClientRect();
        return event.clientY < box.top + box.height / 2;
      });
      if (next ? this.row.nextElementSibling === next : this.row === this.rows.at(-1)) return;
      if (next) next.before(this.row);
      else others.at(-1).after(this.row);
    }

    drop() {
      if (!this.row) return;
      const row = this.row;
      this.row = null;
      row.classList.remove("dragged");
      if (this.order === this.before) return;
      const form = this.querySelector("form");
      form.elements.order.value = this.order;
      this.say(row);
      form.requestSubmit();
    }

    say(row) {
      const status = document.createElement("p");
      status.className = "visually-hidden";
      status.setAttribute("role", "status");
      this.append(status);
      const label = row.querySelector("a").textContent.trim();
      status.textContent = this.getAttribute("moved-label").replace("{label}", label).replace("{place}", this.rows.indexOf(row) + 1);
    }
  }
  customElements.define("field-order", FieldOrder);
}
