package text_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"ruche/app/text"
)

// costly returns the worst texts known, none longer than a body may be.
func costly(t *testing.T) map[string]string {
	r := strings.Repeat
	list := map[string]string{
		"10,000 quotes":           r(">", 10_000) + "a",
		"10,000 spaced quotes":    r("> ", 10_000) + "a",
		"10,000 lists":            r("- ", 10_000) + "a",
		"10,000 numbered lists":   r("1. ", 10_000) + "a",
		"10,000 tasks":            r("- [x] ", 10_000),
		"a staircase of lists":    staircase(440),
		"quotes on every line":    r(r(">", 99)+"a\n", 1000),
		"quotes below the limit":  r(r(">", 45)+"a\n", 2000),
		"open brackets":           r("[", 100_000),
		"open pictures":           r("![", 50_000),
		"empty links":             r("[](", 33_000),
		"open links":              r("[a](", 25_000),
		"open angle links":        r("[a](<b", 16_000),
		"escaped links":           r(`[a](\(`, 16_000),
		"links at the limit":      r(r("[](", 1_499)+"\n\n", 22),
		"open links at the limit": r(r("[a](<b", 1_499)+"\n\n", 11),
		"brackets in emphasis":    r("*[", 5000) + r("](a)*", 5000),
		"a reference repeated":    "[a]: " + r("x", 50_000) + "\n\n" + r("[a] ", 12_000),
		"many short references":   "[a]: /" + r("x", 18) + "\n\n" + r(r("[a] ", 1_400)+"\n\n", 16),
		"unfinished definitions":  r("[a]:\n", 20_000),
		"open titles":             r("[a]: b \"\n", 11_000),
		"emphasis opened":         r("*a **a ", 14_000),
		"emphasis mixed":          r("*a_ ", 25_000),
		"emphasis at the limit":   r(r("*a_ ", 745)+"\n\n", 33),
		"stars and underscores":   r("_*", 50_000),
		"stars":                   r("*", 99_999),
		"strikes":                 r("~~a ~b ", 14_000),
		"backticks":               r("` `` ", 20_000),
		"backslashes":             r(`\`, 100_000),
		"angle brackets":          r("<", 100_000),
		"open tags":               r("<a ", 33_000),
		"ampersands":              r("&", 100_000),
		"www":                     r("www.", 25_000),
		"schemes":                 r("http://", 14_000),
		"mail addresses":          r("a@b.", 25_000),
		"one long mail address":   r("a.", 49_990) + "@b.c",
		"addresses in brackets":   r("(http://a.b/(", 7_000),
		"a wide table":            r("|a", 16_000) + "|\n" + r("|-", 16_000) + "|\n" + r("|\n", 16_000),
		"a table at the limit":    r("|a", 50) + "|\n" + r("|-", 50) + "|\n" + r("|\n", 1900),
		"tables":                  r("a|b\n-|-\nc|d\n\n", 6_000),
		"fences":                  r("```\n", 25_000),
		"headings":                r("# a\n", 25_000),
		"underlined headings":     r("a\n-\n", 25_000),
		"rules":                   r("***\n", 25_000),
		"empty lines":             r("\n", 100_000),
		"spaces":                  r("a"+r(" ", 50), 1_900),
		"tabs":                    r("\t", 100_000),
		"one word":                r("a", 100_000),
		"NULs":                    r("\x00", 100_000),
		"invalid bytes":           r("\xff", 100_000),
		"mentions":                r("[@a](/people/1) \n\n", 5_500),
		"groups":                  r("[@a](/groups/1) \n\n", 5_500),
		"quotes of posts":         r("> [a](/posts/1):\n> b\n\n", 4_000),
		"marks":                   "a" + r("\u0301", 49_000),
		"marks as entities":       "a" + r("&#769;", 16_000),
		"pictures":                r("![a](/files/1)\n\n", 6_000),
		"pictures in pictures":    r("![", 9_000) + r("](/files/1)", 9_000),
	}
	files, err := filepath.Glob(sampleData("corpora", "markdown", "pathological", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		list[filepath.Base(file)] = string(data[:min(len(data), text.MaxBody)])
	}
	t.Logf("%d texts, %d of them from the public corpus", len(list), len(files))
	return list
}

func staircase(steps int) string {
	var b strings.Builder
	for i := range steps {
		fmt.Fprintf(&b, "%s* a\n", strings.Repeat(" ", i))
	}
	return b.String()
}

func TestNoTextTakesLongOrMuch(t *testing.T) {
	var slowest time.Duration
	var most uint64
	refused := 0
	for name, markdown := range costly(t) {
		took, spent, r, err := cost(markdown)
		for range 4 { // other work shares the caches: the text's own cost is the least that was seen
			if took > time.Second/2 {
				again, _, _, _ := cost(markdown)
				took = min(took, again)
			}
		}
		if took > time.Second || spent > 256 || len(r.HTML) > 6_000_000 {
			t.Errorf("%s: %s, %d MB, %d bytes of HTML", name, took, spent, len(r.HTML))
		}
		if err != nil {
			refused++
		}
		if took > 100*time.Millisecond {
			t.Logf("%s: %s, %d MB, %v", name, took, spent, err)
		}
		slowest, most = max(slowest, took), max(most, spent)
	}
	t.Logf("slowest %s, most memory %d MB in all, %d refused", slowest, most, refused)
}

// cost renders a text and tells how long that computed and how many megabytes were allocated in all.
func cost(markdown string) (took time.Duration, megabytes uint64, r text.Rendered, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	took = computing(func() { r, err = text.Render(markdown[:min(len(markdown), text.MaxBody)], text.Body, nil) })
	runtime.ReadMemStats(&after)
	return took, (after.TotalAlloc - before.TotalAlloc) >> 20, r, err
}

// computing is the CPU time that something takes on its thread: what else runs on the machine is not its cost.
func computing(do func()) time.Duration {
	const thread = 1 // RUSAGE_THREAD of Linux
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(thread, &u); err != nil {
			panic(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := used()
	do()
	return used() - before
}
