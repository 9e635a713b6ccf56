package app_test

import (
	"net/http"

	"ruche/app/apptest"
	"ruche/models"
)

// prepared is an answer to an idea of a space that everybody of the company sees, as a form chooses it.
func (w *world) prepared() string {
	w.t.Helper()
	w.furnish(models.Company)
	idea := w.current[models.Company].idea
	w.lead().client.Post("/ideas/"+idea+"/answer", apptest.Form{"decision": "declined.cost", "body": "It costs more than it brings.", "answer": "0", "version": "0"}).Status(http.StatusSeeOther)
	return idea + ".1"
}

// answered gives the next idea of a space its answer.
func answered(visibility models.Visibility) func(*world) {
	return func(w *world) {
		w.lead().client.Post("/ideas/"+w.current[visibility].idea+"/answer", apptest.Form{"decision": "declined.cost", "body": "It costs more than it brings.", "answer": "0", "version": "0", "publish": "1"}).Status(http.StatusSeeOther)
	}
}
