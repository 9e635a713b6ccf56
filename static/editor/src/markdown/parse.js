// Tokens → ProseMirror nodes. What has no node makes the whole text
// "unrepresentable": it is then shown as Markdown rather than damaged.
import { Mark } from "@tiptap/pm/model";

export class Unrepresentable extends Error {}

// Blocks that hold blocks or inline text: token name → node name and attributes.
const blocks = {
  paragraph: ["paragraph"],
  blockquote: ["blockquote", (token) => token.meta],
  heading: ["heading", (token) => ({ level: Number(token.tag.slice(1)) })],
  bullet_list: ["bulletList", (token, tokens, i) => ({ marker: token.markup, tight: isTight(tokens, i) })],
  ordered_list: [
    "orderedList",
    (token, tokens, i) => ({
      marker: token.markup,
      start: Number(token.attrGet("start") ?? 1),
      tight: isTight(tokens, i),
    }),
  ],
  list_item: ["listItem", (token) => token.meta],
  table: ["table"],
  tr: ["tableRow"],
  th: ["tableHeader", cell],
  td: ["tableCell", cell],
};

const marks = {
  strong: ["bold"],
  em: ["italic"],
  s: ["strike"],
  link: ["link", (token) => ({ href: token.attrGet("href"), title: token.attrGet("title") })],
};

function cell(token) {
  return { align: /text-align:(\w+)/.exec(token.attrGet("style") ?? "")?.[1] ?? null };
}

// A list is tight when none of its own paragraphs stands between blank lines.
function isTight(tokens, at) {
  const level = tokens[at].level;
  for (let i = at + 1; tokens[i].level > level; i++) {
    if (tokens[i].type === "paragraph_open" && tokens[i].level === level + 2 && !tokens[i].hidden) return false;
  }
  return true;
}

// parseBlock turns the tokens of one top-level block into its node.
export function parseBlock(schema, tokens) {
  const reader = new Reader(schema);
  reader.read(tokens);
  return reader.root.content[0];
}

class Reader {
  constructor(schema) {
    this.schema = schema;
    this.root = { type: null, content: [] };
    this.stack = [this.root];
    this.opened = []; // one mark may be open twice: **bold **bold** bold**
    this.marks = Mark.none;
  }

  get top() {
    return this.stack[this.stack.length - 1];
  }

  read(tokens) {
    tokens.forEach((token, i) => {
      const name = token.type.replace(/_(open|close)$/, "");
      if (name === "thead" || name === "tbody") return;
      if (blocks[name]) this.readBlock(name, token, tokens, i);
      else if (marks[name]) this.readMark(name, token);
      else if (readers[token.type]) readers[token.type](this, token);
      else throw new Unrepresentable(token.type);
    });
  }

  readBlock(name, token, tokens, i) {
    const [type, attributes] = blocks[name];
    const isCell = name === "td" || name === "th";
    if (token.nesting === 1) {
      this.open(type, attributes?.(token, tokens, i));
      if (isCell) this.open("tableText");
    } else {
      if (isCell) this.close();
      this.close();
    }
  }

  readMark(name, token) {
    const [type, attributes] = marks[name];
    if (token.nesting === 1) this.opened.push(this.schema.marks[type].create(attributes?.(token)));
    else this.opened.pop();
    this.marks = Mark.setFrom(this.opened.filter((mark, i) => !this.opened.slice(i + 1).some((other) => other.eq(mark))));
  }

  open(type, attributes) {
    this.stack.push({ type, attributes, content: [] });
  }

  close() {
    const { type, attributes, content } = this.stack.pop();
    this.add(type, attributes, content);
  }

  add(type, attributes, content) {
    const node = this.schema.nodes[type].createAndFill(attributes, content, this.marks);
    if (!node) throw new Unrepresentable(type);
    this.top.content.push(node);
  }

  text(text, marks = this.marks) {
    if (!text) return;
    const content = this.top.content;
    const last = content[content.length - 1];
    if (last?.isText && Mark.sameSet(last.marks, marks)) content[content.length - 1] = last.withText(last.text + text);
    else content.push(this.schema.text(text, marks));
  }

  code(token, language) {
    this.open("codeBlock", { language: language || null });
    this.text(token.content.replace(/\n$/, ""));
    this.close();
  }
}

// A line that the page takes for the second of a table, even below a first one
// without any "|", which the parser here takes for text.
const tableLine = /\n[ \t]*[|:-][\s|:-]*$/m;

const readers = {
  inline: (reader, token) => {
    if (tableLine.test(token.content)) throw new Unrepresentable("table");
    reader.read(token.children);
  },
  text: (reader, token) => reader.text(token.content),
  code_inline: (reader, token) => reader.text(token.content, reader.schema.marks.code.create().addToSet(reader.marks)),
  code_block: (reader, token) => reader.code(token),
  fence: (reader, token) => reader.code(token, token.info.trim()),
  hr: (reader) => reader.add("horizontalRule"),
  hardbreak: (reader) => reader.add("hardBreak"),
  softbreak: (reader) => reader.add("hardBreak"), // the end of a line is a line break on the page, too
  image: (reader, token) =>
    reader.add("image", {
      src: token.attrGet("src"),
      title: token.attrGet("title"),
      alt: plainText(token.children),
    }),
  mention: (reader, token) =>
    reader.add("mention", {
      href: token.attrGet("href"),
      name: token.content.slice(1),
    }),
};

function plainText(tokens) {
  return tokens.map((token) => (token.type === "image" ? plainText(token.children) : token.content || " ")).join("");
}
