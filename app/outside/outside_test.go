package outside

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

func TestOnlyPublicAddressesOfTheWebAreOutside(t *testing.T) {
	guard, anyPort := dialer(false).Control, dialer(true).Control
	network := func(address string) string {
		if strings.HasPrefix(address, "[") {
			return "tcp6"
		}
		return "tcp4"
	}
	for _, address := range []string{
		"127.0.0.1:443", "10.0.0.1:443", "172.16.3.4:443", "192.168.1.1:443", "169.254.169.254:80", "100.64.0.1:443", "0.0.0.0:443", "0.1.2.3:443", "224.0.0.1:443", "255.255.255.255:443", "198.18.0.1:443",
		"192.0.0.8:80", "192.0.2.1:80", "203.0.113.7:80", "240.0.0.1:80", "192.88.99.1:80",
		"[::1]:443", "[::]:443", "[fe80::1]:443", "[fe80::1%eth0]:443", "[2606:4700::1111%eth0]:443", "[fc00::1]:443", "[fd12::1]:443", "[ff02::1]:443",
		"[::ffff:127.0.0.1]:443", "[::ffff:10.0.0.1]:443", "[::ffff:1.1.1.1]:443", "[::127.0.0.1]:443", "[::ffff:0:7f00:1]:443",
		"[64:ff9b::a00:1]:443", "[64:ff9b::101:101]:443", "[64:ff9b:1::1]:443", "[2002:7f00:1::]:443", "[2001:0:1::]:443", "[2001:db8::1]:443", "[fec0::1]:443", "[fd00:ec2::254]:80",
		"name:443", "", "1.1.1.1",
	} {
		if guard(network(address), address, nil) == nil || anyPort(network(address), address, nil) == nil {
			t.Errorf("%s is taken for a public address", address)
		}
	}
	for _, address := range []string{"93.184.215.14:443", "1.1.1.1:80", "[2606:4700::1111]:443"} {
		if err := guard(network(address), address, nil); err != nil {
			t.Errorf("%s is refused: %v", address, err)
		}
	}
	for _, port := range []string{"22", "25", "6379", "8080", "8443"} {
		if guard("tcp4", "1.1.1.1:"+port, nil) == nil || anyPort("tcp4", "1.1.1.1:"+port, nil) != nil {
			t.Errorf("port %s", port)
		}
	}
	if guard("udp4", "1.1.1.1:443", nil) == nil {
		t.Error("another network than that of the web")
	}
}

// named answers every question after the address of a name with the next of the given ones, and then with the last.
func named(t *testing.T, addresses ...string) *net.Resolver {
	t.Helper()
	var asked atomic.Int32
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe() // no packets: the resolver speaks to it as by TCP
		go func() {
			defer server.Close()
			head := make([]byte, 2)
			if _, err := io.ReadFull(server, head); err != nil {
				return
			}
			raw := make([]byte, int(head[0])<<8|int(head[1]))
			var question dnsmessage.Message
			if _, err := io.ReadFull(server, raw); err != nil || question.Unpack(raw) != nil {
				return
			}
			answer := dnsmessage.Message{Header: dnsmessage.Header{ID: question.ID, Response: true, RecursionAvailable: true}, Questions: question.Questions}
			if q := question.Questions[0]; q.Type == dnsmessage.TypeA {
				next := min(int(asked.Add(1)), len(addresses)) - 1
				answer.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}, Body: &dnsmessage.AResource{A: netip.MustParseAddr(addresses[next]).As4()},
				}}
			}
			packed, err := answer.Pack()
			if err == nil {
				_, _ = server.Write(append([]byte{byte(len(packed) >> 8), byte(len(packed))}, packed...))
			}
		}()
		return client, nil
	}}
}

// TestANameThatResolvesToLoopbackTheSecondTimeGainsNothing asks by the real dialer, which is stopped before it connects to the public address.
func TestANameThatResolvesToLoopbackTheSecondTimeGainsNothing(t *testing.T) {
	var asked atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer inside.Close()
	d := dialer(true) // as its port is not one of the web
	d.Resolver = named(t, "93.184.215.14", "127.0.0.1")
	guard, passed := d.Control, errors.New("passed")
	d.Control = func(network, address string, c syscall.RawConn) error {
		if err := guard(network, address, c); err != nil {
			return err
		}
		return passed
	}
	_, port, _ := net.SplitHostPort(inside.Listener.Addr().String())
	if _, err := d.DialContext(t.Context(), "tcp", "rebind.test:"+port); !errors.Is(err, passed) {
		t.Fatalf("the public address: %v", err)
	}
	client := New(Options{Timeout: 5 * time.Second, Dial: d.DialContext})
	if _, err := client.Get(t.Context(), Wish{Address: "http://rebind.test:" + port + "/", Most: 100}); !errors.Is(err, ErrNotOutside) {
		t.Errorf("the second time: %v", err)
	}
	if asked.Load() != 0 {
		t.Error("a machine of the house was asked")
	}
}

