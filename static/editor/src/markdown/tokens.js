// Markdown → tokens: markdown-it set up to read what the server reads
// (app/text: CommonMark without HTML, tables, strikethrough, task lists), plus
// what the editor shows in a way of its own: mentions.
import MarkdownIt from 'markdown-it'

const markdownIt = new MarkdownIt({ linkify: true }) // HTML is not part of the language: it stays the text it is
markdownIt.linkify.set({ fuzzyLink: false, fuzzyEmail: false })
markdownIt.disable(['linkify', 'replacements', 'smartquotes']) // of the core chain; the inline "linkify" is switched back on below
markdownIt.inline.ruler.enable('linkify')
markdownIt.normalizeLink = href => href // addresses stay as the author wrote them
markdownIt.normalizeLinkText = text => text
markdownIt.core.ruler.push('ruche', state => readBlocks(state.tokens))

export const mentionURL = /^\/people\/([1-9]\d{0,17})$/

// tokenize returns the tokens of a text and the names of its reference
// definitions, which the editor has no way to keep.
export function tokenize(text) {
  const env = {}
  const tokens = markdownIt.parse(text, env)
  return { tokens, references: Object.keys(env.references ?? {}) }
}

function readBlocks(tokens) {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]
    if (token.type === 'inline') readInline(token)
    if (token.type === 'list_item_open') readTask(token, tokens[i + 2])
  }
}

// readTask makes "- [x] text" a task, as the server's Markdown does.
function readTask(item, inline) {
  const first = inline?.type === 'inline' && inline.level === item.level + 2 && inline.children[0]
  const box = first && first.type === 'text' && /^\[([ xX])\]\s*/.exec(first.content)
  if (!box) return
  item.meta = { task: true, checked: box[1] !== ' ' }
  first.content = first.content.slice(box[0].length)
}

function readInline(inline) {
  const found = []
  for (let i = 0; i < inline.children.length; i++) {
    const [open, text, close] = inline.children.slice(i, i + 3)
    const plain = open.type === 'link_open' && text?.type === 'text' && close?.type === 'link_close'
    if (plain && open.markup === 'linkify') {
      found.push(text) // a bare address stays the text it is
      i += 2
    } else if (plain && text.content.startsWith('@') && mentionURL.test(open.attrGet('href')) && !open.attrGet('title')) {
      open.type = 'mention'
      open.nesting = 0
      open.content = text.content
      found.push(open)
      i += 2
    } else {
      found.push(open)
    }
  }
  inline.children = found
}
