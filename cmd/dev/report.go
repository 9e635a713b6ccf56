package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// report follows `go test -json`: it prints a line for each package, everything that a failing test said, and the count at the end.
// A skipped test counts as failed: nothing is left out in silence. Several runs may be followed at once.
type report struct {
	out     io.Writer
	started time.Time

	mu       sync.Mutex // holds what is below, and what is printed of one event together
	passed   int
	failures []string
}

// event is one line of `go test -json`.
type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
	FailedBuild                               string
}

// progress is what is known of a package while its tests run.
type progress struct {
	said    map[string][]string // by test; "" is the package's own
	parents map[string]bool     // the tests that have parts; true where one of them failed
	passed  int
	failed  int
}

// read takes in one run of go test, whose database only names it in what is printed.
func (r *report) read(from io.Reader, database string) error {
	packages := map[string]*progress{}
	builds := map[string][]string{}
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read go test: %w", err)
		}
		r.line(line, database, packages, builds)
	}
}

// line takes in one line of a run, for which packages and builds keep what is not printed yet.
func (r *report) line(line []byte, database string, packages map[string]*progress, builds map[string][]string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var e event
	if err := json.Unmarshal(line, &e); err != nil {
		fmt.Fprintf(r.out, "%s", line) // go itself has something to say
		return
	}
	switch e.Action {
	case "build-output":
		builds[e.ImportPath] = append(builds[e.ImportPath], e.Output)
		return
	case "build-fail":
		return
	}
	p := packages[e.Package]
	if p == nil {
		p = &progress{said: map[string][]string{}, parents: map[string]bool{}}
		packages[e.Package] = p
	}
	if e.Test != "" {
		r.test(p, e, database)
	} else if r.pack(p, e, database, builds) {
		delete(packages, e.Package)
	}
}

// test takes in an event of one test. A test with parts is counted by its parts.
func (r *report) test(p *progress, e event, database string) {
	brokenPart, isParent := p.parents[e.Test]
	switch e.Action {
	case "output":
		p.said[e.Test] = append(p.said[e.Test], e.Output)
		return
	case "pass":
		if !isParent {
			p.passed++
			r.passed++
		}
	case "fail", "skip":
		if !brokenPart {
			p.failed++
			r.fail(database, e.Package, e.Test)
		}
		if e.Action == "skip" {
			fmt.Fprint(r.out, "A skipped test counts as failed. ")
		}
		fmt.Fprintf(r.out, "%s %s %s\n%s\n", strings.ToUpper(e.Action), e.Package, e.Test, shortened(p.said[e.Test]))
	default:
		return
	}
	delete(p.said, e.Test)
	if i := strings.LastIndexByte(e.Test, '/'); i > 0 {
		p.parents[e.Test[:i]] = p.parents[e.Test[:i]] || e.Action != "pass"
	}
}

// pack takes in an event of a package as a whole, and says whether it was the last one.
func (r *report) pack(p *progress, e event, database string, builds map[string][]string) bool {
	switch e.Action {
	case "output":
		p.said[""] = append(p.said[""], e.Output)
		return false
	case "pass":
		fmt.Fprintf(r.out, "ok    %-8s %-40s %4d tests %6.1fs\n", database, e.Package, p.passed, e.Elapsed)
	case "fail":
		if p.failed == 0 {
			// It did not build, or ended before a test could fail.
			r.fail(database, e.Package)
			fmt.Fprint(r.out, shortened(builds[e.FailedBuild]), shortened(p.said[""]))
			for name, said := range p.said {
				if name != "" {
					fmt.Fprint(r.out, shortened(said))
				}
			}
		}
		fmt.Fprintf(r.out, "FAIL  %-8s %-40s %4d of %d tests %6.1fs\n", database, e.Package, p.failed, p.passed+p.failed, e.Elapsed)
	case "skip":
		fmt.Fprintf(r.out, "      %-8s %-40s no tests\n", database, e.Package)
	default:
		return false
	}
	return true
}

// shortened joins what a test said, without the middle of what nobody would read.
func shortened(said []string) string {
	const head, tail = 20_000, 10_000
	text := strings.Join(said, "")
	if len(text) <= head+tail {
		return text
	}
	return fmt.Sprintf("%s\n… %d bytes left out …\n%s", text[:head], len(text)-head-tail, text[len(text)-tail:])
}

func (r *report) fail(what ...string) {
	r.failures = append(r.failures, strings.Join(what, " "))
}

// failed tells whether anything failed so far.
func (r *report) failed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.failures) > 0
}

// close prints what failed, and last of all the count that continuous integration reads.
func (r *report) close() error {
	fmt.Fprintf(r.out, "\nin %s\n", time.Since(r.started).Round(time.Second))
	for _, failure := range r.failures {
		fmt.Fprintln(r.out, "failed:", failure)
	}
	fmt.Fprintf(r.out, "%d passed, %d failed\n", r.passed, len(r.failures))
	if len(r.failures) > 0 {
		return errors.New("not everything passed")
	}
	if r.passed == 0 {
		return errors.New("no test ran")
	}
	return nil
}
