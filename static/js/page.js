// What every page does when it comes and goes.
{
  // Turbo's own progress bar needs a <style> element, which the content
  // security policy forbids; the style sheet draws one from aria-busy instead.
  if (window.Turbo) window.Turbo.config.drive.progressBarDelay = 2 ** 31 - 1;

  // A form that came back with errors starts at their summary.
  const focusErrors = () => document.querySelector("[data-focus]")?.focus();
  document.addEventListener("turbo:load", focusErrors);
  document.addEventListener("turbo:render", focusErrors);

  // The page is kept for the back button: without what floated on it.
  document.addEventListener("turbo:before-cache", () => {
    document.querySelectorAll("dialog:modal").forEach((dialog) => dialog.close());
    document.querySelectorAll("details:is(.menu, .sheet, .confirm)[open]").forEach((menu) => { menu.open = false; });
    document.querySelectorAll(".toast").forEach((toast) => toast.remove());
  });

  document.addEventListener("click", (event) => {
    const dialog = event.target.closest("dialog");
    if (dialog?.matches(":modal") && (event.target === dialog || event.target.closest("[data-close]"))) dialog.close();
  });
}
