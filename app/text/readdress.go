package text

import (
	"regexp"
	"strconv"
	"strings"
)

// Where a text names an address, and code, in which nothing is one.
var (
	inlineAddress  = regexp.MustCompile("(`+[^`]*`+)|(\\]\\(\\s*)(?:<([^<>\n]+)>|((?:[^()\\s<>]|\\([^()\\s]*\\))+))")
	definedAddress = regexp.MustCompile(`^( {0,3}\[[^\]]+\]:\s*<?)([^\s>]+)`)
)

// Readdressed is a text with other addresses in its links and pictures. What stands in code stays as it is.
func Readdressed(body string, to func(href string) string) string {
	if !strings.Contains(body, "](") && !strings.Contains(body, "]:") {
		return body
	}
	var out strings.Builder
	fence := ""
	for line := range strings.Lines(body) {
		trimmed := strings.TrimLeft(line, " \t")
		switch {
		case fence == "" && (strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~")):
			fence = trimmed[:3]
		case fence != "" && strings.HasPrefix(trimmed, fence):
			fence = ""
		case fence == "":
			line = inlineAddress.ReplaceAllStringFunc(line, func(match string) string {
				parts := inlineAddress.FindStringSubmatch(match)
				if parts[1] != "" {
					return match
				}
				if parts[3] != "" {
					return parts[2] + "<" + to(parts[3]) + ">"
				}
				return parts[2] + to(parts[4])
			})
			line = definedAddress.ReplaceAllStringFunc(line, func(match string) string {
				parts := definedAddress.FindStringSubmatch(match)
				return parts[1] + to(parts[2])
			})
		}
		out.WriteString(line)
	}
	return out.String()
}

// Refiled is a text that shows other files in the place of some.
func Refiled(markdown string, other map[int64]int64) string {
	return Readdressed(markdown, func(href string) string {
		if id, ok := idIn(filePath, href); ok && other[id] != 0 {
			return "/files/" + strconv.FormatInt(other[id], 10)
		}
		return href
	})
}
