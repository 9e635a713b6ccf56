// Things that stand in a line of text: links, pictures, mentions, line breaks.
import { Mark, Node } from "@tiptap/core";

// phrasing is what a heading and a table cell hold: everything but line breaks.
export const phrasing = "(text | image | mention)*";

// mentionURL is where the name of a person or of a group leads.
export const mentionURL = /^\/(?:people|groups)\/[1-9]\d{0,17}$/;

const ownPicture = /^\/files\/[1-9]\d*(\?w=\d+)?$/;

function parse(address) {
  try {
    return new URL(address, document.baseURI);
  } catch {
    return null;
  }
}

// local makes an address of this site, as it is found in pasted pages, the path
// that is written in a text.
export function local(address) {
  const url = parse(address);
  return url?.origin === location.origin ? url.pathname + url.search + url.hash : address;
}

// isSafe reports whether the server would keep a link to this address.
export function isSafe(address) {
  return ["http:", "https:", "mailto:", "tel:"].includes(parse(address)?.protocol);
}

export const Link = Mark.create({
  name: "link",
  priority: 1000, // the outermost mark, as in [**bold**](/link)
  inclusive: false,
  addAttributes: () => ({ href: { default: "" }, title: { default: null } }),
  parseHTML: () => [
    {
      tag: "a[href]",
      getAttrs: (a) => isSafe(a.getAttribute("href")) && { href: local(a.getAttribute("href")), title: a.getAttribute("title") },
    },
  ],
  renderHTML: ({ HTMLAttributes }) => ["a", HTMLAttributes, 0],
});

// A picture from elsewhere is a link on the page, so that its owner does not
// learn who reads what; here it shows as its description.
export const Image = Node.create({
  name: "image",
  group: "inline",
  inline: true,
  draggable: true,
  addAttributes: () => ({
    src: { default: "" },
    alt: { default: "" },
    title: { default: null },
    width: { default: null },
    height: { default: null },
  }),
  parseHTML: () => [
    {
      tag: "img[src]",
      getAttrs: (img) =>
        ownPicture.test(local(img.getAttribute("src"))) && {
          src: local(img.getAttribute("src")).replace(/\?.*/, ""),
          alt: img.getAttribute("alt") ?? "",
          title: img.getAttribute("title"),
        },
    },
  ],
  renderHTML: ({ node, HTMLAttributes }) =>
    ownPicture.test(node.attrs.src)
      ? ["img", HTMLAttributes]
      : ["span", { class: "editor-elsewhere", title: node.attrs.src }, node.attrs.alt || node.attrs.src],
});

export const Mention = Node.create({
  name: "mention",
  group: "inline",
  inline: true,
  addAttributes: () => ({ href: { parseHTML: (a) => local(a.getAttribute("href")) }, name: {} }),
  parseHTML: () => [
    {
      tag: "a[href]",
      priority: 60, // before the link it also is
      getAttrs(a) {
        const named = mentionURL.test(local(a.getAttribute("href"))) && a.textContent.startsWith("@");
        return named && { name: a.textContent.slice(1) };
      },
    },
  ],
  renderHTML: ({ node }) => ["a", { class: "mention", href: node.attrs.href }, `@${node.attrs.name}`],
  renderText: ({ node }) => `@${node.attrs.name}`,
});

// Control Enter is left to the form.
export const HardBreak = Node.create({
  name: "hardBreak",
  group: "inline",
  inline: true,
  selectable: false,
  linebreakReplacement: true,
  parseHTML: () => [{ tag: "br" }],
  renderHTML: () => ["br"],
  renderText: () => "\n",
  addKeyboardShortcuts() {
    return {
      "Shift-Enter": () =>
        this.editor.commands.first(({ commands }) => [() => commands.exitCode(), () => commands.insertContent({ type: this.name })]),
    };
  },
});
