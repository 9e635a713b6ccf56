// How text and emphasis are written so that they are read back as they are:
// prosemirror-markdown's state with stricter, and less noisy, escaping.
import { MarkdownSerializerState } from "prosemirror-markdown";

const space = /[\s\p{Zs}]/u;
const punctuation = /[\p{P}\p{S}]/u;
const emphasis = new Set(["bold", "italic", "strike"]);
const bareAddress = /(?<=^|[\s(])https?:\/\/[^\s<>]+/g;

export class State extends MarkdownSerializerState {
  // The emphasis delimiters just written, until the character after them is known.
  run = null;
  // The list written last, until another block follows.
  list = null;
  inLink = false;
  delimiter = null;

  text(text, escape = true) {
    text.split("\n").forEach((line, i) => {
      if (i > 0) this.out += "\n";
      this.line(line, escape);
    });
  }

  line(line, escape) {
    const fresh = this.atBlank();
    const delimiter = this.delimiter;
    this.delimiter = null;
    this.write();
    if (escape && (fresh || this.atBlockStart)) line = line.replace(/^[ \t]+/, "");
    if (!escape && line[0] === "[" && /(^|[^\\])!$/.test(this.out.slice(-2))) this.out = this.out.slice(0, -1) + "\\!";
    if (delimiter) this.startRun(delimiter);
    else if (this.run && line) line = this.endRun(line, escape);
    else if (escape) line = this.esc(line, this.atBlockStart, fresh && !this.atBlockStart);
    this.out += line;
  }

  markString(mark, open, parent, index) {
    if (emphasis.has(mark.type.name)) this.delimiter = open ? "opens" : "closes";
    return super.markString(mark, open, parent, index);
  }

  startRun(kind) {
    this.run ??= { at: this.out.length, opens: false, closes: false };
    this.run[kind] = true;
  }

  // A delimiter between a letter and a punctuation mark ("**Attention !**oui")
  // would be read as text. Written as a number, the letter no longer counts as one.
  endRun(line, escape) {
    const { at, opens, closes } = this.run;
    this.run = null;
    const before = lastCharacter(this.out.slice(0, at));
    const after = String.fromCodePoint(line.codePointAt(0));
    if (opens && isPunctuation(after) && isLetter(before)) {
      this.out = this.out.slice(0, at - before.length) + asNumber(before) + this.out.slice(at);
    }
    if (closes && isPunctuation(before) && isLetter(after)) {
      const rest = line.slice(after.length);
      return asNumber(after) + (escape ? this.esc(rest) : rest);
    }
    return escape ? this.esc(line) : line;
  }

  closeBlock(node) {
    this.run = null;
    super.closeBlock(node);
  }

  // esc escapes what would be read as markup, except in bare addresses, which
  // the page makes links of as they stand.
  esc(text, blockStart = false, lineStart = false) {
    let out = "";
    let from = 0;
    for (const found of this.inLink ? [] : text.matchAll(bareAddress)) {
      out += escapeWords(text.slice(from, found.index), text, from) + found[0].replace(/[`[\]]/g, "\\$&");
      from = found.index + found[0].length;
    }
    out += escapeWords(text.slice(from), text, from);
    return blockStart || lineStart ? escapeStart(out, lineStart) : out;
  }
}

function escapeWords(part, text, from) {
  const special = /[*_~]+|[`[\]]|\\(?=[!-/:-@[-`{-~]|$)|&(?=#?\w+;)|<(?=[a-z][a-z0-9+.-]{1,31}:|[^\s<>]+@)/gi;
  return part.replace(special, (found, i) => {
    const before = text[from + i - 1] ?? "";
    const after = text[from + i + found.length] ?? "";
    const harmless = /^_+$/.test(found) && /[\p{L}\p{N}]/u.test(before) && /[\p{L}\p{N}]/u.test(after);
    const alone = /^[*_~]+$/.test(found) && before === " " && after === " ";
    return harmless || alone ? found : found.replace(/./g, "\\$&");
  });
}

// escapeStart escapes what has a meaning only at the start of a line; some of
// it only on the second line of a paragraph or later ("continued").
function escapeStart(text, continued) {
  text = text
    .replace(/^([-+])(?=\s|$)/, "\\$1")
    .replace(/^(?=>)/, "\\")
    .replace(/^(#{1,6})(?=\s|$)/, "\\$1")
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2")
    .replace(/^(?=-\s*-\s*-[-\s]*$)/, "\\");
  return continued ? text.replace(/^(?==+\s*$|-+\s*$|[|:-][\s|:-]*$)/, "\\") : text;
}

const isPunctuation = (character) => character !== "" && punctuation.test(character);
const isLetter = (character) => character !== "" && !punctuation.test(character) && !space.test(character);
const asNumber = (character) => `&#x${character.codePointAt(0).toString(16).toUpperCase()};`;

function lastCharacter(text) {
  return /.$/su.exec(text)?.[0] ?? "";
}
