// Markdown → tokens: markdown-it set up to read what the server reads
// (app/text: CommonMark without HTML, tables, strikethrough, task lists), plus
// what the editor shows in a way of its own: mentions.
import MarkdownIt from "markdown-it";
import { mentionURL } from "../schema/inline.js";
import { kinds } from "../schema/quotes.js";

const markdownIt = new MarkdownIt({ linkify: true }); // HTML is not part of the language: it stays the text it is
markdownIt.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
markdownIt.disable(["linkify", "replacements", "smartquotes"]); // of the core chain; the inline "linkify" is switched back on below
markdownIt.inline.ruler.enable("linkify");
markdownIt.normalizeLink = (href) => href; // addresses stay as the author wrote them
markdownIt.normalizeLinkText = (text) => text;
markdownIt.inline.ruler.before("strikethrough", "tilde", openTilde);
markdownIt.inline.ruler2.before("strikethrough", "tilde", closeTildes);
markdownIt.core.ruler.push("ruche", (state) => readBlocks(state.tokens));

// What a paragraph begins with that may be a reference definition. Readers
// differ about their addresses: the server takes "[x]:(" for one.
const definition = /^\[(?:[^\]\\]|\\[^])*\]:/;

// tokenize returns the tokens of a text and whether it has reference
// definitions, which the editor has no way to keep.
export function tokenize(text) {
  const env = {};
  const tokens = markdownIt.parse(text, env);
  const defines = Boolean(env.references) || tokens.some((token) => token.type === "inline" && definition.test(token.content));
  return { tokens, defines };
}

function readBlocks(tokens) {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token.type === "inline") readInline(token);
    if (token.type === "blockquote_open") readCallout(tokens, i);
    if (token.type === "list_item_open") readTask(token, tokens[i + 2]);
  }
}

const callout = new RegExp(`^\\[!(${kinds.join("|")})\\][ \\t]*(?:\n|$)`, "i");

// readCallout takes the line that says what kind of remark a quote is out of its words, as the server does.
function readCallout(tokens, at) {
  const [paragraph, inline] = tokens.slice(at + 1, at + 3);
  const mark = paragraph?.type === "paragraph_open" && callout.exec(inline.content);
  const [first, end] = mark ? inline.children : [];
  if (first?.type !== "text" || first.content.trim() !== mark[0].trim()) return;
  tokens[at].meta = { callout: mark[1].toLowerCase() };
  inline.children.splice(0, end ? 2 : 1);
  if (inline.children.length === 0) tokens.splice(at + 1, 3);
}

// readTask makes "- [x] text" a task, as the server's Markdown does.
function readTask(item, inline) {
  const first = inline?.type === "inline" && inline.level === item.level + 2 && inline.children[0];
  const box = first && first.type === "text" && inline.content.startsWith("[") && /^\[([ xX])\][ \t]*/.exec(first.content);
  if (!box) return;
  item.meta = { task: true, checked: box[1] !== " " };
  first.content = first.content.slice(box[0].length);
  if (!first.content && inline.children[1]?.type === "softbreak") inline.children.splice(1, 1);
}

function readInline(inline) {
  const found = [];
  for (let i = 0; i < inline.children.length; i++) {
    const [open, text, close] = inline.children.slice(i, i + 3);
    const plain = open.type === "link_open" && text?.type === "text" && close?.type === "link_close";
    if (plain && open.markup === "linkify") {
      found.push(text); // a bare address stays the text it is
      i += 2;
    } else if (plain && text.content.startsWith("@") && mentionURL.test(open.attrGet("href")) && !open.attrGet("title")) {
      open.type = "mention";
      open.nesting = 0;
      open.content = text.content;
      found.push(open);
      i += 2;
    } else {
      found.push(open);
    }
  }
  inline.children = found;
}

// The server strikes ~this~ as well as ~~this~~; markdown-it knows the second only.
const tilde = 0x1007e; // no character: a delimiter that pairs with its like

function openTilde(state, silent) {
  const run = state.src[state.pos] === "~" && state.scanDelims(state.pos, true);
  if (silent || !run || run.length !== 1) return false;
  state.push("text", "", 0).content = "~";
  state.delimiters.push({
    marker: tilde,
    length: 0,
    token: state.tokens.length - 1,
    end: -1,
    open: run.can_open,
    close: run.can_close,
  });
  state.pos++;
  return true;
}

function closeTildes(state) {
  const lists = [state.delimiters, ...state.tokens_meta.filter((meta) => meta?.delimiters).map((meta) => meta.delimiters)];
  for (const opener of lists.flat().filter((delimiter) => delimiter.marker === tilde && delimiter.end >= 0)) {
    const list = lists.find((delimiters) => delimiters.includes(opener));
    Object.assign(state.tokens[opener.token], { type: "s_open", nesting: 1, content: "" });
    Object.assign(state.tokens[list[opener.end].token], { type: "s_close", nesting: -1, content: "" });
  }
}
