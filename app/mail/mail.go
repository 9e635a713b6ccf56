// Package mail sends letters to people. A use case leaves one in its own transaction; a job composes it as text and
// HTML and hands it to the company's mail server, again and again until that takes it. What a letter says is the
// matter of the feature that sends it.
package mail

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"ruche/app/jobs"
	"ruche/models"
	"ruche/views/i18n"
	views "ruche/views/mail"
)

// Message is a letter to one person, in the words of their language.
type Message struct {
	To         string // an e-mail address
	Locale     string // "fr" or "en"; anything else is the first language
	Subject    string
	Paragraphs []string
	Action     *Action   // the one thing to do, if any
	Notes      []string  // what stands small below, such as why it came
	Until      time.Time // from when on it is of no use and no longer sent; zero: never
}

// Action is a link of a message, shown as its button.
type Action struct{ Label, URL string }

// Mailer sends mail.
type Mailer struct {
	options Options
	server  *server // nil where there is none
}

// Options are what an operator sets.
type Options struct {
	SMTPURL string // smtp://user:password@host:587 or smtps://…; empty: no mail is sent
	From    string // Ruche <ruche@example.com>
	Company string
	BaseURL string
}

// kind is the job that delivers a letter.
const kind = "mail"

// New returns the mailer of a house, and has its letters delivered by the jobs.
func New(j *jobs.Jobs, options Options) (*Mailer, error) {
	m := &Mailer{options: options}
	if options.SMTPURL != "" {
		server, err := parseURL(options.SMTPURL)
		if err != nil {
			return nil, err
		}
		m.server = server
	}
	j.Register(jobs.Kind{Name: kind, Work: m.deliver})
	return m, nil
}

// On tells whether there is a mail server. Where there is none, features say so and offer links to copy.
func (m *Mailer) On() bool { return m.server != nil }

// Company is the name of the house, as letters give it.
func (m *Mailer) Company() string { return m.options.Company }

// House is the address of the house, for links.
func (m *Mailer) House() string { return m.options.BaseURL }

// letter is a message on its way. Its number lets whoever gets it twice, because a process died over it, see that it is one.
type letter struct {
	Message
	Number string
}

// Send leaves a letter in the transaction of a use case: it goes out if that is committed. Without a mail server
// nothing is sent.
func (m *Mailer) Send(tx *models.Tx, message Message) error {
	if !m.On() {
		return nil
	}
	if !models.ValidEmail(message.To) {
		return errors.New("send mail: the address is none")
	}
	if err := tx.AddJob(&models.Job{Kind: kind}, letter{message, rand.Text()}); err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	return nil
}

func (m *Mailer) deliver(ctx context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
	var l letter
	if err := run.Args(&l); err != nil {
		return nil, err
	}
	if !l.Until.IsZero() && !run.Now().Before(l.Until) {
		return nil, jobs.Permanent(errors.New("the mail is too late to be of use"))
	}
	if !m.On() {
		return nil, jobs.Permanent(errors.New("there is no mail server any more"))
	}
	text, html, err := m.compose(ctx, &l.Message)
	if err != nil {
		return nil, err
	}
	return nil, m.server.send(ctx, &envelope{
		from: m.options.From, to: l.To, subject: line(l.Subject), text: text, html: html, language: i18n.For(l.Locale).Lang(),
		number: strings.ToLower(l.Number) + "@" + domain(m.options.From), date: run.Job.CreatedAt,
	})
}

// compose words a message as text and as HTML.
func (m *Mailer) compose(ctx context.Context, message *Message) (text, html string, err error) {
	view := views.Letter{
		L: i18n.For(message.Locale), Company: m.options.Company, House: m.options.BaseURL, Subject: line(message.Subject), Paragraphs: message.Paragraphs, Notes: message.Notes,
	}
	if message.Action != nil {
		view.Label, view.URL = message.Action.Label, message.Action.URL
	}
	var page bytes.Buffer
	if err := views.HTML(view).Render(ctx, &page); err != nil {
		return "", "", fmt.Errorf("compose mail: %w", err)
	}
	return view.Text(), page.String(), nil
}

// line is a text as one line: a subject that could end its header early would add headers.
func line(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r == ' ' }), " ")
}
