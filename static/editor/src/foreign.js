// What other programs mean by the pages that they put on the clipboard, said in elements that mean it: Word's lists are paragraphs, Google's
// lists stand beside the item that they belong to, and each has boxes of its own for tasks.

const away = "script, style, title, meta, link, noscript, template, [hidden], img[src^='data:'], img[src^='file:']";
const block = "p, div, ul, ol, table, h1, h2, h3, h4, h5, h6, pre, blockquote, hr";

// translateForeign changes a page whose style attributes are called data-style.
export function translateForeign(body) {
  markTasks(body);
  for (const element of body.querySelectorAll(away)) element.remove();
  for (const element of body.querySelectorAll("o\\:p, a[href^='#'], a[href^='file:']")) element.replaceWith(...element.childNodes);
  for (const link of body.querySelectorAll("a[href^='https://www.google.com/url?']")) link.href = new URL(link.href).searchParams.get("q") ?? link.href;
  for (const title of body.querySelectorAll("p.MsoTitle")) rename(title, "h1");
  makeLists(body);
  for (const list of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) nest(list);
  dropBlanks(body);
}

// markTasks gives the boxes of tasks that are pictures, elements or signs the one form that is known here.
function markTasks(body) {
  for (const item of body.querySelectorAll("li")) {
    const box = item.querySelector(":scope > .checkbox");
    const typed = /^\s*\[([ xX])\]\s+/.exec(item.textContent);
    let checked;
    if (item.getAttribute("role") === "checkbox") checked = item.getAttribute("aria-checked") === "true";
    else if (box) checked = box.matches(".checkbox-on");
    else if (typed && cutStart(item, typed[0].length)) checked = typed[1] !== " ";
    else continue;
    box?.remove();
    const input = Object.assign(document.createElement("input"), { type: "checkbox" });
    input.toggleAttribute("checked", checked);
    item.prepend(input);
  }
}

// cutStart takes so many letters from the start of an element, if they are in one piece.
function cutStart(element, length) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let first = walker.nextNode();
  while (first && !first.data.trim()) first = walker.nextNode();
  const spaces = element.textContent.indexOf(first?.data ?? "");
  if (!first || first.data.length < length - spaces) return false;
  first.data = first.data.slice(length - spaces);
  return true;
}

// makeLists makes lists of Word's paragraphs that say in their style of which level of a list they are.
function makeLists(body) {
  let open = []; // lists in each other, with their levels
  for (const paragraph of body.querySelectorAll("p[data-style*='mso-list']")) {
    const level = Number(/mso-list:[^;]*\blevel(\d+)/i.exec(paragraph.dataset.style)?.[1]);
    if (!level) continue;
    const sign = [...paragraph.querySelectorAll("[data-style]")].find((span) => /mso-list:\s*ignore/i.test(span.dataset.style));
    const mark = sign?.textContent.trim() ?? "";
    sign?.remove();
    const kind = /^\(?[0-9a-z]{1,4}[.)]/i.test(mark) ? "ol" : "ul";
    if (paragraph.previousElementSibling !== open[0]?.list) open = [];
    while (open.length > 1 && open.at(-1).level > level) open.pop();
    if (open.length > 0 && open.at(-1).level >= level && open.at(-1).list.localName !== kind) open.pop();
    if (open.length === 0 || open.at(-1).level < level) {
      const list = document.createElement(kind);
      if (kind === "ol" && Number.parseInt(mark, 10) > 1) list.setAttribute("start", Number.parseInt(mark, 10));
      if (open.length > 0) open.at(-1).list.lastElementChild.append(list);
      else paragraph.before(list);
      open.push({ level, list });
    }
    const item = document.createElement("li");
    item.append(...paragraph.childNodes);
    open.at(-1).list.append(item);
    paragraph.remove();
  }
}

// nest puts a list that stands right in another one into the item before it.
function nest(list) {
  const before = list.previousElementSibling;
  if (before?.localName === "li") before.append(list);
  else list.replaceWith(...list.children);
}

// dropBlanks removes the paragraphs and the ends of lines that stand for the space between paragraphs.
function dropBlanks(body) {
  for (const end of body.querySelectorAll("br")) {
    const beside = [end.previousElementSibling, end.nextElementSibling].filter(Boolean);
    if (end.matches(".Apple-interchange-newline") || (beside.some((element) => element.matches(block)) && !beside.some((element) => element.matches("br, span")))) end.remove();
  }
  for (const paragraph of body.querySelectorAll("p")) {
    if (!paragraph.textContent.trim() && !paragraph.querySelector("img, input, br")) paragraph.remove();
  }
}

function rename(element, tag) {
  const renamed = document.createElement(tag);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
}
