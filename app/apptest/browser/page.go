package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may take for what a test waits for; a loaded machine is slow, a broken page is slower.
const patience = 20 * time.Second

//go:embed find.js
var find string

// Page is one tab. Its methods wait for what they need and fail the test when it does not come.
type Page struct {
	t          testing.TB
	ctx        context.Context // chromedp keeps the tab in it
	complaints *complaints
	noScripts  bool
}

// Go opens an address and waits until it is loaded.
func (p *Page) Go(url string) {
	p.t.Helper()
	p.must("go to "+url, p.timed(chromedp.Navigate(url)))
}

// Reload loads the page again.
func (p *Page) Reload() {
	p.t.Helper()
	p.must("reload", p.timed(chromedp.Reload()))
}

// Back goes back one step in the history. A page that the browser kept alive appears without being loaded again.
func (p *Page) Back() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	history, err := chromedp.Call(ctx, page.GetNavigationHistory, cdp.Empty{})
	p.must("go back", err)
	if history.CurrentIndex == 0 {
		p.t.Fatal("go back: this is the first page")
	}
	entry := history.Entries[history.CurrentIndex-1]
	p.must("go back", command(ctx, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: entry.ID}))
	p.WaitURL(entry.URL)
}

// See waits until the page shows these words; spaces of any kind count as one.
func (p *Page) See(words string) {
	p.t.Helper()
	ask[any](p, "see", "", words)
}

// NotSee waits until the page does not show these words. Ask for something that must be there first: an empty page shows nothing.
func (p *Page) NotSee(words string) {
	p.t.Helper()
	ask[any](p, "notsee", "", words)
}

// Wait waits until the target is visible.
func (p *Page) Wait(target string) {
	p.t.Helper()
	ask[any](p, "wait", target, "")
}

// Gone waits until the target is not visible or not there.
func (p *Page) Gone(target string) {
	p.t.Helper()
	ask[any](p, "gone", target, "")
}

// WaitURL waits until the address holds the given part and returns it whole.
func (p *Page) WaitURL(part string) string {
	p.t.Helper()
	return ask[string](p, "url", "", part)
}

// Text returns the target's visible text, spaces squeezed.
func (p *Page) Text(target string) string {
	p.t.Helper()
	return ask[string](p, "text", target, "")
}

// Value returns what a field holds, "true" or "false" for a box to tick.
func (p *Page) Value(target string) string {
	p.t.Helper()
	return ask[string](p, "value", target, "")
}

// Attr returns the target's attribute, empty where it has none.
func (p *Page) Attr(target, name string) string {
	p.t.Helper()
	return ask[string](p, "attr", target, name)
}

// Count returns how many elements match a CSS selector right now.
func (p *Page) Count(css string) int {
	p.t.Helper()
	return ask[int](p, "count", css, "")
}

// Focused describes the element that has the focus, by its opening tag.
func (p *Page) Focused() string {
	p.t.Helper()
	return Eval[string](p, `document.activeElement.cloneNode().outerHTML`)
}

// URL returns the address.
func (p *Page) URL() string {
	p.t.Helper()
	return Eval[string](p, `location.href`)
}

// Title returns the document's title.
func (p *Page) Title() string {
	p.t.Helper()
	return Eval[string](p, `document.title`)
}

// Dark switches between the dark and the light colour scheme.
func (p *Page) Dark(on bool) {
	p.t.Helper()
	p.must("change the colour scheme", command(p.ctx, emulation.SetEmulatedMedia, media(on)))
}

// Scripts turns the scripts of the pages loaded from now on on or off.
func (p *Page) Scripts(on bool) {
	p.t.Helper()
	p.noScripts = !on
	p.must("turn scripts on or off", scripts(p.ctx, on))
}

// Allow lets complaints pass that contain the given part, such as "404" or "/files/9".
func (p *Page) Allow(part string) {
	p.complaints.allow(part)
}

// Do runs chromedp actions, for what this package has no word for.
func (p *Page) Do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	p.must("run actions", p.timed(actions...))
}

// Screenshot writes the whole page as NAME.png into RUCHE_SCREENSHOTS, and nothing when that is not set.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	dir := os.Getenv("RUCHE_SCREENSHOTS")
	if dir == "" {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	p.must("take a picture", err)
	p.must("take a picture", os.MkdirAll(dir, 0o755))
	p.must("take a picture", os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644))
}

// Eval evaluates an expression in the page and returns its value, or what its promise resolves to.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	var value T
	raw, err := evaluate(ctx, runtime.EvaluateParams{Expression: expression})
	if err == nil && len(raw) > 0 {
		err = json.Unmarshal(raw, &value)
	}
	p.must(fmt.Sprintf("evaluate %.200s", expression), err)
	return value
}

// ask puts a question of find.js to the page until the answer is yes, and returns its value.
func ask[T any](p *Page, question, target, argument string) T {
	p.t.Helper()
	var answer struct {
		Done  bool
		Why   string
		Value T
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	arguments, err := json.Marshal([]string{question, target, argument})
	p.must("ask the page", err)
	expression := "(" + strings.TrimSpace(find) + "\n)(..." + string(arguments) + ")"
	for {
		raw, err := evaluate(ctx, runtime.EvaluateParams{Expression: expression})
		if err == nil {
			err = json.Unmarshal(raw, &answer)
		}
		if err == nil && answer.Done {
			return answer.Value
		}
		if err != nil && ctx.Err() == nil {
			answer.Why = err.Error() // the page may be on its way to the next one
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			p.t.Fatalf("%s %s %.200q: %s", question, target, argument, answer.Why)
		}
	}
}

// evaluate runs an expression and returns its value as JSON; a promise is waited for.
func evaluate(ctx context.Context, params runtime.EvaluateParams) ([]byte, error) {
	yes := true
	params.ReturnByValue, params.AwaitPromise = &yes, &yes
	result, err := chromedp.Call(ctx, runtime.Evaluate, params)
	if err != nil {
		return nil, err
	}
	if result.ExceptionDetails != nil {
		return nil, errors.New(exceptionText(result.ExceptionDetails))
	}
	return result.Result.Value, nil
}

// finish checks at the test's end that the page had nothing to complain about, and takes a picture of a failure.
func (p *Page) finish() {
	p.t.Helper()
	if p.ctx.Err() != nil {
		return
	}
	// One round trip, so that the events before it have arrived.
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	_, _ = evaluate(ctx, runtime.EvaluateParams{Expression: "0"})
	for _, complaint := range p.complaints.unexpected() {
		p.t.Errorf("the browser complains: %s", complaint)
	}
	if p.t.Failed() {
		p.Screenshot("failed-" + strings.ReplaceAll(p.t.Name(), "/", "-"))
	}
}

// answerDialogs says yes to alerts, questions and warnings before leaving, which would block the page for ever.
func (p *Page) answerDialogs() {
	dialogs := chromedp.Events(p.ctx, page.JavascriptDialogOpening)
	go func() {
		for _, err := range dialogs {
			if err != nil {
				return
			}
			_ = command(p.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
		}
	}()
}

func scripts(ctx context.Context, on bool) error {
	return command(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}

func (p *Page) timed(actions ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(p.ctx, 3*patience)
	defer cancel()
	return chromedp.Do(ctx, actions...)
}

func (p *Page) must(what string, err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// command sends one command of the DevTools protocol whose answer says nothing.
func command[P any, R any](ctx context.Context, cmd cdp.Command[P, R], params P) error {
	if _, err := chromedp.Call(ctx, cmd, params); err != nil {
		return fmt.Errorf("%s: %w", cmd.Method, err)
	}
	return nil
}
