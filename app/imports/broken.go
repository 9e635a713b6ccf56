package imports

import (
	"context"
	"io"
	"strconv"

	"ruche/app/sheets"
	"ruche/models"
	"ruche/views/i18n"
	views "ruche/views/imports"
)

// writeProblems writes the rows of a file that are broken as CSV, each after its line and what is wrong with it. What is mended there
// can be sent again: the two columns before the others are passed over.
func (f *Imports) writeProblems(ctx context.Context, to io.Writer, run *models.IdeaImport, broken []models.ImportProblem, l *i18n.Locale) error {
	var found reading
	if err := run.Into(run.Reading, &found); err != nil {
		return err
	}
	columns := []sheets.Column{{Title: l.T("imports.line")}, {Title: l.T("imports.why")}}
	for _, name := range found.Columns {
		columns = append(columns, sheets.Column{Title: sheets.Guarded(name)})
	}
	separator := found.Separator
	if separator == "" {
		separator = ";"
	}
	out, err := sheets.NewWriter(to, columns, sheets.Options{Format: sheets.CSV, Separator: separator, Mark: true})
	if err != nil {
		return err
	}
	next := 0
	err = f.eachRow(ctx, run, func(row *sheets.Row) error {
		if next == len(broken) || row.Line != broken[next].Line {
			return nil
		}
		next++
		cells := make([]any, len(columns))
		cells[0], cells[1] = strconv.Itoa(row.Line), views.Mistake(l, broken[next-1])
		for i, cell := range row.Cells[:min(len(row.Cells), len(found.Columns))] {
			cells[i+2] = cell
		}
		return out.Row(cells...)
	})
	if err != nil {
		return err
	}
	return out.Close()
}
