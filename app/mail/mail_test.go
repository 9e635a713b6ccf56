package mail_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/app/mail"
	"ruche/models"
)

var message = mail.Message{
	To: "mona@example.test", Locale: "fr", Subject: "Élodie vous répond", Paragraphs: []string{"Une réponse <b>vous</b> attend.", "À bientôt."},
	Action: &mail.Action{Label: "Lire la réponse", URL: "https://ruche.example.test/ideas/7?a=1&b=2"}, Notes: []string{"Vous suivez cette idée."},
}

func send(t *testing.T, site *apptest.Site, m mail.Message) {
	t.Helper()
	site.Tx(nil, func(tx *models.Tx) error { return site.Mail.Send(tx, m) })
}

func TestALetterArrivesAsTextAndAsHTML(t *testing.T) {
	post := apptest.NewPost(t)
	site := apptest.Start(t, post.Option)
	send(t, site, message)
	site.Settle()
	site.Settle()
	if n := len(post.Letters()); n != 1 {
		t.Fatalf("%d letters have arrived", n)
	}
	l := post.Letter("mona@example.test")
	if l.From != "ruche@example.test" || l.Subject != "Élodie vous répond" || l.Header.Get("From") != `"Ruche" <ruche@example.test>` || l.Header.Get("To") != "<mona@example.test>" {
		t.Errorf("%+v", l)
	}
	if l.Header.Get("Auto-Submitted") != "auto-generated" || l.Header.Get("Content-Language") != "fr" || !strings.HasSuffix(l.Header.Get("Message-ID"), "@example.test>") || l.Header.Get("Date") == "" {
		t.Errorf("%v", l.Header)
	}
	for _, part := range []string{"Bonjour,", "À bientôt.", "Lire la réponse", "Vous suivez cette idée.", "Vaucelles", site.URL} {
		if !strings.Contains(l.Text, part) || !strings.Contains(l.HTML, part) {
			t.Errorf("%q is not in both parts:\n%s\n%s", part, l.Text, l.HTML)
		}
	}
	if !strings.Contains(l.Text, "<b>vous</b>") || strings.Contains(l.HTML, "<b>vous</b>") || !strings.Contains(l.HTML, "&lt;b&gt;vous") {
		t.Errorf("what people write is not text:\n%s\n%s", l.Text, l.HTML)
	}
	if !strings.Contains(l.Text, message.Action.URL) || !strings.Contains(l.HTML, `href="https://ruche.example.test/ideas/7?a=1&amp;b=2"`) || !strings.Contains(l.HTML, `<html lang="fr">`) {
		t.Errorf("the link is not there:\n%s\n%s", l.Text, l.HTML)
	}
	if strings.Contains(l.HTML, "http-equiv") || strings.Contains(l.HTML, "<img") || strings.Contains(l.HTML, "<script") {
		t.Errorf("the letter asks for more than its text:\n%s", l.HTML)
	}
}

func TestALetterGoesWithItsTransaction(t *testing.T) {
	post := apptest.NewPost(t)
	site := apptest.Start(t, post.Option)
	undone := errors.New("undone")
	err := site.DB.Tx(t.Context(), nil, func(tx *models.Tx) error { return errors.Join(site.Mail.Send(tx, message), undone) })
	site.Settle()
	if n := len(post.Letters()); n != 0 || !errors.Is(err, undone) {
		t.Errorf("%d letters, %v", n, err)
	}
}

func TestAServerThatIsAwayGetsTheLetterLater(t *testing.T) {
	now := time.Now()
	post := apptest.NewPost(t)
	site := apptest.Start(t, post.Option, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	post.Refuse(&smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "busy with mona@example.test"})
	log := record(t)
	send(t, site, message)
	site.Settle()
	post.Refuse(&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "relaying for mona@example.test is not allowed"})
	now = now.Add(time.Minute)
	site.Settle()
	if len(post.Letters()) != 0 {
		t.Fatal("the server has taken it")
	}
	post.Refuse(nil)
	now = now.Add(time.Hour)
	site.Settle()
	post.Letter("mona@example.test")
	discreet(t, log.String(), "451 4.3.0", "550 5.7.1")
}

func TestALetterToNobodyIsGivenUp(t *testing.T) {
	now := time.Now()
	post := apptest.NewPost(t)
	site := apptest.Start(t, post.Option, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	post.Refuse(&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "<mona@example.test>: no such person"})
	log := record(t)
	send(t, site, message)
	site.Settle()
	post.Refuse(nil)
	now = now.Add(24 * time.Hour)
	site.Settle()
	if len(post.Letters()) != 0 {
		t.Error("it was tried again")
	}
	discreet(t, log.String(), "550 5.1.1", "given up")
}

func TestALetterThatIsOfNoUseAnyMoreStays(t *testing.T) {
	now := time.Now()
	post := apptest.NewPost(t)
	site := apptest.Start(t, post.Option, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	late := message
	late.Until = now.Add(15 * time.Minute)
	send(t, site, late)
	now = now.Add(16 * time.Minute)
	site.Settle()
	if len(post.Letters()) != 0 {
		t.Error("it was sent")
	}
}

func TestNobodyWritesTheHeadersOfALetter(t *testing.T) {
	post := apptest.NewPost(t)
	site := apptest.Start(t, post.Option)
	evil := message
	evil.Subject = "Hello\r\nBcc: everyone@example.test\r\n\r\nBody"
	send(t, site, evil)
	site.Settle()
	l := post.Letter("mona@example.test")
	if len(post.Letters()) != 1 || l.Header.Get("Bcc") != "" || l.Subject != "Hello Bcc: everyone@example.test Body" {
		t.Errorf("%q %v", l.Subject, l.Header)
	}
	for _, to := range []string{"", "mona", "mona@example.test\r\nRCPT TO:<karl@example.test>", "mona@example.test, karl@example.test"} {
		bad := message
		bad.To = to
		if err := site.DB.Tx(t.Context(), nil, func(tx *models.Tx) error { return site.Mail.Send(tx, bad) }); err == nil || strings.Contains(err.Error(), "mona") {
			t.Errorf("to %q: %v", to, err)
		}
	}
}

func TestWithoutAServerNothingIsKept(t *testing.T) {
	site := apptest.Start(t)
	if site.Mail.On() {
		t.Error("there seems to be a mail server")
	}
	send(t, site, message)
	if n, err := site.DB.OverdueJobs(t.Context(), time.Now().Add(time.Hour)); err != nil || n != 0 {
		t.Errorf("%d jobs, %v", n, err)
	}
}

// record is the log from here to the end of the test.
func record(t *testing.T) *bytes.Buffer {
	t.Helper()
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &log
}

// discreet fails the test if the log tells an address or a text, or does not tell the given facts.
func discreet(t *testing.T, log string, facts ...string) {
	t.Helper()
	for _, secret := range []string{"mona@", "Élodie", "ideas/7", "no such person", "relaying"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log tells %q:\n%s", secret, log)
		}
	}
	for _, fact := range facts {
		if !strings.Contains(log, fact) {
			t.Errorf("the log does not tell %q:\n%s", fact, log)
		}
	}
}
