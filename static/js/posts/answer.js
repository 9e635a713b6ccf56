// "Reply" under a message opens the form right there. Without scripts, and with a modifier key, it is a page.
{
  const open = (link) => {
    const pattern = document.getElementById("answer-form");
    const post = link.closest(".post");
    if (!pattern || !post) return false;
    const id = link.dataset.reply;
    const there = document.querySelector(`draft-keeper[data-answer="${id}"]`);
    if (!there) {
      document.querySelectorAll("draft-keeper[data-answer]").forEach(close);
      post.querySelector(":scope > .post-main").append(form(pattern, id));
    }
    document.querySelector("draft-keeper[data-answer] textarea").focus();
    return true;
  };

  function form(pattern, id) {
    const keeper = pattern.content.cloneNode(true).querySelector("draft-keeper");
    const name = keeper.getAttribute("name").replace(/(comment|post)$/, `reply/${id}`);
    keeper.setAttribute("name", name);
    keeper.setAttribute("url", `/drafts/${name}`);
    keeper.dataset.answer = id;
    keeper.querySelector("[name=parent]").value = id;
    keeper.querySelector("[name=once]").value = crypto.getRandomValues(new Uint32Array(4)).join("-");
    return keeper;
  }

  function close(keeper) {
    const link = document.querySelector(`[data-reply="${keeper.dataset.answer}"]`);
    keeper.remove();
    link?.focus();
  }

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    const link = event.target.closest("a[data-reply]");
    if (link && open(link)) event.preventDefault();
    const cancel = event.target.closest("draft-keeper[data-answer] [data-cancel]");
    if (!cancel) return;
    event.preventDefault();
    close(cancel.closest("draft-keeper"));
  });
  // The page that is kept for the back button has no open answers.
  document.addEventListener("turbo:before-cache", () => document.querySelectorAll("draft-keeper[data-answer]").forEach((keeper) => keeper.remove()));
}
