// <score-card> around an evaluator's form: digits score the criterion in which the focus is and go on to the next, N says that
// it does not apply, arrows go from criterion to criterion, Ctrl or ⌘ with Enter hands in. Without it the form is the same.
{
  class ScoreCard extends HTMLElement {
    connectedCallback() {
      this.form = this.querySelector("form");
      this.criteria = [...this.querySelectorAll("[data-criterion]")];
      this.previousElementSibling?.removeAttribute("hidden");
      this.addEventListener("keydown", (event) => this.press(event));
      const first = this.criteria.find((criterion) => !criterion.querySelector(":checked")) ?? this.criteria[0];
      if (document.activeElement === document.body) this.enter(first);
    }

    press(event) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.form.requestSubmit(this.form.querySelector("button[value=submit]"));
        return;
      }
      const criterion = event.target.closest("[data-criterion]");
      if (!criterion || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        this.step(criterion, event.key === "ArrowDown" ? 1 : -1);
      } else if (!this.score(criterion, event.key.toLowerCase() === "n" ? "na" : event.key)) {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    }

    // A scale that goes to ten takes 1 and then 0.
    score(criterion, value) {
      const named = (value) => [...criterion.querySelectorAll("input")].find((input) => input.value === value);
      const ten = value === "0" && this.scored === criterion && named("1")?.checked ? named("10") : null;
      const input = ten ?? (/^(\d|na)$/.test(value) ? named(value) : null);
      if (!input) return false;
      input.checked = true;
      input.focus();
      input.dispatchEvent(new Event("change", { bubbles: true }));
      const wait = value === "1" && named("10");
      this.scored = wait ? criterion : null;
      if (!wait) this.step(criterion, 1);
      return true;
    }

    step(criterion, by) {
      this.scored = null;
      const next = this.criteria[this.criteria.indexOf(criterion) + by];
      if (next) this.enter(next);
      else if (by > 0) this.form.querySelector("button[value=submit]").focus();
    }

    enter(criterion) {
      (criterion?.querySelector(":checked") ?? criterion?.querySelector("input"))?.focus();
    }
  }
  customElements.define("score-card", ScoreCard);
}
