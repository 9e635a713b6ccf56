// Links: asking for an address and refusing one that cannot work.
import { getMarkRange } from "@tiptap/core";
import { insert } from "./raw.js";
import { isSafe, local } from "./schema/inline.js";

// setLink asks for the address of the selected words, or of the link the caret is in.
export function setLink(writing) {
  if (writing.isRaw) setRawLink(writing);
  else setVisualLink(writing);
}

function setVisualLink({ editor, panel, say }) {
  const { state } = editor;
  const range = state.selection.empty && getMarkRange(state.selection.$from, state.schema.marks.link);
  const { href = "", title = null } = editor.getAttributes("link");
  const bare = state.selection.empty && !range;
  if (range) editor.commands.setTextSelection(range);
  panel.open({
    label: say("link"),
    fields: fields(say, href, bare ? "" : null),
    apply({ address, text }) {
      const to = complete(address);
      if (!to) return say("link_invalid");
      const marks = [{ type: "link", attrs: { href: to, title } }];
      if (bare)
        editor
          .chain()
          .insertContent({ type: "text", text: text || address, marks })
          .unsetMark("link")
          .run();
      else editor.chain().setMark("link", marks[0].attrs).setTextSelection(editor.state.selection.to).run();
    },
    remove: href && { label: say("link_remove"), run: () => editor.commands.unsetMark("link") },
  });
}

function setRawLink({ textarea, panel, say }) {
  const { selectionStart, selectionEnd, value } = textarea;
  panel.open({
    label: say("link"),
    fields: fields(say, "", value.slice(selectionStart, selectionEnd)),
    apply({ address, text }) {
      const to = complete(address);
      if (!to) return say("link_invalid");
      textarea.setSelectionRange(selectionStart, selectionEnd);
      insert(textarea, `[${text || address}](${to})`);
    },
  });
}

function fields(say, href, text) {
  const address = { name: "address", label: say("link_address"), value: href, type: "url" };
  return text === null ? [address] : [address, { name: "text", label: say("link_text"), value: text }];
}

// complete returns an address as it is written into the text: "exemple.fr" is a
// site, "jean@exemple.fr" a mailbox, and our own pages are paths. Empty: no address.
export function complete(address) {
  if (/^[^\s/:@]+@[^\s/:@]+\.[^\s/:@]+$/.test(address)) return `mailto:${address}`;
  if (/^[^\s/:?#]+\.[a-z]{2,}([/:?#]|$)/i.test(address)) address = `https://${address}`;
  if (/^[/#]/.test(address)) return address;
  const absolute = /^[a-z][a-z0-9+.-]*:\S+$/i.test(address);
  return absolute && isSafe(address) ? local(address) : "";
}
