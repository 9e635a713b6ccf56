// <toast-region>: short messages that leave by themselves, but not while one
// reads or reaches for them.
{
  const patience = 9000;

  class ToastRegion extends HTMLElement {
    connectedCallback() {
      this.querySelectorAll(".toast").forEach((toast) => this.retire(toast));
    }

    show(text) {
      const toast = document.createElement("div");
      toast.className = "toast";
      const words = document.createElement("span");
      words.textContent = text;
      toast.append(words);
      this.append(toast);
      this.retire(toast);
    }

    retire(toast) {
      setTimeout(() => {
        if (toast.matches(":hover, :focus-within")) this.retire(toast);
        else toast.remove();
      }, patience);
    }
  }
  customElements.define("toast-region", ToastRegion);
}
