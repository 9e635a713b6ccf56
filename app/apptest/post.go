package apptest

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"ruche/app"
)

// Post is a mail server that keeps what arrives, for tests to read.
//
//	post := apptest.NewPost(t)
//	site := apptest.Start(t, post.Option)
//	site.Settle()
//	letter := post.Letter("mona@example.test")
type Post struct {
	URL string

	t       testing.TB
	mu      sync.Mutex
	letters []Letter
	refuse  error
}

// Letter is a mail that has arrived.
type Letter struct {
	From, To   string // as the envelope says
	Header     mail.Header
	Subject    string
	Text, HTML string
}

// NewPost starts a mail server on this machine that ends with the test.
func NewPost(t testing.TB) *Post {
	t.Helper()
	p := &Post{t: t}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &postman{post: p}, nil }))
	server.Domain, server.ErrorLog = "post.example.test", silence{}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	p.URL = "smtp://" + listener.Addr().String()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		<-ended
	})
	return p
}

// Option has a site send its mail by this server.
func (p *Post) Option(config *app.Config, _ *app.Options) {
	config.SMTPURL, config.MailFrom = p.URL, "Ruche <ruche@example.test>"
}

// Refuse has the server refuse every recipient from now on, with an *smtp.SMTPError; nil: no longer.
func (p *Post) Refuse(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = err
}

// Letters are those that have arrived, oldest first.
func (p *Post) Letters() []Letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.letters)
}

// Letter is the newest mail to an address; the test fails if there is none.
func (p *Post) Letter(to string) *Letter {
	p.t.Helper()
	letters := p.Letters()
	for i := len(letters) - 1; i >= 0; i-- {
		if letters[i].To == to {
			return &letters[i]
		}
	}
	p.t.Fatalf("no mail has arrived for %s, but %d for others", to, len(letters))
	return nil
}

// silence leaves out what the server says about clients that hang up.
type silence struct{}

func (silence) Printf(string, ...any) {}
func (silence) Println(...any)        {}

// postman takes one mail after the other from a client.
type postman struct {
	post   *Post
	letter Letter
}

func (s *postman) Reset()        { s.letter = Letter{} }
func (s *postman) Logout() error { return nil }

func (s *postman) Mail(from string, _ *smtp.MailOptions) error {
	s.letter.From = from
	return nil
}

func (s *postman) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	s.letter.To = to
	return s.post.refuse
}

func (s *postman) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err == nil {
		err = s.letter.read(raw)
	}
	if err != nil {
		return err
	}
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	s.post.letters = append(s.post.letters, s.letter)
	return nil
}

// read takes a mail apart.
func (l *Letter) read(raw []byte) error {
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	l.Header = message.Header
	if l.Subject, err = new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject")); err != nil {
		return err
	}
	kind, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		return errors.Join(errors.New("the mail is not there as text and as HTML"), err)
	}
	parts := multipart.NewReader(message.Body, parameters["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			return err
		}
		body := strings.ReplaceAll(string(text), "\r\n", "\n")
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			l.HTML = body
		} else {
			l.Text = body
		}
	}
}
