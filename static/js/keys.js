// Keys that work anywhere: / and ⌘K search, n writes, j and k move through
// lists, s supports, g then h, i or n goes places, ? lists them all. Whoever
// speaks to their computer can turn single keys off in that list, for this browser.
{
  const places = { h: "/", i: "/ideas", n: "/notifications" };
  let going = 0; // when g was pressed

  const off = () => localStorage.getItem("single-keys") === "off";
  const visit = (url) => (window.Turbo ? window.Turbo.visit(url) : location.assign(url));
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]:not([contenteditable=false])");

  function move(step) {
    const rows = [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility());
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.hasAttribute("data-current"));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    rows[at]?.removeAttribute("data-current");
    next.setAttribute("data-current", "");
    next.scrollIntoView({ block: "nearest" });
    next.querySelector(".row-title a, .post-facts a, a")?.focus({ preventScroll: true });
  }

  function press(key) {
    if (performance.now() - going < 1500 && places[key]) {
      going = 0;
      visit(places[key]);
      return true;
    }
    switch (key) {
      case "/": return document.querySelector("command-palette")?.open();
      case "?": return showShortcuts();
      case "g": going = performance.now(); return true;
      case "n": return follow("a.new");
      case "j": move(1); return true;
      case "k": move(-1); return true;
      case "s": return follow("[data-current] support-toggle button");
    }
    return false;
  }

  function follow(selector) {
    const target = document.querySelector(selector);
    target?.click();
    return Boolean(target);
  }

  function showShortcuts() {
    const dialog = document.getElementById("shortcuts");
    if (!dialog) return false;
    dialog.querySelector("[data-single-keys]").checked = !off();
    if (!dialog.open) dialog.showModal();
    return true;
  }

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-single-keys]")) return;
    localStorage.setItem("single-keys", event.target.checked ? "on" : "off");
  });

  document.addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k" && !event.altKey && !event.shiftKey) {
      if (event.defaultPrevented) return; // the editor has its own use for it
      if (document.querySelector("command-palette")?.open()) event.preventDefault();
      return;
    }
    if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
    if (off() || typing(event.target) || document.querySelector("dialog:modal")) return;
    if (press(event.key)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-shortcuts]")) showShortcuts();
    const search = event.target.closest("[data-palette]");
    if (search && document.querySelector("command-palette")?.open(search.value)) event.preventDefault();
  });
}
