package writing

import (
	"fmt"

	"ruche/app/text"
	"ruche/models"
)

// Carry gives a text that was begun with what another place says files of its own for those that it shows from there, named are all that
// it shows: whoever reads it here may not read it there, and it stays whole when the other place goes. The copies are for PlaceCopies, once
// the place of the text is there.
func Carry(tx *models.Tx, from models.About, body, html *string, named []int64) (copies []models.File, err error) {
	if from == (models.About{}) || len(named) == 0 {
		return nil, nil
	}
	files, err := tx.FilesOf(tx.Context(), tx.Actor(), named)
	if err != nil {
		return nil, err
	}
	copies, other, err := tx.CopyFiles(from, files)
	if err != nil || len(copies) == 0 {
		return nil, err
	}
	*body = text.Refiled(*body, other)
	rendered, err := text.Render(*body, text.Body, text.Knowing(append(files, copies...)))
	if err != nil {
		return nil, fmt.Errorf("render with files of its own: %w", err)
	}
	*html = rendered.HTML
	return copies, nil
}
