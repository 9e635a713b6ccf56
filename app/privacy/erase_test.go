package privacy_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	indexes "github.com/blevesearch/bleve_index_api"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

// record keeps everything that is logged during a test.
func record(t *testing.T) *bytes.Buffer {
	t.Helper()
	log, before := &bytes.Buffer{}, slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(before) })
	return log
}

// traces says where the name or the address of somebody still stands: in any text of the database, the search index on disk, or the log.
func traces(t *testing.T, site *apptest.Site, log *bytes.Buffer, words ...string) (places []string) {
	t.Helper()
	places = modelstest.Find(t, site.Config.DatabaseURL, words...)
	for _, text := range indexed(t, filepath.Join(site.Config.DataDir, "search")) {
		for _, word := range words {
			if strings.Contains(strings.ToLower(text), strings.ToLower(word)) {
				places = append(places, "the index has "+text)
			}
		}
	}
	for _, word := range words {
		if strings.Contains(strings.ToLower(log.String()), strings.ToLower(word)) {
			places = append(places, "the log has "+word)
		}
	}
	return places
}

// indexed is everything that the search index knows in words, as soon as what it holds in memory is on the disk too.
func indexed(t *testing.T, folder string) (texts []string) {
	t.Helper()
	for started := time.Now(); len(texts) == 0; {
		if time.Since(started) > 20*time.Second {
			t.Fatal("the index is empty")
		}
		texts = onDisk(t, folder)
	}
	return texts
}

// onDisk reads a copy of the index: every term of every field, and every stored field.
func onDisk(t *testing.T, folder string) (texts []string) {
	t.Helper()
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(copied, "index-*"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no index in %s: %v", folder, err)
	}
	for _, dir := range found {
		index, err := scorch.NewScorch(scorch.Name, map[string]any{"path": dir}, indexes.NewAnalysisQueue(1))
		if err == nil {
			err = index.Open()
		}
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, told(t, index)...)
		if err := index.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

func told(t *testing.T, index indexes.Index) (texts []string) {
	t.Helper()
	reader, err := index.Reader()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	fields, err := reader.Fields()
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range fields {
		terms, err := reader.FieldDict(field)
		if err != nil {
			t.Fatal(err)
		}
		for term, err := terms.Next(); term != nil; term, err = terms.Next() {
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, term.Term)
		}
		if err := terms.Close(); err != nil {
			t.Fatal(err)
		}
	}
	ids, err := reader.DocIDReaderAll()
	if err != nil {
		t.Fatal(err)
	}
	defer ids.Close()
	for id, err := ids.Next(); id != nil; id, err = ids.Next() {
		if err != nil {
			t.Fatal(err)
		}
		name, err := reader.ExternalID(id)
		if err != nil {
			t.Fatal(err)
		}
		document, err := reader.Document(name)
		if err != nil {
			t.Fatal(err)
		}
		document.VisitFields(func(field indexes.Field) { texts = append(texts, string(field.Value())) })
	}
	return texts
}

// village is a house in which Zénobie has left traces everywhere.
type village struct {
	*apptest.Site
	zenobie, karl, olga *models.User
	hers, his           string // ideas
	picture, face       *models.File
	log                 *bytes.Buffer
}

var zenobieWords = []string{"zénobie", "zenobie", "quatremère", "quatremere"}

