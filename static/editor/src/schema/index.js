// What a text can be made of: the same things that the server's Markdown knows.
import { Bold } from "@tiptap/extension-bold";
import { Code } from "@tiptap/extension-code";
import { CodeBlock } from "@tiptap/extension-code-block";
import { Document } from "@tiptap/extension-document";
import { Heading } from "@tiptap/extension-heading";
import { HorizontalRule } from "@tiptap/extension-horizontal-rule";
import { Italic } from "@tiptap/extension-italic";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Strike } from "@tiptap/extension-strike";
import { Text } from "@tiptap/extension-text";
import { Dropcursor, Gapcursor, TrailingNode, UndoRedo } from "@tiptap/extensions";
import { HardBreak, Image, Link, Mention, phrasing } from "./inline.js";
import { BulletList, ListItem, OrderedList } from "./lists.js";
import { Quote } from "./quotes.js";
import { Table, TableCell, TableHeader, TableRow, TableText } from "./tables.js";

// extensions returns the parts of the editor that define documents. say looks
// up words in the reader's language.
export function extensions(say) {
  return [
    Document,
    Paragraph,
    Text,
    Quote.configure({ word: (kind) => say(`callout_${kind}`) }),
    HorizontalRule,
    HardBreak,
    Heading.extend({ content: phrasing }),
    CodeBlock.extend({ marks: "" }),
    BulletList,
    OrderedList,
    ListItem.configure({ doneLabel: say("task_done") }),
    Table,
    TableRow,
    TableHeader,
    TableCell,
    TableText,
    Link,
    Bold,
    Italic,
    Strike,
    Code.extend({ excludes: "" }),
    Image,
    Mention,
    UndoRedo,
    Gapcursor,
    TrailingNode,
    Dropcursor.configure({ color: false, class: "editor-dropcursor" }),
  ];
}
