package ideas

import (
	"github.com/a-h/templ"

	"ruche/models"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Column is a stage on a board, with the first of the ideas that stand there.
type Column struct {
	Stage models.Stage
	Rows  []parts.IdeaRow
	More  bool // there are others
	Count int  // how many stand there; 0 where that is not counted
}

// railDepartments is how many departments stand beside a list; its filter has more of them.
const railDepartments = 8

// whose are the lists of somebody: all ideas, and those that concern them.
func whose(p layout.Page, v List) []parts.Tab {
	tab := func(label string, active bool, mine, followed, near bool) parts.Tab {
		return parts.Tab{URL: v.Filter.with(func(f *Filter) { f.Mine, f.Followed, f.Near = mine, followed, near }), Label: p.L.T(label), Count: -1, Active: active}
	}
	f := v.Filter
	tabs := []parts.Tab{
		tab("ideas.whose.all", !f.Mine && !f.Followed && !f.Near, false, false, false),
		tab("ideas.whose.followed", f.Followed, false, true, false),
		tab("ideas.whose.mine", f.Mine, true, false, false),
	}
	if v.Inside {
		tabs = append(tabs, tab("ideas.whose.near", f.Near, false, false, true))
	}
	return tabs
}

// any tells whether there is an idea to show.
func (v List) any() bool { return len(v.Rows) > 0 || len(v.Columns) > 0 }

// listRail is what stands beside a list. A board takes the whole width.
func listRail(p layout.Page, v List) templ.Component {
	if v.Filter.View == AsBoard {
		return nil
	}
	return overview(p, v)
}

// all is the address of the list of a column's ideas.
func (v List) all(c Column) string {
	return v.Filter.with(func(f *Filter) { f.Stage, f.View = string(c.Stage), AsList })
}

// rest is how many ideas of a column the board does not show; 0 where that is not known.
func (c Column) rest() int { return max(0, c.Count-len(c.Rows)) }
