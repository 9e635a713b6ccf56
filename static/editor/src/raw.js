// Editing Markdown in the plain field, in a way that the browser can undo.

// insert replaces the selection.
export function insert(field, text) {
  field.focus();
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// wrap puts signs around the selection and keeps it selected.
export function wrap(field, sign) {
  const { selectionStart: from, selectionEnd: to, value } = field;
  insert(field, sign + value.slice(from, to) + sign);
  field.setSelectionRange(from + sign.length, to + sign.length);
}

// prefixLines begins every selected line with a sign, or takes it away.
export function prefixLines(field, sign) {
  const from = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const lines = field.value.slice(from, field.selectionEnd).split("\n");
  const all = lines.every((line) => line.startsWith(sign));
  field.setSelectionRange(from, field.selectionEnd);
  insert(field, lines.map((line) => (all ? line.slice(sign.length) : sign + line)).join("\n"));
}

export const emptyTable = "\n|   |   |   |\n| - | - | - |\n|   |   |   |\n";
