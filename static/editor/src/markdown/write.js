// ProseMirror nodes → Markdown. Each function writes one kind of node so that
// reading it back gives the same node.
import { State } from "./state.js";

const nodes = {
  paragraph(state, node) {
    state.renderInline(node);
    state.out = state.out.replace(/(?<=\S) +$/, "");
    state.closeBlock(node);
  },
  heading(state, node) {
    state.write("#".repeat(node.attrs.level) + " ");
    state.renderInline(node, false);
    state.out = state.out.replace(/(\s)(#+)$/, "$1\\$2"); // "# C #" would lose its last sign
    state.closeBlock(node);
  },
  blockquote(state, node) {
    state.wrapBlock("> ", null, node, () => {
      if (node.attrs.callout) callout(state, node);
      blocks(state, node);
    });
  },
  codeBlock(state, node) {
    const longest = Math.max(2, ...[...node.textContent.matchAll(/`+/g)].map((run) => run[0].length));
    const language = node.attrs.language ?? "";
    const fence = (language.includes("`") ? "~" : "`").repeat(longest + 1);
    state.write(fence + language + "\n");
    if (node.textContent) {
      state.text(node.textContent, false);
      state.out += "\n";
    }
    state.write(fence);
    state.closeBlock(node);
  },
  horizontalRule(state, node, parent) {
    state.write(parent.type.name === "doc" ? "---" : "___"); // "- ---" is a rule, not an item with a rule
    state.closeBlock(node);
  },
  bulletList(state, node) {
    const marker = markerOf(state, node, "-", "*");
    list(state, node, marker, () => marker + " ");
  },
  orderedList(state, node) {
    const marker = markerOf(state, node, ".", ")");
    list(state, node, marker, (i) => node.attrs.start + i + marker + " ");
  },
  listItem(state, node) {
    if (node.attrs.task) state.write(node.attrs.checked ? "[x] " : "[ ] ");
    blocks(state, node);
  },
  table(state, node) {
    const columns = node.firstChild.children.map((cell) => dashes[cell.attrs.align] ?? "---");
    node.forEach((row, _, i) => {
      state.write(`| ${row.children.map(cellText).join(" | ")} |`);
      state.ensureNewLine();
      if (i === 0) state.write(`| ${columns.join(" | ")} |\n`);
    });
    state.out = state.out.replace(/\n$/, "");
    state.closeBlock(node);
  },
  hardBreak(state, node, parent, index) {
    if (parent.children.slice(index + 1).every((next) => next.type === node.type)) return; // nothing to part
    state.run = null;
    const lineIsEmpty = state.atBlank() || state.atBlockStart;
    if (!lineIsEmpty) state.out = state.out.replace(/ +$/, "");
    state.write(lineIsEmpty ? "\\\n" : "\n"); // an empty line would end the paragraph
  },
  image(state, node) {
    state.text(`![${escapeBrackets(node.attrs.alt ?? "")}](${destination(node.attrs.src ?? "", node.attrs.title)})`, false);
  },
  mention(state, node) {
    state.text(`[@${escapeBrackets(node.attrs.name)}](${node.attrs.href})`, false);
  },
  text(state, node) {
    state.text(node.text, !state.inAutolink);
  },
};

const marks = {
  bold: { open: "**", close: "**", mixable: true, expelEnclosingWhitespace: true },
  italic: { open: "*", close: "*", mixable: true, expelEnclosingWhitespace: true },
  strike: { open: "~~", close: "~~", mixable: true, expelEnclosingWhitespace: true },
  link: {
    open(state, mark, parent, index) {
      state.inLink = true;
      state.inAutolink = isAutolink(mark, parent, index);
      return state.inAutolink ? "<" : "[";
    },
    close(state, mark) {
      const { inAutolink } = state;
      state.inLink = state.inAutolink = false;
      return inAutolink ? ">" : `](${destination(mark.attrs.href, mark.attrs.title)})`;
    },
    mixable: true,
  },
  code: {
    open: (_state, _mark, parent, index) => ticks(parent.child(index).text).open,
    close: (_state, _mark, parent, index) => ticks(parent.child(index - 1).text).close,
    escape: false,
  },
};

const dashes = { left: ":--", center: ":-:", right: "--:" };

// writeBlock returns the Markdown of one top-level block. listBefore is the
// marker of the list that stands right before it, if any.
export function writeBlock(doc, index, listBefore) {
  const state = new State(nodes, marks, { hardBreakNodeName: "hardBreak" });
  state.list = listBefore;
  state.render(doc.child(index), doc, index);
  return state.out;
}

// listMarker is what writeBlock needs to know of a list that was not written anew.
export function listMarker(node) {
  return node.type.name.endsWith("List") ? { type: node.type, marker: node.attrs.marker } : null;
}

export function isEmptyParagraph(node) {
  return node.type.name === "paragraph" && node.content.size === 0;
}

// blocks writes the children of a node. Empty paragraphs are a place to write
// in, not content.
function blocks(state, node) {
  state.list = null;
  let before = null;
  node.forEach((child, _, i) => {
    if (isEmptyParagraph(child) && node.childCount > 1 && !(node.attrs.task && i === 0)) return;
    if (before && state.inTightList && node.type.name === "listItem" && canTouch(before, child)) state.flushClose(1);
    state.render(child, node, i);
    if (!listMarker(child)) state.list = null;
    before = child;
  });
}

// callout writes the line that says what kind of remark follows. Only plain words may stand right below it: a rule or dashes would make a
// heading or a table of it.
function callout(state, node) {
  state.write(`[!${node.attrs.callout.toUpperCase()}]`);
  const first = node.firstChild;
  if (first.type.name === "paragraph" && first.content.size > 0 && !/^\s*[=|:-]/.test(first.textContent)) state.ensureNewLine();
  else state.closeBlock(node);
}

// canTouch reports whether a block may follow another without a blank line.
function canTouch(before, after) {
  switch (after.type.name) {
    case "paragraph":
    case "table":
      return ["heading", "codeBlock", "horizontalRule"].includes(before.type.name);
    case "blockquote":
      return before.type !== after.type;
    case "bulletList":
      return after.firstChild.textContent !== "";
    case "orderedList":
      return after.firstChild.textContent !== "" && after.attrs.start === 1;
    default:
      return before.type.name !== "table";
  }
}

function list(state, node, marker, firstDelimiter) {
  const outer = state.inTightList;
  state.inTightList = node.attrs.tight;
  node.forEach((item, _, i) => {
    const first = firstDelimiter(i);
    if (i > 0 && node.attrs.tight) state.flushClose(1);
    state.wrapBlock(" ".repeat(first.length), first, node, () => state.render(item, node, i));
  });
  state.inTightList = outer;
  state.list = { type: node.type, marker };
}

// Two lists of one kind in a row are told apart by their markers only.
function markerOf(state, node, usual, other) {
  const marker = node.attrs.marker ?? usual;
  if (state.list?.type !== node.type || state.list.marker !== marker) return marker;
  return marker === usual ? other : usual;
}

function cellText(cell) {
  const state = new State(nodes, marks, { hardBreakNodeName: "hardBreak" });
  state.out = " "; // what opens a line means nothing special in a cell
  state.renderInline(cell.firstChild, false);
  return state.out.trim().replaceAll("|", "\\|");
}

function isAutolink(mark, parent, index) {
  const child = parent.child(index);
  const { href, title } = mark.attrs;
  if (title || child.text !== href || !/^[a-z][a-z0-9+.-]{1,31}:[^\s<>]*$/i.test(href)) return false;
  return child.marks.at(-1).eq(mark) && !parent.maybeChild(index + 1)?.marks.some((other) => other.eq(mark));
}

function destination(href, title) {
  const plain = /^(?!<)[^\s\p{Cc}()\\]+$/u.test(href);
  const address = plain ? href : `<${href.replace(/[<>\\]/g, "\\$&")}>`;
  return title ? `${address} "${title.replace(/["\\]/g, "\\$&")}"` : address;
}

function escapeBrackets(text) {
  return text.replace(/[\\`*_[\]<&~]/g, "\\$&");
}

// Backticks around code: more of them than it has in a row, and a space where
// the code itself begins or ends with one.
function ticks(text) {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  const pad = /^`|`$|^ .*\S.* $/.test(text) ? " " : "";
  return { open: fence + pad, close: pad + fence };
}
