package discussions

import (
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/discussions"
	"ruche/views/layout"
)

// tending shows what those who look after a space can do about a thread.
func (f *Discussions) tending(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	return f.tendingPage(c, http.StatusOK, id, nil)
}

func (f *Discussions) tendingPage(c echo.Context, status int, id int64, problems models.Invalid) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	thread, err := f.db.Thread(ctx, actor, id)
	if err != nil {
		return err
	}
	if !actor.MayTend(thread) {
		return actor.Refusal(models.Moderate, &models.Space{ID: thread.SpaceID})
	}
	view := views.Tending{Thread: thread, Space: *actor.Access(thread.SpaceID), Problems: problems, Reason: thread.CloseReason}
	if problems != nil {
		view.Reason = c.FormValue("reason")
	}
	view.Spaces = slices.DeleteFunc(writable(actor), func(s models.SpaceAccess) bool { return s.ID == thread.SpaceID || s.Unaccepted })
	page, err := f.web.Page(c, "discussions", web.Locale(c).T("discussions.tend"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.TendingPage(page, view))
}

// untended shows the page again with what was wrong.
func (f *Discussions) untended(c echo.Context, id int64, err error) error {
	var problems models.Invalid
	if errors.As(err, &problems) {
		return f.tendingPage(c, http.StatusUnprocessableEntity, id, problems)
	}
	return err
}

// spaceToArrange finds the space that the address names, if the actor arranges its topics.
func (f *Discussions) spaceToArrange(c echo.Context) (*models.SpaceAccess, error) {
	return arranging(web.Actor(c), c.Param("slug"))
}

func (f *Discussions) topics(c echo.Context) error {
	access, err := f.spaceToArrange(c)
	if err != nil {
		return err
	}
	return f.topicsPage(c, http.StatusOK, views.Topics{Space: *access})
}

func (f *Discussions) topicsPage(c echo.Context, status int, view views.Topics) (err error) {
	if view.Topics, err = f.db.Topics(c.Request().Context(), view.Space.ID); err != nil {
		return err
	}
	page, err := f.web.Page(c, "discussions", web.Locale(c).T("discussions.topics"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.TopicsPage(page, view))
}

func topicsURL(access *models.SpaceAccess) string { return "/spaces/" + access.Slug + "/topics" }

func (f *Discussions) createTopic(c echo.Context) error {
	access, err := f.spaceToArrange(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	_, err = f.CreateTopic(c.Request().Context(), web.Actor(c), NewTopic{Space: access.ID, Title: c.FormValue("title"), Description: c.FormValue("description")})
	var problems models.Invalid
	if errors.As(err, &problems) {
		return f.topicsPage(c, http.StatusUnprocessableEntity, views.Topics{Space: *access, Title: c.FormValue("title"), Description: c.FormValue("description"), Problems: problems})
	}
	if err != nil {
		return err
	}
	return f.arranged(c, access, "topic_created", "")
}

func (f *Discussions) arranged(c echo.Context, access *models.SpaceAccess, toast, undo string) error {
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("discussions.toast." + toast), UndoAction: undo})
	return web.Redirect(c, topicsURL(access))
}

// changeTopic does one change to the topic that the address names.
func (f *Discussions) changeTopic(c echo.Context, verb string, do func(*models.Tx, *models.Topic) error) (*models.SpaceAccess, *models.Topic, error) {
	access, err := f.spaceToArrange(c)
	if err != nil {
		return nil, nil, err
	}
	if err := web.ParseForm(c); err != nil {
		return nil, nil, err
	}
	var topic *models.Topic
	err = f.db.Tx(c.Request().Context(), web.Actor(c), func(tx *models.Tx) (err error) {
		if topic, err = tx.Topic(tx.Context(), access.ID, c.Param("topic")); err != nil {
			return err
		}
		if err := do(tx, topic); err != nil {
			return err
		}
		return tx.Record(verb, topic, nil)
	})
	return access, topic, err
}

func (f *Discussions) saveTopic(c echo.Context) error {
	access, topic, err := f.changeTopic(c, models.TopicEdited, func(tx *models.Tx, topic *models.Topic) error {
		topic.Title, topic.Description = c.FormValue("title"), c.FormValue("description")
		return tx.EditTopic(topic)
	})
	var problems models.Invalid
	if errors.As(err, &problems) {
		return f.topicsPage(c, http.StatusUnprocessableEntity, views.Topics{Space: *access, Edited: topic, Problems: problems})
	}
	if err != nil {
		return err
	}
	return f.arranged(c, access, "topic_edited", "")
}

func (f *Discussions) stepTopic(c echo.Context) error {
	steps := map[string]int{"up": -1, "down": 1}
	access, _, err := f.changeTopic(c, models.TopicsOrdered, func(tx *models.Tx, topic *models.Topic) error {
		step := steps[c.FormValue("to")]
		if step == 0 {
			return models.Invalid{"to": "discussions.flag_invalid"}
		}
		_, err := tx.StepTopic(topic, step)
		return err
	})
	if err != nil {
		return err
	}
	return f.arranged(c, access, "topics_ordered", "")
}

func (f *Discussions) archiveTopic(c echo.Context) error {
	archived, err := flag(c, "archived")
	if err != nil {
		return err
	}
	verb, toast, undo := models.TopicArchived, "topic_archived", "0"
	if !archived {
		verb, toast, undo = models.TopicReopened, "topic_reopened", "1"
	}
	access, topic, err := f.changeTopic(c, verb, func(tx *models.Tx, topic *models.Topic) error { return tx.ArchiveTopic(topic, archived) })
	if err != nil {
		return err
	}
	return f.arranged(c, access, toast, topicsURL(access)+"/"+topic.Slug+"/archive?archived="+undo)
}
