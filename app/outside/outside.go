// Package outside asks machines of other people for what they show to everybody, each as if it were hostile: only at public
// addresses of the internet, whatever a name resolves to and wherever a redirect leads, for a bounded time and up to a bounded
// size. It tells them nothing: no cookie, no referrer, no name of the house. It knows no page and no picture.
package outside

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"time"

	"code.dny.dev/ssrf"
)

// Bounds of asking.
const (
	dialTimeout  = 5 * time.Second
	maxRedirects = 3
	maxHeaders   = 64 << 10
)

// agent is how the house calls itself: by the name of the program, which says nothing about who runs it.
const agent = "Mozilla/5.0 (compatible; Ruche; preview)"

// Reasons for which there is no answer; asking again will not mend them.
var (
	ErrNotOutside = errors.New("the address is not one of the public internet")
	ErrTooLarge   = errors.New("the answer is too large")
	ErrKind       = errors.New("the answer is of another kind")
)

// A StatusError is an answer other than 200.
type StatusError int

// Error names the status.
func (s StatusError) Error() string { return fmt.Sprintf("status %d", int(s)) }

// Lasting tells whether asking again soon would end in the same way.
func Lasting(err error) bool {
	var status StatusError
	if errors.As(err, &status) {
		return status < http.StatusInternalServerError && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout
	}
	return errors.Is(err, ErrNotOutside) || errors.Is(err, ErrTooLarge) || errors.Is(err, ErrKind)
}

// Dial makes a connection to a host and port.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// Options say how a client asks.
type Options struct {
	Timeout time.Duration     // for all of one question, redirects and reading included
	Secure  bool              // only by https
	AnyPort bool              // and not those of the web alone
	Dial    Dial              // replaces how connections are made, for tests
	Way     http.RoundTripper // replaces all of the way there, for tests
}

// Client asks.
type Client struct {
	http   *http.Client
	secure bool
}

// New returns a client.
func New(options Options) *Client {
	c := &Client{secure: options.Secure}
	way := options.Way
	if way == nil {
		way = newWay(options)
	}
	c.http = &http.Client{Transport: way, Timeout: options.Timeout, CheckRedirect: c.follow}
	return c
}

// newWay has no proxy, which would dial for us, and keeps no connection.
func newWay(options Options) http.RoundTripper {
	dial := options.Dial
	if dial == nil {
		dial = dialer(options.AnyPort).DialContext
	}
	return &http.Transport{
		DialContext: dial, TLSHandshakeTimeout: dialTimeout, ResponseHeaderTimeout: options.Timeout, MaxResponseHeaderBytes: maxHeaders, DisableKeepAlives: true,
	}
}

// dialer looks at the address that a connection is about to be made to, after its name was resolved: a name that resolves to
// another one the next time gains nothing.
func dialer(anyPort bool) *net.Dialer {
	guard := Guard()
	if anyPort {
		guard = ssrf.New(ssrf.WithAnyPort())
	}
	return &net.Dialer{Timeout: dialTimeout, Control: guard.Safe}
}

// Guard tells public addresses of the web from all others: it knows the networks that IANA has set aside, and of IPv6 lets
// nothing pass but what is routed, so that no address of IPv4 hides in one of its other forms.
func Guard() *ssrf.Guardian { return ssrf.New() }

// Wish is what to ask for.
type Wish struct {
	Address string
	Kinds   []string // of content that are taken; empty for all
	Most    int64    // bytes that are read
	Begin   bool     // the first of them are enough where there are more
}

// Answer is what was answered.
type Answer struct {
	Body        []byte
	ContentType string   // as it was sent
	Address     *url.URL // where the redirects led
}

// Get asks. Its errors do not tell the address, which may tell who wrote it.
func (c *Client) Get(ctx context.Context, wish Wish) (*Answer, error) {
	if !Leads(wish.Address, c.secure) {
		return nil, ErrNotOutside
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, wish.Address, nil)
	if err != nil {
		return nil, ErrNotOutside
	}
	request.Header.Set("User-Agent", agent)
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, told(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, StatusError(answer.StatusCode)
	}
	contentType := answer.Header.Get("Content-Type")
	if !wish.takes(contentType) {
		return nil, ErrKind
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, wish.Most+1)) // of what was packed, after unpacking
	switch {
	case int64(len(body)) > wish.Most && !wish.Begin:
		return nil, ErrTooLarge
	case int64(len(body)) > wish.Most:
		body = body[:wish.Most]
	case err != nil:
		return nil, told(err)
	}
	return &Answer{Body: body, ContentType: contentType, Address: answer.Request.URL}, nil
}

func (w *Wish) takes(contentType string) bool {
	if len(w.Kinds) == 0 {
		return true
	}
	kind, _, _ := mime.ParseMediaType(contentType)
	return slices.Contains(w.Kinds, kind)
}

// told is an error without the address.
func told(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		err = of.Err
	}
	for _, refused := range []error{ErrNotOutside, ssrf.ErrProhibitedIP, ssrf.ErrProhibitedPort, ssrf.ErrProhibitedNetwork, ssrf.ErrInvalidHostPort} {
		if errors.Is(err, refused) {
			return ErrNotOutside
		}
	}
	var way *net.OpError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("ask outside: %w", err)
	case errors.As(err, &way) && errors.As(way.Err, new(*os.SyscallError)):
		return fmt.Errorf("ask outside: %w", way.Err)
	}
	return fmt.Errorf("ask outside: %T", err) // its words name the host
}

// Leads tells whether an address can be asked for at all.
func Leads(address string, secure bool) bool {
	u, err := url.Parse(address)
	return err == nil && leads(u, secure)
}

func leads(u *url.URL, secure bool) bool {
	return (u.Scheme == "https" || u.Scheme == "http" && !secure) && u.Host != "" && u.User == nil
}

func (c *Client) follow(next *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects || !leads(next.URL, c.secure) {
		return ErrNotOutside
	}
	next.Header.Del("Referer")
	return nil
}
