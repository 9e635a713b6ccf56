// <ballot-sum>: says what is left to give away while one chooses. The server says so too, once the ballot is sent.
{
  class BallotSum extends HTMLElement {
    connectedCallback() {
      this.output = this.querySelector("[data-left]");
      if (!this.output) return;
      this.addEventListener("input", () => this.count());
      this.count();
    }

    count() {
      let left = Number(this.dataset.most);
      for (const field of this.querySelectorAll("[data-weight]")) {
        const times = field.type === "checkbox" ? Number(field.checked) : Math.max(0, Number(field.value) || 0);
        left -= times * Number(field.dataset.weight);
      }
      this.output.textContent = this.words(left);
      this.classList.toggle("over", left < 0);
    }

    words(left) {
      const language = document.documentElement.lang;
      if (this.dataset.method !== "budget") return new Intl.NumberFormat(language).format(left);
      const cents = left % 100 === 0 ? 0 : 2;
      return new Intl.NumberFormat(language, { style: "currency", currency: "EUR", minimumFractionDigits: cents, maximumFractionDigits: cents }).format(left / 100);
    }
  }
  customElements.define("ballot-sum", BallotSum);
}
