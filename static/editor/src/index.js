// The editor's door: what js/markdown-editor.js loads where one writes.
import { Writing } from "./writing.js";

export { canonical } from "./markdown/document.js";

// mount turns the textarea inside an element into an editor; destroy() on what
// it returns turns it back.
export function mount(element) {
  return new Writing(element);
}
