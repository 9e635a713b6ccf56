// Marked terms of the glossary: <a class="term" data-term="12"> shows <div id="term-12" popover> beside itself when it is pointed at, has the
// focus or is touched. It stays while the pointer is on either, goes with Escape, and without scripts the term leads to its page.
{
  const late = 220; // before it shows and before it goes, so that the pointer may cross to it

  let shown = null; // the term whose note is open
  let timer;

  const termOf = (target) => (target instanceof Element ? target.closest("a.term[data-term]") : null);
  const noteOf = (term) => document.getElementById(`term-${term.dataset.term}`);
  const inNote = (target) => target instanceof Element && Boolean(target.closest(".term-note"));

  function show(term) {
    clearTimeout(timer);
    if (term === shown) return;
    hide();
    const note = noteOf(term);
    if (!note?.showPopover || !term.isConnected) return;
    note.showPopover();
    const word = term.getClientRects()[0] ?? term.getBoundingClientRect();
    const box = note.getBoundingClientRect();
    const under = word.bottom + box.height + 12 < innerHeight || word.top < box.height + 12;
    const left = Math.max(8, Math.min(word.left, document.documentElement.clientWidth - box.width - 8));
    note.style.left = `${left + scrollX}px`;
    note.style.top = `${(under ? word.bottom + 6 : word.top - box.height - 6) + scrollY}px`;
    shown = term;
  }

  function hide() {
    clearTimeout(timer);
    const note = shown && noteOf(shown);
    if (note?.matches(":popover-open")) note.hidePopover();
    shown = null;
  }

  const later = (what) => {
    clearTimeout(timer);
    timer = setTimeout(what, late);
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const term = termOf(event.target);
    if (term) later(() => show(term));
    else if (shown && inNote(event.target)) clearTimeout(timer);
    else if (shown && document.activeElement !== shown) later(hide);
    else if (!shown) clearTimeout(timer);
  });
  document.addEventListener("focusin", (event) => {
    const term = termOf(event.target);
    if (term?.matches(":focus-visible")) show(term);
    else if (shown && !inNote(event.target)) hide();
  });
  document.addEventListener("focusout", (event) => {
    if (shown && event.target === shown && !inNote(event.relatedTarget)) later(hide);
  });
  document.addEventListener(
    "click",
    (event) => {
      const term = termOf(event.target);
      if (term && event.pointerType === "touch" && term !== shown) {
        event.preventDefault(); // the first touch shows, the second leads there
        event.stopPropagation();
        show(term);
      } else if (shown && !term && !inNote(event.target)) hide();
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown) return;
    hide();
    event.stopPropagation();
  }, true);
  document.addEventListener("turbo:before-cache", hide);
}
