package browser

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// complaints collects what a browser's console and network panel would show in red.
type complaints struct {
	mu       sync.Mutex
	requests map[network.RequestID]string
	heard    []string
	allowed  []string
}

// hear is called with every event of the page, from the goroutine that reads them.
func (c *complaints) hear(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		c.add("uncaught %s", exceptionText(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			c.add("console.%s %s", e.Type, argumentText(e.Args))
		}
	case *log.EventEntryAdded:
		// What the network says comes below, with the method and the status.
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			c.add("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		if c.requests == nil {
			c.requests = map[network.RequestID]string{}
		}
		c.requests[e.RequestID] = e.Request.Method + " " + e.Request.URL
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 {
			c.add("%d %s", e.Response.Status, c.requests[e.RequestID])
		}
	case *network.EventLoadingFailed:
		// A request given up because the reader went on to another page is no failure.
		if !e.Canceled && e.ErrorText != "net::ERR_ABORTED" {
			c.add("%s %s %s", e.ErrorText, e.BlockedReason, c.requests[e.RequestID])
		}
	}
}

func (c *complaints) add(format string, arguments ...any) {
	c.heard = append(c.heard, fmt.Sprintf(format, arguments...))
}

func (c *complaints) allow(part string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.allowed = append(c.allowed, part)
}

// unexpected returns the complaints that the test did not allow.
func (c *complaints) unexpected() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.heard), func(complaint string) bool {
		return slices.ContainsFunc(c.allowed, func(part string) bool { return strings.Contains(complaint, part) })
	})
}

func exceptionText(details *runtime.ExceptionDetails) string {
	text := details.Text
	if details.Exception != nil && details.Exception.Description != "" {
		text = details.Exception.Description
	}
	if details.URL == "" {
		return text
	}
	return fmt.Sprintf("%s (%s:%d)", text, details.URL, details.LineNumber+1)
}

func argumentText(arguments []*runtime.RemoteObject) string {
	var texts []string
	for _, a := range arguments {
		if a.Description != "" {
			texts = append(texts, a.Description)
		} else {
			texts = append(texts, string(a.Value))
		}
	}
	return strings.Join(texts, " ")
}
