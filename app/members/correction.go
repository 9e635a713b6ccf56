package members

import (
	"context"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/members"
)

// maxDepartment is how long the name of a unit may be.
const maxDepartment = 200

// AnswerCorrection ends what somebody asked to have corrected of themselves, and gives them the department that they belong to
// if one is named. What the company's directory says stays as it is: it is corrected there.
func (f *Members) AnswerCorrection(ctx context.Context, actor *models.Actor, id int64, department string) error {
	_, err := f.change(ctx, actor, id, func(tx *models.Tx, user *models.User) error {
		if department = strings.TrimSpace(department); department != "" && department != user.Department {
			switch {
			case user.External() || user.UserName != nil && user.RemovedAt == nil:
				return models.Invalid{"department": "roster.directory"}
			case len([]rune(department)) > maxDepartment || !plain(department):
				return models.Invalid{"department": "roster.text_invalid"}
			}
			if err := tx.SetDepartment(id, department); err != nil {
				return err
			}
		}
		if err := tx.AnswerCorrection(id); err != nil {
			return err
		}
		return tx.Record(models.CorrectionAnswered, user, nil)
	})
	return err
}

func (f *Members) postCorrection(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	view := views.Person{Department: c.FormValue("department")}
	if err := f.AnswerCorrection(c.Request().Context(), web.Actor(c), id, view.Department); err != nil {
		return f.refused(c, view, err)
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("corrections.answered")})
	return web.Redirect(c, address(id))
}
