// A text open in the editor. What the author does not touch is written back
// letter for letter: ProseMirror keeps the very node of an unchanged block, so
// the node itself leads to the lines it came from.
import { getSchema } from "@tiptap/core";
import { extensions } from "../schema/index.js";
import { parseBlock, Unrepresentable } from "./parse.js";
import { tokenize } from "./tokens.js";
import { isEmptyParagraph, listMarker, writeBlock } from "./write.js";

export class MarkdownDocument {
  // origins: node → { index, source, gap }, gap being what stood before it.
  origins = new WeakMap();
  written = new WeakMap(); // node → its Markdown
  tail = "";
  count = 0;

  // read parses a text. It throws Unrepresentable for what the editor would
  // not give back unchanged.
  static read(text, schema) {
    const opened = new MarkdownDocument();
    opened.doc = opened.parse(text, schema);
    const again = new MarkdownDocument().parse(writeAll(opened.doc), schema);
    if (!again.eq(opened.doc)) throw new Unrepresentable("round trip");
    return opened;
  }

  parse(text, schema) {
    const { tokens, defines } = tokenize(text);
    if (defines) throw new Unrepresentable("reference");
    const lines = text.split("\n");
    const children = [];
    let line = 0;
    for (const block of topLevel(tokens)) {
      const [from, to] = trimmed(lines, block[0].map);
      const gap = lines
        .slice(line, from)
        .map((blank) => blank + "\n")
        .join("");
      if (gap.trim()) throw new Unrepresentable("text between blocks");
      const node = parseBlock(schema, block);
      const source = lines.slice(from, to).join("\n");
      if (isClosed(block[0], source)) this.origins.set(node, { index: children.length, source, gap });
      children.push(node);
      line = to;
    }
    this.count = children.length;
    this.tail =
      line === 0
        ? text
        : lines
            .slice(line)
            .map((blank) => "\n" + blank)
            .join("");
    return schema.topNodeType.createAndFill(null, children);
  }

  // write returns the Markdown of a document that was edited since.
  write(doc) {
    let out = "";
    let previous = null; // the origin of the block before, or {} for one written anew
    let list = null;
    doc.forEach((node, _, index) => {
      if (isEmptyParagraph(node)) return;
      const origin = this.origins.get(node);
      const follows = origin && (previous ? previous.index === origin.index - 1 : origin.index === 0);
      const marker = listMarker(node);
      const clash = marker && marker.type === list?.type && marker.marker === list.marker;
      const verbatim = origin && !clash && (follows || !/^\s/.test(origin.source));
      const text = verbatim ? origin.source : this.rewrite(doc, index, clash ? list : null);
      if (previous) out += "\n" + (follows ? origin.gap : origin?.gap || "\n");
      else if (follows) out += origin.gap;
      out += text;
      previous = origin ?? {};
      list = marker && { type: marker.type, marker: verbatim ? marker.marker : markerWritten(text) };
    });
    return previous || this.count === 0 ? out + this.tail : "";
  }

  // rewrite writes a block anew, once for as long as nobody touches it.
  rewrite(doc, index, clashing) {
    const node = doc.child(index);
    if (clashing) return writeBlock(doc, index, clashing);
    if (!this.written.has(node)) this.written.set(node, writeBlock(doc, index, null));
    return this.written.get(node);
  }
}

// canonical returns a text as the editor would write it if every block had been
// touched; null when the editor shows it as Markdown only.
export function canonical(text) {
  try {
    return writeAll(MarkdownDocument.read(text, getSchema(extensions((key) => key))).doc);
  } catch (error) {
    if (error instanceof Unrepresentable) return null;
    throw error;
  }
}

function writeAll(doc) {
  return new MarkdownDocument().write(doc);
}

function* topLevel(tokens) {
  let start = 0;
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i].level > 0 || tokens[i].nesting === 1) continue;
    yield tokens.slice(start, i + 1);
    start = i + 1;
  }
}

// The lines of a list reach up to the next block; the blank ones are not its own.
function trimmed(lines, [from, to]) {
  while (to > from + 1 && lines[to - 1].trim() === "") to--;
  return [from, to];
}

// A fence that is never closed would swallow what is written after it.
function isClosed(token, source) {
  return token.type !== "fence" || (source.split("\n").length > 1 && source.trimEnd().endsWith(token.markup));
}

function markerWritten(text) {
  return /^\d*([-*+.)])/.exec(text)[1];
}