func newVillage(t *testing.T, options ...apptest.Option) *village {
	t.Helper()
	v := &village{log: record(t)}
	v.Site = apptest.Start(t, options...)
	v.olga, v.karl = v.Person("Olga Weber", models.RoleOwner), v.Person("Karl Weber", models.RoleEmployee)
	v.zenobie = v.Person("Zénobie Quatremère", models.RoleEmployee)
	v.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{v.zenobie: models.SpaceMember, v.karl: models.SpaceManager})
	her, him := v.As(v.zenobie), v.As(v.karl)
	v.picture = upload(t, v.Site, v.zenobie, "zenobie-quatremere.png")
	v.face = upload(t, v.Site, v.zenobie, "unused.png")
	image := "![établi](/files/" + strconv.FormatInt(v.picture.ID, 10) + ")"
	v.hers = post(t, her, "ateliers", "Un établi de Zénobie Quatremère", "Je m'appelle Zénobie Quatremère. "+image)
	link := "[@Zénobie Quatremère](/people/" + strconv.FormatInt(v.zenobie.ID, 10) + ")"
	v.his = post(t, him, "ateliers", "Des crayons neufs", "Merci à "+link+" pour cette idée, dit ZENOBIE QUATREMERE.")
	comment(t, him, v.hers, "Écris à "+v.zenobie.Email+" ou à "+link+" !")
	comment(t, her, v.his, "Zénobie Quatremère est d'accord.")
	him.Post("/collections", apptest.Form{"space": "ateliers", "title": "Fiches"}).Status(http.StatusSeeOther)
	him.Post("/articles", apptest.Form{"collection": "1", "title": "Brides", "body": "En croix."}).Status(http.StatusSeeOther)
	her.Post("/articles/1/posts", apptest.Form{"body": "Signé : Zénobie Quatremère."}).Status(http.StatusSeeOther)
	her.Post("/ideas/"+v.his+"/supports", apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	him.Post("/ideas/"+v.hers+"/supports", apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	v.Tx(nil, func(tx *models.Tx) error {
		if err := tx.Bind(v.zenobie.ID, "https://login.example.test", "zenobie"); err != nil {
			return err
		}
		if _, err := tx.CreateToken(&models.Token{UserID: v.zenobie.ID, Name: "Script de Zénobie", Scope: models.ScopeRead}, models.TokenDays); err != nil {
			return err
		}
		if err := tx.ChoosePicture(v.zenobie.ID, v.face.ID); err != nil {
			return err
		}
		if err := tx.SaveDraft(v.karl.ID, "idea/new", models.Fields{"body": "Voir " + link}); err != nil {
			return err
		}
		if err := tx.SaveDraft(v.zenobie.ID, "idea/new", models.Fields{"body": "Zénobie"}); err != nil {
			return err
		}
		if err := tx.SetDepartment(v.zenobie.ID, "Ateliers"); err != nil {
			return err
		}
		return tx.Record(models.UserLinked, v.zenobie, map[string]string{"issuer": "https://login.example.test", "subject": "zenobie"})
	})
	her.Post("/account/data/exports", nil).Status(http.StatusSeeOther)
	v.Settle()
	return v
}

// erase has Olga erase Zénobie now.
func (v *village) erase(contributions string) {
	v.As(v.olga).Post("/people/"+strconv.FormatInt(v.zenobie.ID, 10)+"/erasure", apptest.Form{"contributions": contributions}).Status(http.StatusSeeOther)
	for range 3 { // the work, the request for a new index, the new index
		v.Settle()
	}
}

func (v *village) rule(rule models.Rule) {
	form := apptest.Form{"contributions": string(rule)}
	for _, period := range models.Periods() {
		form[string(period.Kind)] = strconv.Itoa(period.Usual)
	}
	v.As(v.olga).Post("/privacy/settings", form).Status(http.StatusSeeOther)
}

func TestNothingIsLeftOfTheNameOfWhoeverIsErased(t *testing.T) {
	v := newVillage(t)
	her := v.As(v.zenobie)
	if found := traces(t, v.Site, v.log, zenobieWords...); len(found) < 10 {
		t.Fatalf("the search finds only %q", found)
	}
	v.erase("keep")
	if found := traces(t, v.Site, v.log, append(zenobieWords, v.zenobie.Email)...); len(found) > 0 {
		t.Errorf("left:\n%s", strings.Join(found, "\n"))
	}
	her.Get("/account").Status(http.StatusSeeOther)
	him := v.As(v.karl)
	page := him.Get("/ideas/" + v.hers)
	him.Get(page.Header.Get("Location")).Status(http.StatusOK).See("Former member", "/files/", "@ancien membre").NotSee("Quatremère")
	if links, err := filepath.Glob(filepath.Join(v.Config.DataDir, "files", "exports", "*")); err != nil || len(links) > 0 {
		t.Errorf("her copy is still there: %v %v", links, err)
	}
	him.Get("/people/" + strconv.FormatInt(v.zenobie.ID, 10)).Status(http.StatusNotFound)
	him.Get("/files/" + strconv.FormatInt(v.face.ID, 10)).Status(http.StatusNotFound)
	if _, err := os.Stat(filepath.Join(v.Config.DataDir, "files", v.face.Key)); !os.IsNotExist(err) {
		t.Errorf("what she looked like is still stored: %v", err)
	}
	him.Get("/search?q=crayons").See("neufs")
	again := v.Person("Zénobie Quatremère", models.RoleEmployee) // her address is free
	v.As(again).Get("/account").Status(http.StatusOK)
}

func TestContributionsGoWhereTheRuleSaysSo(t *testing.T) {
	v := newVillage(t)
	v.rule(models.RuleRemove)
	v.As(v.olga).Post("/people/"+strconv.FormatInt(v.zenobie.ID, 10)+"/erasure", apptest.Form{"contributions": "keep"}).Status(http.StatusUnprocessableEntity)
	v.erase("remove")
	if found := traces(t, v.Site, v.log, append(zenobieWords, v.zenobie.Email, "établi")...); len(found) > 0 {
		t.Errorf("left:\n%s", strings.Join(found, "\n"))
	}
	v.As(v.Person("Paula", models.RoleEmployee)).Get("/ideas/" + v.hers).Status(http.StatusNotFound)
	if _, err := os.Stat(filepath.Join(v.Config.DataDir, "files", v.picture.Key)); !os.IsNotExist(err) {
		t.Errorf("her picture is still stored: %v", err)
	}
	idea, err := v.DB.Idea(t.Context(), v.Actor(v.karl), mustID(t, v.his))
	if err != nil || idea.CommentCount != 0 || idea.SupportCount != 1 || idea.ImportedSupports != 1 {
		t.Errorf("Karl's idea counts wrongly: %+v %v", idea, err)
	}
	article, err := v.DB.Article(t.Context(), v.Actor(v.karl), 1)
	if err != nil || article.CommentCount != 0 {
		t.Errorf("Karl's article counts wrongly: %+v %v", article, err)
	}
}

func mustID(t *testing.T, text string) int64 {
	t.Helper()
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestAnErasureIsTakenBackWithinTwoWeeksAndCarriedOutAfterwards(t *testing.T) {
	at := &clock{time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	v := newVillage(t, at.option)
	if err := v.Jobs.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	her := v.As(v.zenobie)
	her.Get("/account/data").Status(http.StatusOK).See("1 idea", "2 messages", "fourteen days")
	her.Post("/account/data/erasure", apptest.Form{"contributions": "keep"}).Status(http.StatusSeeOther)
	her.Get("/account").Status(http.StatusSeeOther) // signed out
	at.now = at.now.Add(13 * 24 * time.Hour)
	v.Settle()
	her = v.As(v.zenobie)
	her.Get("/").See("Your account will be erased", "Keep my account")
	her.Post("/account/data/erasure/withdrawal", nil).Status(http.StatusSeeOther)
	her.Get("/").NotSee("will be erased")
	her.Post("/account/data/erasure/withdrawal", nil).Status(http.StatusNotFound)
	at.now = at.now.Add(2 * 24 * time.Hour)
	v.Settle()
	v.As(v.zenobie).Get("/account").Status(http.StatusOK)

	v.As(v.zenobie).Post("/account/data/erasure", apptest.Form{"contributions": "keep"}).Status(http.StatusSeeOther)
	at.now = at.now.Add(15 * 24 * time.Hour)
	for range 3 {
		v.Settle()
	}
	if found := traces(t, v.Site, v.log, append(zenobieWords, v.zenobie.Email)...); len(found) > 0 {
		t.Errorf("left:\n%s", strings.Join(found, "\n"))
	}
}

func TestWhoAnswersAloneIsNotErased(t *testing.T) {
	v := newVillage(t)
	v.As(v.olga).Post("/account/data/erasure", apptest.Form{"contributions": "keep"}).Status(http.StatusUnprocessableEntity).See("last account that administers")
	v.As(v.karl).Post("/account/data/erasure", apptest.Form{"contributions": "keep"}).Status(http.StatusUnprocessableEntity).See("no other manager")
	address := "/people/" + strconv.FormatInt(v.zenobie.ID, 10) + "/erasure"
	v.As(v.karl).Get(address).Status(http.StatusForbidden)
	v.As(v.karl).Post(address, apptest.Form{"contributions": "keep"}).Status(http.StatusForbidden)
	v.As(v.Person("Mara", models.RoleManager)).Post(address, apptest.Form{"contributions": "keep"}).Status(http.StatusForbidden)
	v.As(v.karl).Get("/privacy/settings").Status(http.StatusForbidden)
}

// TestAnErasureThatIsCutAgainAndAgainEnds lets every attempt go on for a few steps only, as if the process died over it.
func TestAnErasureThatIsCutAgainAndAgainEnds(t *testing.T) {
	start, ticks, cut := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), 0, func() {}
	v := newVillage(t, func(_ *app.Config, options *app.Options) {
		options.Clock = func() time.Time {
			if ticks--; ticks == 0 {
				cut()
			}
			return start
		}
	})
	v.As(v.olga).Post("/people/"+strconv.FormatInt(v.zenobie.ID, 10)+"/erasure", apptest.Form{"contributions": "keep"}).Status(http.StatusSeeOther)
	attempts := 0
	for {
		ctx, cancel := context.WithCancel(t.Context())
		ticks, cut = 12, cancel
		err := v.Jobs.RunDue(ctx)
		cancel()
		ticks = 0
		if attempts++; attempts > 500 {
			t.Fatalf("it does not end: %v", err)
		}
		left, err := v.DB.ErasureOf(t.Context(), v.zenobie.ID)
		if err != nil {
			t.Fatal(err)
		}
		if left == nil {
			break
		}
	}
	if attempts < 5 {
		t.Errorf("it was cut only %d times", attempts)
	}
	for range 3 {
		v.Settle()
	}
	if found := traces(t, v.Site, v.log, append(zenobieWords, v.zenobie.Email)...); len(found) > 0 {
		t.Errorf("left:\n%s", strings.Join(found, "\n"))
	}
}
