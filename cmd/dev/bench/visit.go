package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/remote"
)

// visit is what a browser with an empty cache fetches to show a page.
type visit struct {
	page     string
	requests int
	bytes    int // as sent, with the headers of the answers
}

// quiet is how long after the page has loaded its last request comes at the latest: scripts ask for a few things then.
const quiet = 2 * time.Second

// firstVisits opens pages as someone does who is signed in and has never seen them in this browser.
func firstVisits(ctx context.Context, chromium, url string, who *person, idea string) (visits []*visit, err error) {
	for _, page := range []struct{ name, path string }{{"home", "/"}, {"list of ideas", "/ideas"}, {"idea page", idea}} {
		v, err := firstVisit(ctx, chromium, url+page.path, who.header.Get("Cookie"))
		if err != nil {
			return nil, fmt.Errorf("first visit of the %s: %w", page.name, err)
		}
		v.page = page.name
		visits = append(visits, v)
	}
	return visits, nil
}

func firstVisit(ctx context.Context, chromium, url, cookies string) (*visit, error) {
	allocator, cancelAllocator := remote.NewAllocator(ctx, chromium, remote.NoModifyURL)
	defer cancelAllocator()
	tab, cancel := chromedp.NewContext(allocator, chromedp.WithNewBrowserContext())
	defer cancel()
	v := &visit{}
	var mu sync.Mutex
	hear := func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, "data:") && !strings.Contains(e.Request.URL, "/live?") { // the stream brings nothing of the page
				v.requests++
			}
		case *network.EventLoadingFinished:
			v.bytes += int(e.EncodedDataLength)
		}
	}
	if err := chromedp.Listen(tab, hear); err != nil {
		return nil, err
	}
	if _, err := chromedp.Call(tab, network.Enable, network.EnableParams{}); err != nil {
		return nil, err
	}
	var jar []*network.CookieParam
	for pair := range strings.SplitSeq(cookies, "; ") {
		name, value, _ := strings.Cut(pair, "=")
		jar = append(jar, &network.CookieParam{Name: name, Value: value, URL: url, Path: "/", HTTPOnly: true})
	}
	if _, err := chromedp.Call(tab, network.SetCookies, network.SetCookiesParams{Cookies: jar}); err != nil {
		return nil, err
	}
	if err := chromedp.Do(tab, chromedp.Navigate(url)); err != nil {
		return nil, err
	}
	time.Sleep(quiet)
	mu.Lock()
	defer mu.Unlock()
	return &visit{requests: v.requests, bytes: v.bytes}, nil
}
