// Package browser drives a real Chromium in tests, the way a person does: it finds things by what is written on them, waits for what it
// needs instead of sleeping, and fails the test on console errors, blocked content and failed requests that the test did not expect.
// It is not for what a plain HTTP request can show: those tests belong beside their feature.
package browser

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/remote"
)

// settings are what the options of Open choose.
type settings struct {
	width, height int64
	scale         float64
	touch         bool
	dark          bool
	noScripts     bool
	language      string
	cookies       []*network.CookieParam
}

// Option chooses how a page is opened.
type Option func(*settings)

// Phone is the window of a usual telephone, with touch.
func Phone(s *settings) { s.width, s.height, s.scale, s.touch = 390, 844, 2, true }

// Wide is the window of a large screen. Without an option the window is that of a laptop.
func Wide(s *settings) { s.width, s.height = 1920, 1080 }

// Dark asks for the dark colour scheme.
func Dark(s *settings) { s.dark = true }

// WithoutScripts turns the page's scripts off.
func WithoutScripts(s *settings) { s.noScripts = true }

// Viewport is a window of the given size.
func Viewport(width, height int64) Option {
	return func(s *settings) { s.width, s.height = width, height }
}

// Language is the reader's language, such as "fr"; without it the browser asks for English.
func Language(tag string) Option {
	return func(s *settings) { s.language = tag }
}

// Cookies gives the browser the cookies of the site at url, those of a signed-in person for example.
func Cookies(url string, cookies ...*http.Cookie) Option {
	return func(s *settings) {
		for _, c := range cookies {
			// A cookie jar gives back names and values only; the prefix demands the rest.
			secure := c.Secure || strings.HasPrefix(c.Name, "__Host-") || strings.HasPrefix(c.Name, "__Secure-")
			s.cookies = append(s.cookies, &network.CookieParam{Name: c.Name, Value: c.Value, URL: url, Path: "/", Secure: secure, HTTPOnly: true})
		}
	}
}

// Open opens an empty page in a browser context of its own: no cookies, cache or storage of another test.
// The page closes with the test.
func Open(t testing.TB, options ...Option) *Page {
	t.Helper()
	s := settings{width: 1280, height: 800, scale: 1, language: "en"}
	for _, option := range options {
		option(&s)
	}
	address := os.Getenv("RUCHE_CHROMIUM_URL")
	if address == "" {
		t.Fatal("RUCHE_CHROMIUM_URL is not set: run this test with `go run ./cmd/dev test PACKAGE`")
	}
	allocator, cancelAllocator := remote.NewAllocator(context.Background(), address, remote.NoModifyURL)
	ctx, cancel := chromedp.NewContext(allocator, chromedp.WithNewBrowserContext())
	page := &Page{t: t, ctx: ctx, complaints: &complaints{}, noScripts: s.noScripts}
	t.Cleanup(func() {
		page.finish()
		cancel()
		cancelAllocator()
	})
	if err := chromedp.Listen(ctx, page.complaints.hear); err != nil {
		t.Fatalf("open a page: %v", err)
	}
	if err := s.apply(ctx); err != nil {
		t.Fatalf("open a page: %v", err)
	}
	page.answerDialogs()
	return page
}

// apply gives the page its window, languages and cookies. Motion is always reduced, so that nothing moves under a click.
func (s *settings) apply(ctx context.Context) error {
	agent, err := chromedp.Run(ctx, chromedp.Evaluate[string]("navigator.userAgent"))
	if err != nil {
		return err
	}
	return errors.Join(
		command(ctx, log.Enable, cdp.Empty{}),
		command(ctx, network.Enable, network.EnableParams{}),
		command(ctx, network.SetCookies, network.SetCookiesParams{Cookies: s.cookies}),
		command(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: s.width, Height: s.height, DeviceScaleFactor: s.scale, Mobile: s.touch,
		}),
		command(ctx, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: s.touch}),
		command(ctx, emulation.SetEmulatedMedia, media(s.dark)),
		command(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}),
		scripts(ctx, !s.noScripts),
		command(ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Europe/Paris"}),
		command(ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: agent, AcceptLanguage: s.language}),
	)
}

func media(dark bool) emulation.SetEmulatedMediaParams {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	return emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}}
}
