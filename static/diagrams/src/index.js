// Draws diagrams in the page of a frame that can do nothing else: it has no origin, and its own content security policy allows the styles
// that Mermaid writes into its pictures and forbids every request. The page around it asks with { id, source, dark } and gets
// { id, svg, width, height, title, description } or { id, error }.
import mermaid from "mermaid";

const settings = { layout: "dagre", look: "classic", maxTextSize: 20_000, maxEdges: 500 };
const fonts = "ui-sans-serif, system-ui, sans-serif"; // a picture cannot fetch any

async function draw({ id, source, dark }) {
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict", theme: dark ? "dark" : "neutral", fontFamily: fonts, htmlLabels: false, suppressErrorRendering: true, ...settings });
  const { svg } = await mermaid.render(`diagram-${id}`, source);
  const drawn = new DOMParser().parseFromString(svg, "text/html").querySelector("svg");
  const { width, height } = drawn.viewBox.baseVal;
  drawn.setAttribute("width", Math.ceil(width)); // a picture has a size of its own
  drawn.setAttribute("height", Math.ceil(height));
  const said = (name) => drawn.querySelector(`:scope > ${name}`)?.textContent.trim() ?? "";
  return { svg: new XMLSerializer().serializeToString(drawn), width, height, title: said("title"), description: said("desc") };
}

let last = Promise.resolve();

addEventListener("message", ({ source: from, data }) => {
  if (from !== parent) return;
  last = last.then(() => draw(data)).then(
    (drawn) => parent.postMessage({ id: data.id, ...drawn }, "*"),
    (error) => parent.postMessage({ id: data.id, error: String(error?.message ?? error) }, "*"),
  );
});
parent.postMessage({ ready: true }, "*");
