package browser

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// rules are axe's names for WCAG 2.2, levels A and AA.
const rules = `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]`

// violation is one broken rule, as axe reports it.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		Target         []any
		FailureSummary string
	}
}

// Axe checks the page as it is now against WCAG 2.2 AA and fails the test with everything found.
// It runs in a world of its own: the page's scripts do not see it and the page's content security policy stays as it is.
func (p *Page) Axe() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 3*patience)
	defer cancel()
	if p.noScripts {
		// Axe needs timers. The page's own scripts were left out when it was parsed and stay out.
		p.must("run axe", scripts(ctx, true))
		defer func() { p.must("run axe", scripts(p.ctx, false)) }()
	}
	raw := []byte(nil)
	for range 3 {
		p.Gone("html[aria-busy]") // which Turbo says until it has put the page in place
		var err error
		raw, err = axe(ctx)
		p.must("run axe", err)
		if !bytes.Contains(raw, []byte("aria-busy")) { // the page may have refreshed itself meanwhile
			break
		}
	}
	var found []violation
	p.must("run axe", json.Unmarshal(raw, &found))
	for _, v := range found {
		p.t.Errorf("%s: axe: %s", p.URL(), v)
	}
}

// String shows a violation with every place it was found at.
func (v violation) String() string {
	text := &strings.Builder{}
	fmt.Fprintf(text, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, node := range v.Nodes {
		fmt.Fprintf(text, "\n  %v\n    %s", node.Target, strings.ReplaceAll(node.FailureSummary, "\n", "\n    "))
	}
	return text.String()
}

func axe(ctx context.Context) ([]byte, error) {
	source, err := os.ReadFile(filepath.Join(os.Getenv("RUCHE_TEST_PEERS"), "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return nil, err
	}
	tree, err := chromedp.Call(ctx, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return nil, err
	}
	world, err := chromedp.Call(ctx, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: tree.FrameTree.Frame.ID, WorldName: "axe"})
	if err != nil {
		return nil, err
	}
	load := runtime.EvaluateParams{ContextID: world.ExecutionContextID, Expression: string(source) + "; 0"}
	if _, err := evaluate(ctx, load); err != nil {
		return nil, err
	}
	return evaluate(ctx, runtime.EvaluateParams{
		ContextID: world.ExecutionContextID,
		// From its top: what the header covers of a page that is scrolled is a matter of a pixel more or less.
		Expression: `scrollTo({top: 0, behavior: "instant"}); axe.run(document, {runOnly: ` + rules + `, resultTypes: ["violations"]}).then((result) => result.violations)`,
	})
}
