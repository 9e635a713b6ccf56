// Finds an element the way a person names it, and answers questions about it. Evaluated in the page by act.go as
// (find.js)(question, target, argument); the answer is {done, value, why}.
(question, target, argument) => {
  const squeeze = (text) => (text ?? "").replace(/\s+/g, " ").trim();
  const visible = (el) => {
    if (!el.checkVisibility({ visibilityProperty: true })) return false;
    const box = el.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
  };
  const name = (el) => {
    const by = el.getAttribute("aria-labelledby");
    if (by) return squeeze(by.split(/\s+/).map((id) => document.getElementById(id)?.textContent).join(" "));
    return squeeze(el.getAttribute("aria-label") || el.innerText || el.textContent || el.value || el.title || el.alt);
  };
  const named = (elements, wanted) =>
    elements.find((el) => visible(el) && name(el) === wanted) ||
    elements.find((el) => visible(el) && name(el).startsWith(wanted)) ||
    elements.find((el) => name(el) === wanted);
  const all = (css) => [...document.querySelectorAll(css)];

  const finders = {
    label: (wanted) => {
      const fields = all("input, select, textarea, [contenteditable=true], [role=textbox], [role=combobox], [role=switch], [role=radio], [role=checkbox]");
      const called = (el) => [...(el.labels ?? [])].map((label) => squeeze(label.innerText || label.textContent)).concat(
        el.hasAttribute("aria-label") || el.hasAttribute("aria-labelledby") ? [name(el)] : []);
      return fields.find((el) => called(el).includes(wanted)) || fields.find((el) => called(el).some((text) => text.startsWith(wanted)));
    },
    button: (wanted) => named(all("button, summary, [role=button], [role=tab], [role=menuitem], input[type=submit], input[type=button]"), wanted),
    link: (wanted) => named(all("a[href], [role=link]"), wanted),
    text: (wanted) => all("body *").reverse().find((el) => visible(el) && squeeze(el.innerText).includes(wanted)),
  };
  const find = () => {
    const cut = target.indexOf("=");
    const finder = cut > 0 && finders[target.slice(0, cut)];
    return finder ? finder(squeeze(target.slice(cut + 1))) : document.querySelector(target);
  };
  const done = (value) => ({ done: true, value });
  const not = (why) => ({ done: false, why });
  const describe = (el) => el.outerHTML.slice(0, 120);
  const words = () => squeeze(document.body?.innerText);

  // The point to click: the middle of the element, or of its label where the field itself is hidden behind it.
  const point = (el) => {
    if (el.matches(":disabled, [aria-disabled=true]")) return not("it is disabled: " + describe(el));
    const seen = visible(el) ? el : [...(el.labels ?? [])].find(visible);
    if (!seen) return not("it is not visible: " + describe(el));
    seen.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const box = [...seen.getClientRects()].find((rect) => rect.width > 0 && rect.height > 0) ?? seen.getBoundingClientRect();
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const hit = document.elementFromPoint(x, y);
    const same = hit && (seen.contains(hit) || hit.contains(seen) && hit.closest("label, a, button") === hit || hit.closest("label")?.control === el);
    if (!same) return not("it is covered by " + (hit ? describe(hit) : "nothing, being outside the window"));
    return done({ x, y });
  };

  const answers = {
    see: () => words().includes(squeeze(argument)) ? done() : not("the page says: " + words().slice(0, 2000)),
    notsee: () => document.body && !words().includes(squeeze(argument)) ? done() : not("the page says it"),
    url: () => location.href.includes(argument) ? done(location.href) : not("the address is " + location.href),
    count: () => done(document.querySelectorAll(target).length),
    gone: () => { const el = find(); return el && visible(el) ? not("it is still there: " + describe(el)) : done(); },
  };
  if (answers[question]) return answers[question]();

  const el = find();
  if (!el) return not("there is none");
  const asked = {
    wait: () => visible(el) ? done() : not("it is not visible: " + describe(el)),
    point: () => point(el),
    text: () => done(squeeze(el.innerText ?? el.textContent)),
    value: () => done(el.type === "checkbox" || el.type === "radio" ? String(el.checked) : el.value ?? el.innerText),
    attr: () => done(el.getAttribute(argument) ?? ""),
    // Everything in the field selected, so that what is inserted next replaces it.
    select: () => {
      if (el.matches(":disabled, [readonly]")) return not("it cannot be changed: " + describe(el));
      el.scrollIntoView({ block: "center", behavior: "instant" });
      el.focus();
      if (document.activeElement !== el && !el.contains(document.activeElement)) return not("it does not take the focus: " + describe(el));
      if (["date", "time", "datetime-local", "month", "week", "color", "range"].includes(el.type)) {
        el.value = argument;
        el.dispatchEvent(new Event("input", { bubbles: true }));
        el.dispatchEvent(new Event("change", { bubbles: true }));
        return done("set");
      }
      if (el.select) el.select();
      else getSelection().selectAllChildren(el);
      return done(el.value === "" ? "empty" : "selected");
    },
    choose: () => {
      const option = [...el.options].find((o) => squeeze(o.label) === squeeze(argument) || o.value === argument);
      if (!option) return not("its options are: " + [...el.options].map((o) => squeeze(o.label)).join(", "));
      el.focus();
      el.value = option.value;
      el.dispatchEvent(new Event("input", { bubbles: true }));
      el.dispatchEvent(new Event("change", { bubbles: true }));
      return done();
    },
  };
  return asked[question]();
}
