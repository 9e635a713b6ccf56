package discussions

import (
	"strconv"

	"ruche/models"
)

// Shift is a line in a thread that says what has moved.
type Shift struct {
	models.ShiftCard
	EndURL string // to take it back; empty if the reader may not
}

func (n Shift) anchor() string { return "shift-" + strconv.FormatInt(n.ID, 10) }

// key is the sentence that the note says.
func (n Shift) key() string {
	switch {
	case n.Kind == models.ShiftMerge:
		return "shifts.note.merged"
	case n.Here:
		return "shifts.note.came"
	}
	return "shifts.note.went"
}
