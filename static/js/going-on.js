// <going-on> stands for work that goes on elsewhere: the page asks again every two seconds while it is there,
// and what has changed is morphed into place.
{
  const pace = 2000;

  class GoingOn extends HTMLElement {
    connectedCallback() { this.timer = setInterval(() => this.ask(), pace); }
    disconnectedCallback() { clearInterval(this.timer); }
    ask() {
      if (document.visibilityState === "visible") window.Turbo.visit(location.href, { action: "replace" });
    }
  }
  customElements.define("going-on", GoingOn);
}
