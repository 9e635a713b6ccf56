// Live updates: one event stream per visible tab, whose messages only name what
// changed. <live-counter> asks again for the number of unread notifications;
// <live-refresh topic="…"> offers to show what is new.
{
  let stream = null;
  let lost = false;

  const announce = (topic) => document.dispatchEvent(new CustomEvent("live", { detail: topic }));

  function connect() {
    const wanted = document.visibilityState === "visible" && document.querySelector("live-counter");
    if (!wanted) {
      stream?.close();
      stream = null;
      lost = true; // something may change while nobody listens
      return;
    }
    if (stream && stream.readyState !== EventSource.CLOSED) return;
    stream = new EventSource("/live");
    stream.onopen = () => {
      if (lost) announce("notifications");
      lost = false;
    };
    stream.onmessage = (event) => announce(event.data.trim());
    stream.onerror = () => { lost = true; };
  }

  document.addEventListener("visibilitychange", connect);
  document.addEventListener("turbo:load", connect);
  addEventListener("pagehide", () => { stream?.close(); stream = null; });

  class LiveCounter extends HTMLElement {
    connectedCallback() { document.addEventListener("live", this); }
    disconnectedCallback() { document.removeEventListener("live", this); clearTimeout(this.timer); }

    handleEvent(event) {
      if (event.detail !== "notifications") return;
      clearTimeout(this.timer); // several notices often come together
      this.timer = setTimeout(() => this.count(), 250);
    }

    async count() {
      const answer = await fetch(this.dataset.url, { headers: { Accept: "application/json" } }).catch(() => null);
      if (!answer?.ok) return;
      const { unread } = await answer.json();
      this.querySelector("[data-count]").textContent = unread;
      this.querySelector(".badge").hidden = unread === "0";
    }
  }
  customElements.define("live-counter", LiveCounter);

  class LiveRefresh extends HTMLElement {
    connectedCallback() {
      this.since = performance.now();
      document.addEventListener("live", this);
      this.addEventListener("click", this);
    }
    disconnectedCallback() { document.removeEventListener("live", this); }

    handleEvent(event) {
      if (event.type === "click") {
        window.Turbo.visit(location.href, { action: "replace" });
      } else if (event.detail === this.getAttribute("topic") && performance.now() - this.since > 1500) {
        this.hidden = false; // within 1.5 s it is the echo of what brought us here
      }
    }
  }
  customElements.define("live-refresh", LiveRefresh);
}
