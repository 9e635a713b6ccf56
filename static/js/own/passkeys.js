// <passkey-form>: has the device make or use a passkey before its form is sent, which then brings the answer along.
{
  const steps = {
    add: (options) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
    enter: (options) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
  };

  class PasskeyForm extends HTMLElement {
    connectedCallback() {
      this.form = this.querySelector("form");
      this.answer = this.form.elements.credential;
      this.answer.value = ""; // of a page that comes back from the history
      this.form.addEventListener("submit", (event) => {
        if (this.answer.value) return;
        event.preventDefault();
        if (!this.busy) this.ask();
      });
    }

    async ask() {
      this.busy = true;
      this.show("");
      try {
        if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return this.show("unsupported");
        const asked = await fetch(this.dataset.challenge, { method: "POST" }).catch(() => null);
        if (!asked?.ok) return this.show("offline");
        const { publicKey } = await asked.json();
        const credential = await steps[this.dataset.kind](publicKey);
        this.answer.value = JSON.stringify(credential.toJSON());
        this.form.requestSubmit();
      } catch (error) {
        this.show(error.name === "InvalidStateError" ? "known" : error.name === "NotSupportedError" ? "unsupported" : "cancelled");
      } finally {
        this.busy = false;
      }
    }

    show(problem) {
      for (const line of this.querySelectorAll("[data-problem]")) line.hidden = line.dataset.problem !== problem;
    }
  }
  customElements.define("passkey-form", PasskeyForm);
}
