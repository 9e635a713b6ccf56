package browser

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// place is a point in the window.
type place struct{ X, Y float64 }

// Click clicks the middle of the target once it is visible, enabled, uncovered and at rest, on a page
// that is not about to be exchanged for another, nor to move when an editor takes its place.
func (p *Page) Click(target string) {
	p.t.Helper()
	p.Gone("html[aria-busy]")
	p.Gone("markdown-editor:defined:not([compact], [ready])")
	at := ask[place](p, "point", target, "")
	for {
		again := ask[place](p, "point", target, "")
		if again == at {
			break
		}
		at = again
	}
	p.Do(chromedp.MouseClickXY(at.X, at.Y))
}

// Drag takes one target by its middle to the middle of what a CSS selector finds, which is in the window then.
func (p *Page) Drag(from, css string) {
	p.t.Helper()
	a := ask[place](p, "point", from, "")
	b := Eval[place](p, fmt.Sprintf("(box => ({X: box.x + box.width / 2, Y: box.y + box.height / 2}))(document.querySelector(%q).getBoundingClientRect())", css))
	p.Do(chromedp.MouseEvent(chromedp.MousePressed, a.X, a.Y, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseMoved, b.X, b.Y, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseReleased, b.X, b.Y, chromedp.ButtonLeft))
}

// Fill replaces what a field or an editor holds.
func (p *Page) Fill(target, text string) {
	p.t.Helper()
	switch held := ask[string](p, "select", target, text); {
	case held == "set":
	case text != "":
		p.must("fill "+target, command(p.ctx, input.InsertText, input.InsertTextParams{Text: text}))
	case held != "empty":
		p.Press("Delete")
	}
}

// Type types text key by key into whatever has the focus.
func (p *Page) Type(text string) {
	p.t.Helper()
	p.Do(chromedp.KeyEvent(text))
}

// Press presses keys one after the other: "Enter", "Escape", "Tab", "Shift+Tab", "ArrowDown", "Control+k", "?".
func (p *Page) Press(keys ...string) {
	p.t.Helper()
	for _, key := range keys {
		var modifiers []chromedp.Modifier
		for {
			name, rest, more := strings.Cut(key, "+")
			if !more || rest == "" {
				break
			}
			modifiers, key = append(modifiers, p.modifier(name)), rest
		}
		p.Do(chromedp.KeyEvent(keyCode(key), chromedp.KeyModifiers(modifiers...)))
	}
}

// Choose chooses an option of a select, by what it shows or by its value.
func (p *Page) Choose(target, option string) {
	p.t.Helper()
	ask[any](p, "choose", target, option)
}

// Upload gives files to the file field that the CSS selector finds, visible or not.
func (p *Page) Upload(css string, files ...string) {
	p.t.Helper()
	ask[string](p, "attr", css, "type")
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	field, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: fmt.Sprintf("document.querySelector(%q)", css)})
	p.must("upload to "+css, err)
	p.must("upload to "+css, command(ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: files, ObjectID: field.Result.ObjectID}))
}

func (p *Page) modifier(name string) chromedp.Modifier {
	p.t.Helper()
	switch name {
	case "Control":
		return chromedp.ModifierCtrl
	case "Shift":
		return chromedp.ModifierShift
	case "Alt":
		return chromedp.ModifierAlt
	case "Meta":
		return chromedp.ModifierMeta
	}
	p.t.Fatalf("press: there is no modifier %q", name)
	return chromedp.ModifierNone
}

// keyCode turns a key's name into chromedp's code for it; a character is its own.
func keyCode(key string) string {
	switch key {
	case "Enter":
		return kb.Enter
	case "Escape":
		return kb.Escape
	case "Tab":
		return kb.Tab
	case "Backspace":
		return kb.Backspace
	case "Delete":
		return kb.Delete
	case "Space":
		return " "
	case "ArrowUp":
		return kb.ArrowUp
	case "ArrowDown":
		return kb.ArrowDown
	case "ArrowLeft":
		return kb.ArrowLeft
	case "ArrowRight":
		return kb.ArrowRight
	case "Home":
		return kb.Home
	case "End":
		return kb.End
	case "PageUp":
		return kb.PageUp
	case "PageDown":
		return kb.PageDown
	}
	return key
}
