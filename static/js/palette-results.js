// <palette-results>: what the search suggests, in groups, as lines of the palette.
// Each line is a copy of the <template> line inside it.
{
  class PaletteResults extends HTMLElement {
    show(groups, query) {
      this.querySelectorAll(":scope > :not(template)").forEach((group) => group.remove());
      this.append(...groups.filter((group) => group.items.length).map((group, i) => this.group(group, i)));
      if (!query) return;
      const url = "/search?q=" + encodeURIComponent(query);
      this.append(this.item({ title: this.dataset.all, url, icon: "search" }, "palette-all"));
    }

    group({ label, items }, i) {
      const box = document.createElement("div");
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", label);
      const heading = document.createElement("div");
      heading.className = "palette-label";
      heading.textContent = label;
      heading.setAttribute("aria-hidden", "true");
      box.append(heading, ...items.map((item, j) => this.item(item, `palette-${i}-${j}`)));
      return box;
    }

    item({ title, url, hint, icon, match }, id) {
      const item = this.querySelector("template").content.firstElementChild.cloneNode(true);
      const use = item.querySelector("use");
      use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#" + (icon || "arrow-right")));
      item.id = id;
      item.href = url;
      item.querySelector("span").replaceChildren(...this.marked(title, match ?? []));
      item.querySelector(".hint").textContent = hint ?? "";
      return item;
    }

    // marked sets off the runs of the title that match; its offsets are UTF-16 units, as here.
    marked(title, match) {
      const out = [];
      let at = 0;
      for (const [start, end] of match) {
        const mark = document.createElement("mark");
        mark.textContent = title.slice(start, end);
        out.push(title.slice(at, start), mark);
        at = end;
      }
      return [...out, title.slice(at)];
    }
  }
  customElements.define("palette-results", PaletteResults);
}
