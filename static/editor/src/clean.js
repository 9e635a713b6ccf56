// Pasted pages before ProseMirror reads them. The content security policy
// blocks style attributes and what runs on events even there, and reports each; so
// they are renamed while the page is still a string, and what styles say is said with
// elements. Word has names of its own that end like those of others.
import { translateForeign } from "./foreign.js";

const meanings = [
  [/(?<![-\w])font-weight:\s*(bold|[6-9]00)/i, "strong"],
  [/(?<![-\w])font-style:\s*italic/i, "em"],
  [/text-decoration[^;]*line-through/i, "s"],
];

// Blocks in a table cell, which holds one line.
const blocks = ":is(td, th) :is(p, div, ul, ol, li, h1, h2, h3, h4, h5, h6, br, pre, blockquote, table, thead, tbody, tr, td, th)";

// cleanPage returns the body of a pasted page without styles.
export function cleanPage(html) {
  const quiet = html
    .replace(/<style[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle(?=\s*=)/gi, " data-style").replace(/\son[a-z]+(?=\s*=)/gi, " data-off"));
  const { body } = new DOMParser().parseFromString(quiet, "text/html");
  translateForeign(body);
  for (const element of body.querySelectorAll("[data-style]")) translate(element, element.dataset.style);
  for (const block of [...body.querySelectorAll(blocks)].reverse()) block.replaceWith(...block.childNodes, " ");
  return body;
}

function translate(element, style) {
  element.removeAttribute("data-style");
  const align = /text-align:\s*(left|center|right)/i.exec(style);
  if (align && element.matches("td, th")) element.className = `align-${align[1].toLowerCase()}`;
  // What Google Docs puts around everything.
  if (element.matches("b, strong") && /(?<![-\w])font-weight:\s*(normal|400)/i.test(style)) return element.replaceWith(...element.childNodes);
  if (!element.matches("span, font, p, li, td, div")) return;
  for (const [pattern, tag] of meanings) {
    if (!pattern.test(style)) continue;
    const meant = document.createElement(tag);
    meant.append(...element.childNodes);
    element.append(meant);
  }
}
