// Pasted pages before ProseMirror reads them. The content security policy
// blocks style attributes even there, and reports each; so they are renamed
// while the page is still a string, and what they say is said with elements.

const meanings = [
  [/font-weight:\s*(bold|[6-9]00)/i, "strong"],
  [/font-style:\s*italic/i, "em"],
  [/text-decoration[^;]*line-through/i, "s"],
];

// Blocks in a table cell, which holds one line.
const blocks = ":is(td, th) :is(p, div, ul, ol, li, h1, h2, h3, h4, h5, h6, br, pre, blockquote, table, thead, tbody, tr, td, th)";

// cleanPage returns the body of a pasted page without styles.
export function cleanPage(html) {
  const quiet = html
    .replace(/<style[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle(?=\s*=)/gi, " data-style"));
  const { body } = new DOMParser().parseFromString(quiet, "text/html");
  for (const element of body.querySelectorAll("[data-style]")) translate(element, element.dataset.style);
  for (const block of [...body.querySelectorAll(blocks)].reverse()) block.replaceWith(...block.childNodes, " ");
  return body;
}

function translate(element, style) {
  element.removeAttribute("data-style");
  const align = /text-align:\s*(left|center|right)/i.exec(style);
  if (align && element.matches("td, th")) element.className = `align-${align[1].toLowerCase()}`;
  // What Google Docs puts around everything.
  if (element.matches("b, strong") && /font-weight:\s*(normal|400)/i.test(style)) return element.replaceWith(...element.childNodes);
  if (!element.matches("span, font, p, li, td, div")) return;
  for (const [pattern, tag] of meanings) {
    if (!pattern.test(style)) continue;
    const meant = document.createElement(tag);
    meant.append(...element.childNodes);
    element.append(meant);
  }
}
