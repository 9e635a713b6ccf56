package ideas_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

// parcel is a form with files.
func parcel(t *testing.T, fields url.Values, files ...string) (io.Reader, http.Header) {
	t.Helper()
	body := &bytes.Buffer{}
	form := multipart.NewWriter(body)
	for name, values := range fields {
		for _, value := range values {
			if err := form.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := 0; i+2 < len(files); i += 3 {
		part, err := form.CreateFormFile(files[i], files[i+1])
		if err == nil {
			_, err = io.WriteString(part, files[i+2])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return body, http.Header{"Content-Type": {form.FormDataContentType()}, "Accept": {"application/json"}}
}

// upload sends a file for a field as the page's script does.
func (h *survey) upload(user *models.User, field string, name, content string) *apptest.Answer {
	h.t.Helper()
	body, header := parcel(h.t, nil, "file", name, content)
	return h.As(user).Do(http.MethodPost, "/files?field="+strings.TrimPrefix(field, "answer_"), body, header)
}

// uploaded is the number of a file that was taken.
func uploaded(t *testing.T, answer *apptest.Answer) string {
	t.Helper()
	var file struct{ ID int64 }
	if err := json.Unmarshal([]byte(answer.Status(http.StatusCreated).Text), &file); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(file.ID)
}

// officeFile is an archive with some entries.
func officeFile(t *testing.T, entries ...string) string {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, name := range append([]string{"[Content_Types].xml", "word/document.xml"}, entries...) {
		if _, err := archive.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const pdf = "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

func files(most int, kinds ...models.FileKind) models.FormField {
	return models.FormField{Kind: models.FileField, Wording: models.Wording{High: most, Accepts: kinds}}
}

func TestFilesAreTakenForAFieldByWhatIsInThem(t *testing.T) {
	h := openSurvey(t)
	field := h.asks("Plan", files(5, models.AllFileKinds()...))
	for name, c := range map[string][2]string{
		"plan.exe": {pdf, "application/pdf"}, "letter.docx": {officeFile(t), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		"notes.md": {"# Notes\n\nSome.", "text/plain"}, "values.csv": {"a;b\n1;2\n", "text/csv"}, "photo": {string(png(t)), "image/png"},
	} {
		file := uploaded(t, h.upload(h.alice, field, name, c[0]))
		sent := h.As(h.alice).Get("/files/" + file).Status(200)
		if sent.Header.Get("Content-Type") != c[1] && !strings.HasPrefix(sent.Header.Get("Content-Type"), c[1]+";") {
			t.Errorf("%s is sent as %s", name, sent.Header.Get("Content-Type"))
		}
		for header, want := range map[string]string{"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox", "Cache-Control": "no-store"} {
			if !strings.Contains(sent.Header.Get(header), want) {
				t.Errorf("%s: %s is %q", name, header, sent.Header.Get(header))
			}
		}
		h.As(h.bob).Get("/files/" + file).Status(404) // until an answer names it
	}
	for name, content := range map[string]string{
		"page.html": "<html><script>alert(1)</script></html>", "picture.svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "run.pdf": "MZ\x90\x00\x03\x00\x00\x00",
		"archive.docx": "PK\x03\x04\x14\x00\x00\x00", "macro.docx": officeFile(t, "word/vbaProject.bin"), "old.txt": "caf\xe9 au lait", "zeros.csv": "a,b\n1,\x002\n", "empty.pdf": "", "old.doc": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600),
	} {
		if answer := h.upload(h.alice, field, name, content); answer.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s is answered %d", name, answer.StatusCode)
		}
	}
	narrow := h.asks("Photo", files(1, models.PictureFile))
	h.upload(h.alice, narrow, "plan.pdf", pdf).Status(422).See("does not take files of this kind")
	h.upload(h.alice, h.asks("Text", models.FormField{Kind: models.ShortField}), "plan.pdf", pdf).Status(404)
	h.upload(h.alice, "answer_999", "plan.pdf", pdf).Status(404)
	h.As(h.alice).Do(http.MethodPost, "/files?field=x", strings.NewReader("x"), nil).Status(400)
	body, header := parcel(t, nil, "file", "plan.pdf", pdf)
	if answer := h.Visitor().Do(http.MethodPost, "/files?field=1", body, header); answer.StatusCode < 400 {
		t.Errorf("a visitor's file is answered %d", answer.StatusCode)
	}
}

func TestAFileIsSeenAsTheAnswerIsThatNamesIt(t *testing.T) {
	h := openSurvey(t)
	h.evaluates(h.eve)
	var answers []string
	sent := map[models.AnswerVisibility]string{}
	for _, visibility := range models.AnswerVisibilities() {
		field := files(2, models.PDFFile)
		field.Visibility = visibility
		name := h.asks("For "+string(visibility), field)
		sent[visibility] = uploaded(t, h.upload(h.alice, name, string(visibility)+" Alice.pdf", pdf))
		answers = append(answers, name, sent[visibility])
	}
	path := h.propose(answers...)
	h.As(h.alice).Get(path).See("private Alice.pdf", "/files/"+sent[models.AnswersPrivate])
	for user, seen := range map[*models.User]int{h.alice: 4, h.mona: 4, h.sven: 3, h.eve: 2, h.xavier: 1, h.bob: 1} {
		for i, visibility := range models.AnswerVisibilities() {
			status := http.StatusOK
			if i >= seen {
				status = http.StatusNotFound
			}
			h.As(user).Get("/files/" + sent[visibility]).Status(status)
		}
	}
	h.Visitor().Get("/files/" + sent[models.AnswersForAll]).Status(404)
	// A text that shows it opens it to nobody.
	h.send(h.alice, "/ideas/1", url.Values{"title": {"Weigh it"}, "body": {"![x](/files/" + sent[models.AnswersPrivate] + ")"}, "base": {"1"}}).Status(303)
	h.As(h.bob).Get("/files/" + sent[models.AnswersPrivate]).Status(404)

	h.Tx(nil, func(tx *models.Tx) error {
		card, err := tx.LockScorecard(h.campaign.ID)
		if err == nil {
			_, err = tx.Assign(card)
		}
		return err
	})
	h.As(h.eve).Get("/ideas/1/evaluation").Status(200).See("For evaluators", "/files/"+sent[models.AnswersForEvaluators]).NotSee("Alice.pdf", "For team")
	if name := h.As(h.eve).Get("/files/" + sent[models.AnswersForEvaluators] + "?unnamed=1").Status(200).Header.Get("Content-Disposition"); strings.Contains(name, "Alice") {
		t.Errorf("the file is called %s", name)
	}
	h.send(h.alice, "/ideas/1/withdrawal", nil)
	h.send(h.mona, "/campaigns/1/form/1", url.Values{"label_en": {"Plan"}, "visibility": {"team"}, "base": {"1"}, "highest": {"2"}, "accepts": {"pdf"}}).Status(303)
	h.As(h.bob).Get("/files/" + sent[models.AnswersForAll]).Status(404)
}

func TestFilesAreNamedChangedAndKeptWithTheVersions(t *testing.T) {
	h := openSurvey(t)
	field := h.asks("Plans", files(2, models.PDFFile))
	one, two, three := uploaded(t, h.upload(h.alice, field, "one.pdf", pdf)), uploaded(t, h.upload(h.alice, field, "two.pdf", pdf)), uploaded(t, h.upload(h.alice, field, "three.pdf", pdf))
	other := uploaded(t, h.upload(h.bob, field, "bob.pdf", pdf))
	h.send(h.alice, "/ideas", h.proposal(field, one, field, two, field, three)).Status(422).See("More files than this question takes", "one.pdf")
	h.send(h.alice, "/ideas", h.proposal(field, other)).Status(422).See("no longer there").NotSee("bob.pdf")
	h.send(h.alice, "/ideas", h.proposal(field, "999")).Status(422)
	draft(h.As(h.alice), "idea/new", fmt.Sprintf(`{"campaign":"1","title":"Weigh","body":"Begun.",%q:%q}`, field, one+"\n"+two)).Status(200)
	h.As(h.alice).Get("/ideas/new").See("one.pdf", "two.pdf", `type="file"`).NotSee("three.pdf")
	h.Site.App.Files.Sweep(t.Context(), -time.Hour)
	h.As(h.alice).Get("/files/" + one).Status(200) // the draft keeps it
	h.As(h.alice).Get("/files/" + three).Status(404)

	path := h.propose(field, one)
	h.As(h.bob).Get(path).See("one.pdf").NotSee("two.pdf")
	edit := url.Values{"title": {"Weigh the scrap"}, "body": {"At each station."}, "base": {"1"}, field: {"", two}}
	h.send(h.bob, "/ideas/1", edit).Status(403)
	h.send(h.alice, "/ideas/1", edit).Status(303)
	h.As(h.bob).Get(path).See("two.pdf").NotSee("one.pdf")
	h.As(h.bob).Get("/ideas/1/versions/2").See("<del>one</del>", "<ins>two</ins>", "Plans")
	h.As(h.bob).Get("/files/" + one).Status(200)
	edit.Set("base", "2")
	edit[field] = []string{"", one, two}
	h.send(h.alice, "/ideas/1", edit).Status(303) // what a version had can come back
	h.As(h.bob).Get(path).See("one.pdf", "two.pdf")
	h.send(h.bob, "/ideas", h.proposal(field, one)).Status(422) // the file of another idea
}

func TestFilesComeWithTheFormWhereNoScriptsRun(t *testing.T) {
	h := openSurvey(t)
	field := h.asks("Plans", files(2, models.PDFFile))
	upload := strings.Replace(field, "answer", "upload", 1)
	form := h.proposal(field, "")
	form.Set("title", "")
	body, header := parcel(t, form, upload, "one.pdf", pdf, upload, "two.txt", "no plan")
	h.As(h.alice).Do(http.MethodPost, "/ideas", body, header).Status(422).See("does not take files of this kind", "one.pdf", `value="1" checked`)
	form = h.proposal(field, "1")
	body, header = parcel(t, form, upload, "two.pdf", pdf)
	h.As(h.alice).Do(http.MethodPost, "/ideas", body, header).Status(303)
	h.As(h.bob).Get("/ideas/1-weigh-the-scrap").See("one.pdf", "two.pdf")
}

func TestFilesOfSomebodyHiddenLoseTheirNamesAndDocumentsAreNotTaken(t *testing.T) {
	h := openSurvey(t)
	field := h.asks("Photo", files(1, models.PictureFile))
	both := h.asks("Both", files(1, models.PictureFile, models.PDFFile))
	h.promise(models.HiddenAuthors)
	h.upload(h.alice, both, "alice.pdf", pdf).Status(422)
	h.send(h.mona, "/campaigns/1/form", url.Values{"kind": {"file"}, "label_en": {"Plan"}, "visibility": {"everyone"}, "highest": {"1"}, "accepts": {"pdf"}}).Status(422).See("documents that hold their names are not taken")
	photo := uploaded(t, h.upload(h.alice, field, "alice.png", string(png(t))))
	form := h.proposal(field, photo, "anonymity", "hidden")
	h.send(h.alice, "/ideas", form).Status(303)
	h.As(h.bob).Get("/ideas/1-weigh-the-scrap").See("/files/" + photo).NotSee("alice.png")
	for _, user := range []*models.User{h.alice, h.bob} {
		if name := h.As(user).Get("/files/" + photo).Status(200).Header.Get("Content-Disposition"); strings.Contains(name, "alice") {
			t.Errorf("the file is called %s", name)
		}
	}
}

func TestWhatAFieldAsksOfFilesIsBounded(t *testing.T) {
	h := openSurvey(t)
	h.As(h.mona).Get("/campaigns/1/form/new?kind=file").Status(200).See("Which files", `name="accepts"`)
	wrong := url.Values{"kind": {"file"}, "label_en": {"Plan"}, "visibility": {"everyone"}, "highest": {"6"}, "accepts": {"exe"}}
	h.send(h.mona, "/campaigns/1/form", wrong).Status(422).See("Choose from one to five files", "at least one kind of file")
	h.send(h.mona, "/campaigns/1/form", url.Values{"kind": {"file"}, "label_en": {"Plan"}, "visibility": {"everyone"}, "highest": {"3"}, "accepts": {"pdf", "table"}}).Status(303)
	h.As(h.alice).Get("/ideas/new?campaign=1").See("Up to 3 files of 10 MB each: PDF, CSV tables.", `accept=".pdf,.csv,text/csv"`)
	for range 100 {
		h.Tx(nil, func(tx *models.Tx) error {
			return tx.CreateFile(&models.File{UserID: h.alice.ID, Key: "x", ContentType: "text/plain"})
		})
	}
	h.upload(h.alice, "answer_1", "plan.pdf", pdf).Status(422).See("uploaded many files")
}

func TestAProgramUploadsAndNamesAFile(t *testing.T) {
	h := openSurvey(t)
	field := files(1, models.PDFFile)
	field.Visibility = models.AnswersForTeam
	h.asks("Plan", field)
	call := func(user *models.User, scope models.Scope, method, path string, body io.Reader, header http.Header) *apptest.Answer {
		t.Helper()
		header.Set("Authorization", "Bearer "+h.Token(user, scope))
		return h.Visitor().Do(method, "/api/v1"+path, body, header)
	}
	send := func(user *models.User, scope models.Scope, path, content string) *apptest.Answer {
		body, header := parcel(t, nil, "file", "plan.pdf", content)
		return call(user, scope, http.MethodPost, path, body, header)
	}
	send(h.alice, models.ScopeRead, "/campaigns/1/form/1/files", pdf).Status(403)
	send(h.alice, models.ScopeWrite, "/campaigns/2/form/1/files", pdf).Status(404)
	send(h.alice, models.ScopeWrite, "/campaigns/1/form/1/files", "no plan").Status(422).See("does not take files of this kind")
	file := uploaded(t, send(h.alice, models.ScopeWrite, "/campaigns/1/form/1/files", pdf))
	json := http.Header{"Content-Type": {"application/json"}}
	call(h.alice, models.ScopeWrite, "POST", "/ideas", strings.NewReader(`{"campaign":1,"title":"Weigh the scrap","body":"Here.","answers":[{"field":1,"value":"`+file+`"}]}`), json).Status(201).
		See(`"files":[{"id":`+file+`,"name":"plan.pdf","content_type":"application/pdf"`, "/api/v1/files/"+file)
	call(h.mona, models.ScopeRead, "GET", "/files/"+file+"/content", nil, http.Header{}).Status(200).See("%PDF")
	call(h.bob, models.ScopeRead, "GET", "/files/"+file, nil, http.Header{}).Status(404)
	call(h.bob, models.ScopeRead, "GET", "/files/"+file+"/content", nil, http.Header{}).Status(404)
}

func TestAnAnswerKeepsThePromiseUnderWhichItWasGiven(t *testing.T) {
	h := openSurvey(t)
	field := h.asks("Cost", models.FormField{Kind: models.ShortField, Visibility: models.AnswersForEvaluators})
	h.propose(field, "secret")
	modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE idea_answers SET visibility = 'experts'") // as the answers of former times are
	h.evaluates(h.eve)
	path := "/ideas/1-weigh-the-scrap"
	h.As(h.eve).Get(path).NotSee("secret")
	h.As(h.xavier).Get(path).See("secret", "for the experts of the space")
	h.send(h.alice, "/ideas/1", url.Values{"title": {"Weigh the scrap"}, "body": {"At each station."}, "base": {"1"}, field: {"told anew"}}).Status(303)
	h.As(h.eve).Get(path).See("told anew")
	h.As(h.xavier).Get(path).NotSee("told anew")
	h.As(h.xavier).Get("/ideas/1/versions/1").See("secret")
	h.send(h.mona, "/campaigns/1/form/1", url.Values{"label_en": {"Cost"}, "visibility": {"team"}, "base": {"1"}}).Status(303)
	h.As(h.eve).Get(path).NotSee("told anew")
	h.As(h.xavier).Get("/ideas/1/versions/1").NotSee("secret")
	h.As(h.sven).Get(path).See("told anew")
}
