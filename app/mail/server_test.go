package mail

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	library "github.com/wneessen/go-mail"
)

func TestTheAddressOfAServerSaysHowSafeTheWayIs(t *testing.T) {
	for address, want := range map[string]server{
		"smtp://mail.example.com":                  {host: "mail.example.com", port: 587, policy: library.TLSMandatory},
		"smtp://u%40x:p%2Fw@mail.example.com:2525": {host: "mail.example.com", port: 2525, user: "u@x", password: "p/w", policy: library.TLSMandatory},
		"smtps://u:p@mail.example.com":             {host: "mail.example.com", port: 465, user: "u", password: "p", implicit: true, policy: library.TLSMandatory},
		"smtp://relay.intern:25?tls=optional":      {host: "relay.intern", port: 25, policy: library.TLSOpportunistic},
		"smtp://localhost:25":                      {host: "localhost", port: 25, policy: library.TLSOpportunistic},
		"smtp://[::1]:25":                          {host: "::1", port: 25, policy: library.TLSOpportunistic},
	} {
		if got, err := parseURL(address); err != nil || *got != want {
			t.Errorf("%s: %+v, %v", address, got, err)
		}
	}
	for _, address := range []string{
		"mail.example.com", "http://mail.example.com", "smtp://", "smtp://u:hunter2@mail.example.com:x", "smtp://u:hunter2@mail.example.com/inbox",
		"smtp://u:hunter2@mail.example.com?tls=optional", "smtp://mail.example.com?tls=never", "smtp://u:hunter2@ma il",
	} {
		if _, err := parseURL(address); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// strict is a mail server that lets in one user, over TLS alone where it has a certificate.
type strict struct{ signedIn, letters int }

func (s *strict) Reset()                               {}
func (s *strict) Logout() error                        { return nil }
func (s *strict) Mail(string, *smtp.MailOptions) error { return nil }
func (s *strict) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *strict) AuthMechanisms() []string             { return []string{sasl.Plain} }
func (s *strict) Data(r io.Reader) error {
	s.letters++
	_, err := io.Copy(io.Discard, r)
	return err
}

func (s *strict) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "ruche" || password != "hunter2" {
			return errors.New("wrong password hunter2 of ruche")
		}
		s.signedIn++
		return nil
	}), nil
}

// listen starts a server and returns where it is, with what to trust it by.
func listen(t *testing.T, s *strict, secure, implicit bool) *server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	house := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return s, nil }))
	house.ErrorLog = quiet{}
	at := &server{host: "127.0.0.1", port: listener.Addr().(*net.TCPAddr).Port, user: "ruche", password: "hunter2", implicit: implicit, policy: library.TLSMandatory}
	if secure || implicit {
		house.TLSConfig, at.trust = certificate(t)
	}
	if implicit {
		listener = tls.NewListener(listener, house.TLSConfig)
	}
	ended := make(chan struct{})
	go func() {
		_ = house.Serve(listener)
		close(ended)
	}()
	t.Cleanup(func() {
		_ = house.Close()
		<-ended
	})
	return at
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

func certificate(t *testing.T) (own, trust *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}}}, &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}
}

func parcel() *envelope {
	return &envelope{from: "Ruche <ruche@example.test>", to: "mona@example.test", subject: "Hello", text: "Hello", html: "<p>Hello</p>", language: "en", number: "1@example.test", date: time.Now()}
}

func TestThePasswordGoesOverTLSOnly(t *testing.T) {
	for name, way := range map[string]struct{ secure, implicit bool }{"STARTTLS": {true, false}, "TLS": {false, true}} {
		s := &strict{}
		at := listen(t, s, way.secure, way.implicit)
		if err := at.send(t.Context(), parcel()); err != nil || s.signedIn != 1 || s.letters != 1 {
			t.Errorf("%s: %v, %+v", name, err, s)
		}
	}
	s := &strict{}
	if err := listen(t, s, false, false).send(t.Context(), parcel()); err == nil || s.signedIn+s.letters != 0 {
		t.Errorf("in the clear: %v, %+v", err, s)
	}
	at := listen(t, s, true, false)
	at.trust = nil
	if err := at.send(t.Context(), parcel()); err == nil || s.signedIn+s.letters != 0 {
		t.Errorf("to somebody else: %v, %+v", err, s)
	}
}

func TestAWrongPasswordIsSaidWithoutIt(t *testing.T) {
	at := listen(t, &strict{}, true, false)
	at.password = "hunter3"
	if err := at.send(t.Context(), parcel()); err == nil || strings.Contains(err.Error(), "hunter") || !strings.Contains(err.Error(), "refused us") {
		t.Errorf("%v", err)
	}
}
