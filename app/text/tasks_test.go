package text_test

import (
	"strings"
	"testing"

	"ruche/app/text"
)

func TestOneTaskIsTicked(t *testing.T) {
	const markdown = "- [ ] a\n  1. [X] b\n\n```\n- [ ] no task\n```\n\n> [!HINT]\n> - [ ] not shown\n\n> [!NOTE]\n> -  [ ] *c*\n\n[ ] none\n"
	if shown := strings.Count(render(t, markdown).HTML, `<input type="checkbox"`); shown != 3 {
		t.Fatalf("%d tasks are shown", shown)
	}
	for number, want := range map[int]string{
		1: strings.Replace(markdown, "[ ] a", "[x] a", 1),
		2: markdown[:strings.Index(markdown, "[X]")] + "[x]" + markdown[strings.Index(markdown, "[X]")+3:],
		3: strings.Replace(markdown, "[ ] *c*", "[x] *c*", 1),
	} {
		if got, ok := text.Tick(markdown, number, true); !ok || got != want {
			t.Errorf("task %d: %v\n%s", number, ok, got)
		}
	}
	if got, ok := text.Tick(markdown, 2, false); !ok || got != strings.Replace(markdown, "[X]", "[ ]", 1) {
		t.Errorf("not done: %v\n%s", ok, got)
	}
	for _, number := range []int{-1, 0, 4, 1 << 40} {
		if _, ok := text.Tick(markdown, number, true); ok {
			t.Errorf("there is a task %d", number)
		}
	}
}

func TestATaskIsFoundAgain(t *testing.T) {
	const before = "- [ ] a\n- [ ] b\n- [ ] a\n"
	for name, c := range map[string]struct {
		number int
		now    string
		want   int
	}{
		"ticked meanwhile": {1, "- [x] a\n- [ ] b\n- [x] a\n", 1},
		"moved":            {2, "- [ ] b\n\nAnd:\n\n- [ ] c\n", 1},
		"with other words": {2, "- [ ] a\n- [ ] bee\n", 0},
		"one of two":       {1, "- [ ] b\n- [ ] a\n- [ ] a\n", 0},
		"gone":             {3, "Nothing.", 0},
	} {
		if got, ok := text.SameTask(before, c.number, c.now); got != c.want || ok != (c.want != 0) {
			t.Errorf("%s: %d, %v", name, got, ok)
		}
	}
}
