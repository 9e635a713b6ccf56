package parts

import (
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"ruche/models"
	"ruche/views/i18n"
)

// Draft names what a form keeps.
type Draft struct {
	Form     string
	SavedAt  *time.Time // of the server's copy, nil if there is none
	Returned bool       // the fields hold what was sent and not taken
}

func (d Draft) savedAt() string {
	if d.SavedAt == nil {
		return ""
	}
	return d.SavedAt.UTC().Format(time.RFC3339Nano)
}

func (f EditorField) upload() string {
	if f.Space == "" {
		return "/files"
	}
	return "/files?" + url.Values{"space": {f.Space}}.Encode()
}

// Accepted are some kinds of files as a file field names them to the browser. What a file is, is found from what is in it.
func Accepted(kinds []models.FileKind) string {
	endings := map[models.FileKind]string{
		models.PDFFile: ".pdf", models.OfficeFile: ".docx,.xlsx,.pptx,.odt,.ods,.odp", models.PictureFile: "image/jpeg,image/png,image/gif,image/webp",
		models.TextFile: ".txt,.md,text/plain", models.TableFile: ".csv,text/csv", models.ArchiveFile: ".zip",
	}
	accepted := make([]string, len(kinds))
	for i, kind := range kinds {
		accepted[i] = endings[kind]
	}
	return strings.Join(accepted, ",")
}

// editorLabels are the words of the editor, as JSON for its script.
func editorLabels(l *i18n.Locale) string {
	raw, _ := json.Marshal(map[string]string{ // strings always marshal
		"toolbar": l.T("editor.toolbar"), "bold": l.T("editor.bold"), "italic": l.T("editor.italic"), "link": l.T("editor.link"),
		"heading": l.T("editor.heading"), "bullet_list": l.T("editor.bullet_list"), "ordered_list": l.T("editor.ordered_list"),
		"quote": l.T("editor.quote"), "table": l.T("editor.table"), "code": l.T("editor.code"), "picture": l.T("editor.picture"),
		"mention": l.T("editor.mention"), "idea": l.T("editor.idea"), "markdown": l.T("editor.markdown"), "markdown_only": l.T("editor.markdown_only"),
		"link_address": l.T("editor.link_address"), "link_text": l.T("editor.link_text"), "link_invalid": l.T("editor.link_invalid"), "link_remove": l.T("editor.link_remove"),
		"alt_text": l.T("editor.alt_text"), "alt_hint": l.T("editor.alt_hint"), "apply": l.T("editor.apply"), "cancel": l.T("editor.cancel"),
		"table_tools": l.T("editor.table_tools"), "row_add": l.T("editor.row_add"), "row_delete": l.T("editor.row_delete"), "column_add": l.T("editor.column_add"),
		"column_delete": l.T("editor.column_delete"), "table_delete": l.T("editor.table_delete"), "task_done": l.T("editor.task_done"),
		"uploading": l.T("editor.uploading"), "upload_failed": l.T("editor.upload_failed"), "upload_offline": l.T("editor.upload_offline"),
		"file": l.T("editor.file"), "upload_cancel": l.T("editor.upload_cancel"), "upload_again": l.T("editor.upload_again"), "dismiss": l.T("editor.dismiss"), "suggestions": l.T("editor.suggestions"),
		"type_more": l.T("editor.type_more"), "no_person": l.T("editor.no_person"), "no_idea": l.T("editor.no_idea"),
		"task_list": l.T("editor.task_list"), "callout": l.T("editor.callout"), "callout_end": l.T("editor.callout_end"),
		"rule": l.T("editor.rule"), "callout_note": l.T("editor.callout_note"), "callout_tip": l.T("editor.callout_tip"), "callout_important": l.T("editor.callout_important"),
		"callout_warning": l.T("editor.callout_warning"), "callout_caution": l.T("editor.callout_caution"), "callout_hint": l.T("editor.callout_hint"),
	})
	return string(raw)
}
