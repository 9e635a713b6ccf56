// Stands in for katex, which sets formulas with fonts of its own: they stay as they are written.
export default { renderToString: (formula) => formula };
