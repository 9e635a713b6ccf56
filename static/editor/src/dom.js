// Small help for making elements. Text only ever becomes text nodes.

// h makes an element: functions are listeners, true is an empty attribute, and
// false, null and undefined leave an attribute out.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

// words returns the function that looks up the labels of an element. They come
// from the page, in the reader's language.
export function words(element) {
  const labels = JSON.parse(element.getAttribute("labels") || "{}");
  return (key, values = {}) => {
    if (!(key in labels)) console.error(`markdown-editor: label "${key}" is missing`);
    return (labels[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  };
}

// place puts a floating element below a rectangle of the window, inside the
// element that holds it.
export function place(floating, rect) {
  const frame = floating.offsetParent.getBoundingClientRect();
  const left = Math.min(rect.left - frame.left, frame.width - floating.offsetWidth);
  floating.style.left = `${Math.max(0, left)}px`;
  floating.style.top = `${rect.bottom - frame.top + 6}px`;
}

const svg = "http://www.w3.org/2000/svg";

// icon draws an icon of icons.js, hidden from screen readers: the button says it.
export function icon(shapes) {
  const picture = document.createElementNS(svg, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  for (const shape of shapes) {
    const path = document.createElementNS(svg, "path");
    path.setAttribute("d", shape);
    picture.append(path);
  }
  return picture;
}
