package parts

import (
	"strconv"
	"strings"
)

// The box of a task as app/text writes it.
const (
	openBox = `<input type="checkbox" disabled="">`
	doneBox = `<input type="checkbox" disabled="" checked="">`
)

// HasTasks tells of rendered HTML whether there is something to tick.
func HasTasks(html string) bool { return strings.Contains(html, `<input type="checkbox"`) }

// ticking is rendered HTML in which the box of each task is a button of the form around it, so that it works without scripts. What people
// write never has such a box as a tag: the < of a text is written as an entity.
func ticking(html string) string {
	var b strings.Builder
	for number := 1; ; number++ {
		at := strings.Index(html, `<input type="checkbox" disabled=""`)
		if at < 0 {
			break
		}
		b.WriteString(html[:at])
		html = html[at:]
		done := strings.HasPrefix(html, doneBox)
		box, next := openBox, "done"
		if done {
			box, next = doneBox, "open"
		}
		html = strings.TrimPrefix(html, box)
		said := strconv.Itoa(number)
		b.WriteString(`<button class="tick" type="submit" role="checkbox" aria-checked="` + strconv.FormatBool(done) + `" id="task-` + said + `" name="task" value="` + said + "-" + next + `"></button>`)
	}
	return b.String() + html
}
