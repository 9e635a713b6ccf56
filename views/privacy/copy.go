package privacy

import (
	_ "embed" // the style sheet of a copy
	"fmt"
	"strconv"
	"strings"
	"time"

	"ruche/models"
	"ruche/views/i18n"
)

// CopyStyle is the sheet beside the page of a copy, which is read without the house.
//
//go:embed copy.css
var CopyStyle string

// CopyHead is what the page of a copy says about itself.
type CopyHead struct {
	L                    *i18n.Locale
	Company, Name, House string
	Now                  time.Time
}

// PicturePath is where a picture is in a copy.
func PicturePath(id int64, name string) string {
	return fmt.Sprintf("pictures/%d-%s", id, strings.NewReplacer("/", "-", `\`, "-").Replace(name))
}

// IdeaOf is the idea that a row refers to, 0 if to none.
func IdeaOf(row []models.Field) int64 {
	about := ""
	for _, field := range row {
		switch {
		case field.Name == "idea_id", field.Name == "subject_id" && about == "idea":
			id, _ := field.Value.(int64)
			return id
		case field.Name == "subject":
			about, _ = field.Value.(string)
		}
	}
	return 0
}

// value is what a column holds, in words.
func value(head CopyHead, field models.Field) string {
	switch v := field.Value.(type) {
	case time.Time:
		return head.L.DateTime(v)
	case []byte:
		return string(v)
	case bool:
		return head.L.T("privacy.copy." + strconv.FormatBool(v))
	case string:
		for _, prefix := range words[field.Name] {
			if head.L.Has(prefix + v) {
				return head.L.T(prefix + v)
			}
		}
		return v
	}
	return fmt.Sprint(field.Value)
}

// words are where the catalogue says in words what the program writes in columns.
var words = map[string][]string{
	"role":  {"users.role.", "spaces.role."},
	"verb":  {"audit.verb."},
	"stage": {"stage."},
}

// label is the name of a column.
func label(head CopyHead, column string) string {
	if key := "privacy.column." + column; head.L.Has(key) {
		return head.L.T(key)
	}
	return column
}

// tableName is the name of a table.
func tableName(head CopyHead, table string) string {
	if key := "privacy.table." + table; head.L.Has(key) {
		return head.L.T(key)
	}
	return table
}
