// Live updates: one event stream per visible tab, whose messages only name what
// changed, and which is opened with the rooms of the page. <live-counter> asks
// again for the number of unread notifications; <live-refresh topic="…"> offers
// to show what is new; <live-room> is in a script of its own.
{
  let stream = null;
  let rooms = "";
  let lost = false;

  const announce = (topic, id) => document.dispatchEvent(Object.assign(new CustomEvent("live", { detail: topic }), { id }));

  function end() {
    stream?.close();
    stream = null;
  }

  function connect() {
    if (document.visibilityState !== "visible" || !document.querySelector("live-counter")) {
      end();
      lost = true; // something may change while nobody listens
      return;
    }
    const open = [...document.querySelectorAll("live-room")];
    const query = new URLSearchParams(open.map((room) => ["room", room.getAttribute("room")]));
    if (query.toString() !== rooms) end();
    if (stream && stream.readyState !== EventSource.CLOSED) return;
    rooms = query.toString();
    if (open.length) query.set("at", open[0].getAttribute("at"));
    stream = new EventSource(`/live?${query}`);
    stream.onopen = () => {
      if (lost) announce("notifications");
      lost = false;
    };
    stream.onmessage = (event) => {
      announce(event.data, event.lastEventId);
      if (event.data === "*") announce("notifications");
    };
    stream.onerror = () => { lost = true; };
  }

  document.addEventListener("visibilitychange", connect);
  document.addEventListener("turbo:load", connect);
  addEventListener("pagehide", end);

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