func TestAddressesThatNobodyIsAskedFor(t *testing.T) {
	client := New(Options{Timeout: 5 * time.Second})
	for _, address := range []string{
		"", "x", "//example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "http://", "http://user:secret@example.com/", "https://user@example.com/",
		"http://169.254.169.254/latest/meta-data/", "http://127.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://1.1.1.1:22/", "http://0.0.0.0/", "http://localhost/",
	} {
		if _, err := client.Get(t.Context(), Wish{Address: address, Most: 100}); !errors.Is(err, ErrNotOutside) || !Lasting(err) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if Leads("http://example.com/", true) || !Leads("https://example.com/", true) {
		t.Error("only by https")
	}
}

// patience is how long clients of tests wait, which is enough on a machine with much to do.
const patience = 3 * time.Second

// site is a server that the client takes for one outside.
func site(t *testing.T, handler http.HandlerFunc) (*Client, *httptest.Server) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	guard := dialer(false)
	return New(Options{Timeout: patience, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		if strings.HasPrefix(address, "site.test:") {
			address = server.Listener.Addr().String()
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}
		return guard.DialContext(ctx, network, address)
	}}), server
}

func TestNobodyLearnsWhoAsks(t *testing.T) {
	var told http.Header
	client, _ := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/from" {
			http.SetCookie(w, &http.Cookie{Name: "who", Value: "1"})
			http.Redirect(w, r, "/to", http.StatusFound)
			return
		}
		told = r.Header
	})
	if _, err := client.Get(t.Context(), Wish{Address: "http://site.test/from", Most: 100}); err != nil {
		t.Fatal(err)
	}
	if len(told) != 3 || told.Get("Connection") != "close" || told.Get("User-Agent") != agent || told.Get("Accept-Encoding") != "gzip" {
		t.Errorf("told %v", told)
	}
}

func TestRedirectsAreFewAndEachIsLookedAt(t *testing.T) {
	var asked atomic.Int32
	client, server := site(t, nil)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/3", "/2", "/1":
			http.Redirect(w, r, "/"+string(r.URL.Path[1]-1), http.StatusFound)
		case "/0":
		case "/4":
			http.Redirect(w, r, "/3", http.StatusFound)
		case "/inside": // with the port of the test's own server, and with that of the web
			http.Redirect(w, r, "http://"+server.Listener.Addr().String()+"/secret", http.StatusFound)
		case "/loopback":
			http.Redirect(w, r, "http://127.0.0.1/secret", http.StatusMovedPermanently)
		case "/cloud":
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusTemporaryRedirect)
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		case "/credentials":
			http.Redirect(w, r, "http://a:b@site.test/0", http.StatusFound)
		case "/secret":
			asked.Add(1)
		}
	})
	if answer, err := client.Get(t.Context(), Wish{Address: "http://site.test/3", Most: 100}); err != nil || answer.Address.Path != "/0" {
		t.Errorf("three redirects: %v", err)
	}
	for _, path := range []string{"/4", "/inside", "/loopback", "/cloud", "/file", "/credentials"} {
		if _, err := client.Get(t.Context(), Wish{Address: "http://site.test" + path, Most: 100}); !errors.Is(err, ErrNotOutside) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if asked.Load() != 0 {
		t.Error("a redirect led inside")
	}
}

func TestWhatIsReadIsBoundedInSizeAndTime(t *testing.T) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, err := zip.Write(make([]byte, 64<<20))
	if err = errors.Join(err, zip.Close()); err != nil {
		t.Fatal(err)
	}
	client, _ := site(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/endless":
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 4096)); err != nil {
					return
				}
			}
		case "/slow":
			for r.Context().Err() == nil {
				_, _ = w.Write([]byte("x"))
				w.(http.Flusher).Flush()
				select {
				case <-r.Context().Done():
				case <-time.After(50 * time.Millisecond):
				}
			}
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed.Bytes())
		case "/headers":
			w.Header().Set("X-Long", strings.Repeat("x", 100<<10))
		case "/busy":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/gone":
			w.WriteHeader(http.StatusGone)
		}
	})
	get := func(path string, begin bool) (*Answer, error) {
		return client.Get(t.Context(), Wish{Address: "http://site.test" + path, Most: 10_000, Begin: begin, Kinds: []string{"text/html"}})
	}
	for _, path := range []string{"/endless", "/bomb"} {
		if answer, err := get(path, true); err != nil || len(answer.Body) != 10_000 {
			t.Errorf("the beginning of %s: %v", path, err)
		}
		if _, err := get(path, false); !errors.Is(err, ErrTooLarge) {
			t.Errorf("all of %s: %v", path, err)
		}
	}
	began := time.Now()
	if _, err := get("/slow", true); err == nil || Lasting(err) || time.Since(began) < patience/2 || time.Since(began) > 4*patience {
		t.Errorf("slow: %v after %s", err, time.Since(began))
	}
	if _, err := get("/headers", true); err == nil {
		t.Error("headers without end")
	}
	if _, err := get("/busy", true); err == nil || Lasting(err) {
		t.Errorf("busy: %v", err)
	}
	if _, err := get("/gone", true); !Lasting(err) || strings.Contains(err.Error(), "site.test") {
		t.Errorf("gone: %v", err)
	}
	if _, err := client.Get(t.Context(), Wish{Address: "http://site.test/", Most: 10, Kinds: []string{"image/png"}}); !errors.Is(err, ErrKind) {
		t.Errorf("another kind: %v", err)
	}
	if _, err := client.Get(t.Context(), Wish{Address: "http://user-of-the-house.invalid/", Most: 10}); err == nil || strings.Contains(err.Error(), "invalid") {
		t.Errorf("the error tells the address: %v", err)
	}
}
