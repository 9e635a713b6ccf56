package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// request is one request of a scenario.
type request struct {
	method string
	path   string
	form   string // of a change, or another document if the header says so
	header http.Header
	want   int
}

// scenario is a kind of request; next gives the n'th one of a worker.
type scenario struct {
	name    string
	next    func(worker, n int) request
	writes  bool // others read on after the answer: the search index, notices
	perSize bool // its cost is to stay the same however many ideas there are
}

// load is what a window of requests showed.
type load struct {
	times   []time.Duration // sorted
	elapsed time.Duration
	bytes   int64
}

func (l *load) count() int { return len(l.times) }

func (l *load) rate() float64 { return float64(len(l.times)) / l.elapsed.Seconds() }

func (l *load) percentile(p float64) time.Duration {
	if len(l.times) == 0 {
		return 0
	}
	return l.times[min(int(p*float64(len(l.times))), len(l.times)-1)]
}

// generator sends requests over keep-alive connections, one worker each.
type generator struct {
	url     string
	clients []*http.Client
	sent    []int // how many each worker has sent, so that each request differs from the last
}

func newGenerator(url string, connections int) *generator {
	g := &generator{url: url, sent: make([]int, connections)}
	for range connections {
		g.clients = append(g.clients, &http.Client{
			Transport:     &http.Transport{MaxConnsPerHost: 1, MaxIdleConnsPerHost: 1, DisableCompression: true},
			Timeout:       30 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		})
	}
	return g
}

func (g *generator) close() {
	for _, client := range g.clients {
		client.CloseIdleConnections()
	}
}

// run lets every worker send one request after the other for a while. Each waits for its last answer,
// so that nothing is left under way.
func (g *generator) run(ctx context.Context, s *scenario, window time.Duration) (*load, error) {
	var all sync.WaitGroup
	times := make([][]time.Duration, len(g.clients))
	bytes := make([]int64, len(g.clients))
	errs := make([]error, len(g.clients))
	started := time.Now()
	for worker := range g.clients {
		all.Go(func() {
			for time.Since(started) < window && ctx.Err() == nil {
				sent := time.Now()
				size, err := g.send(ctx, worker, s.next(worker, g.sent[worker]))
				if err != nil {
					errs[worker] = fmt.Errorf("%s: %w", s.name, err)
					return
				}
				g.sent[worker]++
				times[worker] = append(times[worker], time.Since(sent))
				bytes[worker] += size
			}
		})
	}
	all.Wait()
	result := &load{elapsed: time.Since(started), times: slices.Concat(times...)}
	for worker := range g.clients {
		result.bytes += bytes[worker]
		if errs[worker] != nil {
			return nil, errs[worker]
		}
	}
	slices.Sort(result.times)
	return result, ctx.Err()
}

func (g *generator) send(ctx context.Context, worker int, r request) (size int64, err error) {
	var body io.Reader = http.NoBody
	if r.form != "" {
		body = strings.NewReader(r.form)
	}
	request, err := http.NewRequestWithContext(ctx, r.method, g.url+r.path, body)
	if err != nil {
		return 0, err
	}
	request.Header = r.header.Clone()
	request.Header.Set("Accept-Encoding", "br")
	if r.method != http.MethodGet {
		request.Header.Set("Origin", g.url)
		if request.Header.Get("Content-Type") == "" {
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
	}
	response, err := g.clients[worker].Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	if response.StatusCode != r.want {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 2000))
		return 0, fmt.Errorf("%s %s: status %d, want %d\n%s", r.method, r.path, response.StatusCode, r.want, text)
	}
	return io.Copy(io.Discard, response.Body)
}
