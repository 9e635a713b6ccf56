//go:build peers

package editor

import (
	"testing"

	"ruche/app/apptest/browser"
)

const area = ".editor-surface [contenteditable]"

func TestTypingWithToolbarMakesMarkdown(t *testing.T) {
	s := newSite(t)
	p := s.open(t, "", "")
	p.Click(area)
	p.Type("Un ")
	p.Click("button[aria-label=Gras]")
	p.Type("gras")
	p.Screenshot("typing")
	if got := markdown(p); got != "Un **gras**" {
		t.Errorf("got %q", got)
	}
	_ = browser.Phone
}
