package ideas_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// sends uploads a file for a text as the editor does, and returns its number.
func (h *house) sends(t *testing.T, user *models.User, name, content string) string {
	t.Helper()
	body, header := parcel(t, nil, "file", name, content)
	return uploaded(t, h.As(user).Do(http.MethodPost, "/files?space=ateliers", body, header))
}

func TestATextBringsFilesAlongAsCards(t *testing.T) {
	h := open(t)
	plan, notes := h.sends(t, h.alice, "The plan.pdf", pdf), h.sends(t, h.alice, "notes.txt", "Some notes.")
	form := idea("ateliers", "With a plan")
	form["body"] = "See [The plan.pdf](/files/" + plan + ")."
	path := h.As(h.alice).Post("/ideas", form).Status(303).Header.Get("Location")
	h.As(h.bob).Get(path).Status(200).See(`<a href="/files/`+plan+`" class="attachment" download="" data-type="PDF"`, `data-en="1`)
	h.As(h.bob).Get("/files/" + plan).Status(200)
	h.As(h.bob).Get("/files/" + notes).Status(404)
	h.As(h.alice).Post("/ideas/1/comments", apptest.Form{"body": "And [notes.txt](/files/" + notes + ")"}).Status(303)
	h.As(h.bob).Get("/files/" + notes).Status(200)
	h.Visitor().Get("/files/" + notes).Status(404)

	other := h.sends(t, h.bob, "salary.txt", "A secret.")
	h.As(h.alice).Post("/ideas/1/comments", apptest.Form{"body": "[x](/files/" + other + ")"}).Status(303)
	h.As(h.alice).Get("/files/" + other).Status(404) // to name a file takes nothing from its owner
	h.As(h.bob).Get(path).NotSee(`<a href="/files/` + other + `" class="attachment"`)
}

func TestFilesOfTextsComeWithTheFormWhereNoScriptsRun(t *testing.T) {
	h := open(t)
	form := url.Values{"space": {"ateliers"}, "title": {"With a plan"}, "body": {"See below."}}
	body, header := parcel(t, form, "picture", "The plan.pdf", pdf, "picture", "values.csv", "a;b\n1;2\n")
	path := h.As(h.alice).Do("POST", "/ideas", body, header).Status(303).Header.Get("Location")
	h.As(h.bob).Get(path).Status(200).See("See below.", `data-type="PDF"`, ">The plan.pdf</a>", `data-type="CSV"`, ">values.csv</a>")
	h.As(h.bob).Get("/files/2").Status(200)
}

func TestWhereAuthorsAreHiddenNoDocumentTellsWhoTheyAre(t *testing.T) {
	h := promising(t, models.HiddenAuthors)
	plan, table := h.sends(t, h.alice, "alice.pdf", pdf), h.sends(t, h.alice, "alice.csv", "a;b\n1;2\n")
	form := h.hidden(h.As(h.alice))
	form["body"] = "See [the plan](/files/" + plan + ")."
	h.As(h.alice).Post("/ideas", form).Status(422).See("can hold the name of whoever made them")
	form["body"] = "See [the values](/files/" + table + ")."
	h.As(h.alice).Post("/ideas", form).Status(303)
	if name := h.As(h.bob).Get("/files/" + table).Status(200).Header.Get("Content-Disposition"); strings.Contains(name, "alice") {
		t.Errorf("the file is called %s", name)
	}
	file, err := h.DB.File(t.Context(), h.Actor(h.bob), 2)
	if err != nil || file.UserID == h.alice.ID || file.Digest != "" || file.UploadID != "" || file.Name != "" {
		t.Errorf("%+v, %v", file, err)
	}
}

func TestAFullSpaceIsSaidAtTheText(t *testing.T) {
	h := &house{Site: apptest.Start(t, func(c *app.Config, _ *app.Options) { c.SpaceFiles, c.PersonFiles = "1 MB", "none" })}
	h.alice, h.bob = h.Person("Alice", models.RoleEmployee), h.Person("Bob", models.RoleManager)
	h.ateliers = h.Space("ateliers", models.Company, nil)
	first, second := h.sends(t, h.alice, "first.txt", strings.Repeat("a", 600_000)), h.sends(t, h.alice, "second.txt", strings.Repeat("b", 600_000))
	form := idea("ateliers", "With values")
	form["body"] = "[a](/files/" + first + ")"
	h.As(h.alice).Post("/ideas", form).Status(303)
	form["title"], form["body"] = "With more", "[b](/files/"+second+")"
	h.As(h.alice).Post("/ideas", form).Status(422).See("take all the room it has", "[b](/files/2)")
	h.As(h.alice).Post("/ideas/1/comments", apptest.Form{"body": form["body"]}).Status(422).See("take all the room it has")
	h.As(h.alice).Get("/account").Status(200).See("Room for files", fmt.Sprintf("<p>%s</p>", "2 MB"))
	h.As(h.bob).Get("/spaces/ateliers/settings").Status(200).See("Room for files", "600 kB of 1 MB", `value="60"`)
	h.As(h.alice).Get("/spaces/ateliers/settings").Status(403)
}
