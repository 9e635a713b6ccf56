// "Quote" under a message puts its words, or those that are marked in it, into the form of the page, with who said them. How a quote is
// written the page knows that the link leads to, which is the way without scripts and with a modifier key.
{
  const most = 1500; // the server keeps no more
  let marked = ""; // a press on the link unmarks what was marked

  const wordsIn = (post) => {
    const selection = getSelection();
    const text = post?.querySelector(":scope > .post-main > .prose");
    return text?.contains(selection.anchorNode) && text.contains(selection.focusNode) ? selection.toString().trim().slice(0, most) : "";
  };

  const form = () => document.querySelector("draft-keeper[data-answer] form") ?? [...document.querySelectorAll("form.compose")].at(-1);

  async function quote(link, words) {
    const address = new URL(link.href);
    if (words) address.searchParams.set("words", words);
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const { quoted } = page.querySelector("form[data-quoted]").dataset;
      const field = form().querySelector("textarea[name=body]");
      const host = field.closest("markdown-editor");
      await host.load().catch(() => {}); // without it the field is the editor
      field.value = `${field.value.trimEnd()}\n\n${quoted}`.trimStart();
      field.dispatchEvent(new Event("change", { bubbles: true }));
      goOn(field, host.writing);
      field.form.scrollIntoView({ block: "nearest" });
    } catch {
      location.assign(address);
    }
  }

  // goOn puts the caret under the quote, where one goes on writing.
  function goOn(field, writing) {
    if (writing && !writing.isRaw) {
      const { editor } = writing;
      editor.chain().insertContentAt(editor.state.doc.content.size, { type: "paragraph" }).focus("end").run();
    } else {
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
    }
  }

  document.addEventListener("pointerdown", (event) => {
    const link = event.target.closest?.("a[data-quote]");
    marked = link ? wordsIn(link.closest(".post")) : "";
  });

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    const link = event.target.closest("a[data-quote]");
    if (!link || !form()) return;
    event.preventDefault();
    quote(link, marked || wordsIn(link.closest(".post")));
    marked = "";
  });
}
