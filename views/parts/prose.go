package parts

import "strings"

// hasMore tells of rendered HTML whether it has what the style sheet of all pages says nothing about: a remark set apart.
func hasMore(html string) bool { return strings.Contains(html, `<div class="callout `) }

// hasCode tells of rendered HTML whether words of code are marked in it.
func hasCode(html string) bool { return strings.Contains(html, `<span class="code-`) }
