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
