package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"ruche/app/jobs"
)

// server is the company's mail server.
type server struct {
	host           string
	port           int
	user, password string
	implicit       bool // TLS from the first byte
	policy         mail.TLSPolicy
	trust          *tls.Config // of tests; nil: what the machine trusts
}

// Ports that a mail server listens on, unless its address says another one.
const (
	submissionPort  = 587
	submissionsPort = 465
)

// parseURL reads the address of a mail server. Its errors do not show the password.
func parseURL(address string) (*server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		return nil, errors.New("it is not an address such as smtp://user:password@mail.example.com:587")
	}
	s := &server{host: u.Hostname(), port: submissionPort, implicit: u.Scheme == "smtps", policy: mail.TLSMandatory}
	if s.implicit {
		s.port = submissionsPort
	}
	if u.Port() != "" {
		if s.port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, errors.New("its port is not a number")
		}
	}
	if u.User != nil {
		s.user = u.User.Username()
		s.password, _ = u.User.Password()
	}
	switch wish := u.Query().Get("tls"); {
	case wish == "optional" && s.user != "":
		return nil, errors.New("tls=optional would send the password in the clear")
	case wish == "optional", s.local():
		s.policy = mail.TLSOpportunistic
	case wish != "":
		return nil, errors.New("tls may be optional, or absent")
	}
	return s, nil
}

// local tells whether the server is on this machine, where nobody else listens.
func (s *server) local() bool {
	ip := net.ParseIP(s.host)
	return s.host == "localhost" || ip != nil && ip.IsLoopback()
}

// CheckURL says what is wrong with the address of a mail server, if anything.
func CheckURL(address string) error {
	_, err := parseURL(address)
	return err
}

// CheckFrom says what is wrong with the address that mail comes from, if anything.
func CheckFrom(from string) error {
	if _, err := netmail.ParseAddress(from); err != nil {
		return errors.New("it is not an address such as Ruche <ruche@example.com>")
	}
	return nil
}

// domain is the part of an address behind the @.
func domain(from string) string {
	address, err := netmail.ParseAddress(from)
	if err != nil {
		return "ruche.invalid"
	}
	return address.Address[strings.LastIndexByte(address.Address, '@')+1:]
}

// dialTimeout bounds the wait for each answer of the server.
const dialTimeout = 20 * time.Second

func (s *server) client() (*mail.Client, error) {
	options := []mail.Option{mail.WithPort(s.port), mail.WithTimeout(dialTimeout), mail.WithTLSPolicy(s.policy), mail.WithoutNoop()}
	if s.implicit {
		options = append(options, mail.WithSSL())
	}
	if s.trust != nil {
		options = append(options, mail.WithTLSConfig(s.trust))
	}
	if s.user != "" {
		auth := mail.SMTPAuthAutoDiscover
		if s.local() {
			auth = mail.SMTPAuthPlainNoEnc
		}
		options = append(options, mail.WithSMTPAuth(auth), mail.WithUsername(s.user), mail.WithPassword(s.password))
	}
	return mail.NewClient(s.host, options...)
}

// Check signs in to a mail server and leaves again, for ruche doctor.
func Check(ctx context.Context, address string) error {
	s, err := parseURL(address)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return discreet(err)
	}
	return client.Close()
}

// envelope is a mail as the server takes it.
type envelope struct {
	from, to, subject string
	text, html        string
	language          string
	number            string
	date              time.Time
}

func (s *server) send(ctx context.Context, e *envelope) error {
	message := mail.NewMsg(mail.WithNoDefaultUserAgent())
	message.SetMessageIDWithValue(e.number)
	message.SetDateWithValue(e.date)
	message.Subject(e.subject)
	message.SetGenHeader("Auto-Submitted", "auto-generated") // no answers from those who are away
	message.SetGenHeader(mail.HeaderContentLang, e.language)
	message.SetBodyString(mail.TypeTextPlain, e.text)
	message.AddAlternativeString(mail.TypeTextHTML, e.html)
	if err := errors.Join(message.From(e.from), message.To(e.to)); err != nil {
		return jobs.Permanent(errors.New("an address cannot be written to")) // the error would show it
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	if err := client.DialAndSendWithContext(ctx, message); err != nil && !message.IsDelivered() {
		return discreet(err)
	}
	return nil
}

// discreet is an error of the server as the log may have it: servers like to repeat addresses. If the server says of
// this mail that it will never take it, the error is final; what it says of us can be mended.
func discreet(err error) error {
	var reply *textproto.Error
	var refused *mail.SendError
	switch {
	case errors.As(err, &refused) && refused.ErrorCode() == 0:
		return fmt.Errorf("the mail server did not take the mail: %s", refused.Reason)
	case errors.As(err, &refused):
		told := fmt.Errorf("the mail server refused the mail: %d %s", refused.ErrorCode(), refused.EnhancedStatusCode())
		aboutMail := refused.Reason == mail.ErrSMTPRcptTo || refused.Reason == mail.ErrSMTPDataClose
		if aboutMail && refused.ErrorCode() >= 500 && !strings.HasPrefix(refused.EnhancedStatusCode(), "5.7.") {
			return jobs.Permanent(told)
		}
		return told
	case errors.As(err, &reply):
		return fmt.Errorf("the mail server refused us: %d", reply.Code)
	}
	return fmt.Errorf("reach the mail server: %w", err)
}
