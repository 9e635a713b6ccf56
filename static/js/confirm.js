// <confirm-dialog>: turns the question that opens in place into a modal dialog.
{
  class ConfirmDialog extends HTMLElement {
    connectedCallback() {
      this.details = this.querySelector("details");
      this.dialog = this.querySelector("dialog");
      this.dialog.open = false;
      this.details.addEventListener("toggle", () => this.details.open && this.ask());
      this.dialog.addEventListener("close", () => this.rest());
    }

    ask() {
      if (!this.dialog.open) this.dialog.showModal();
      this.dialog.querySelector("[data-close]").focus();
    }

    rest() {
      this.details.open = false;
      this.querySelector("summary").focus();
    }
  }
  customElements.define("confirm-dialog", ConfirmDialog);
}
