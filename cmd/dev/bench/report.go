package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// house is what was measured on one database of one size.
type house struct {
	database string
	size     int
	*run
}

// report is what a run has found out.
type report struct {
	options
	when   time.Time
	commit string
	limits []*figure
	houses []house
	shares time.Duration
	intake intake
	live   []*liveFigure
}

func newReport(ctx context.Context, o options) *report {
	commit, _ := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty").Output() // none in a folder without history
	return &report{options: o, when: time.Now(), commit: strings.TrimSpace(string(commit))}
}

func (r *report) add(database string, size int, run *run) {
	say("start %s ms, memory %d MB, peak %d MB, own %d MB", ms(run.starts), run.memory.resident>>20, run.memory.peak>>20, run.memory.own>>20)
	for _, c := range run.policy {
		say("policy: %d spaces, who they are %s ms, list %s ms, one decision %s", c.spaces, ms(c.actor), ms(c.list), c.decide)
	}
	for _, v := range run.visits {
		say("first visit of the %s: %.1f kB in %d requests", v.page, float64(v.bytes)/1000, v.requests)
	}
	r.houses = append(r.houses, house{database, size, run})
}

// whole tells whether everything was measured that the report is about.
func (r *report) whole() bool {
	return r.only == nil && len(r.databases) == 2 && slices.Max(r.sizes) == 100000 && len(r.sizes) > 1
}

// write writes the report of a whole run; of a part nothing is kept.
func (r *report) write() error {
	if !r.whole() {
		say("%s stays as it is: this was a part of the measurements", r.out)
		return nil
	}
	if err := os.WriteFile(r.out, []byte(r.markdown()), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	say("written to %s", r.out)
	return nil
}

func (r *report) markdown() string {
	b := &strings.Builder{}
	fmt.Fprintf(b, "# What Ruche costs to run\n\nWritten by `go run ./cmd/dev bench` on %s, from %s.\n\n", r.when.UTC().Format("2 January 2006"), r.commit)
	fmt.Fprintf(b, "%s\n\n", machine())
	b.WriteString("A company of 5,000 people is grown out of real ideas to each size, with five supports and three comments an idea, and the program is measured as\n" +
		"it is delivered, with the load generator on the same machine. CPU is what the server and the database's own processes compute for one request; it\n" +
		"depends far less than times on what else the machine does. Compare within a table, and with the limits of the machine, rather than with another machine.\n\n")
	r.writeTargets(b)
	r.writeLimits(b)
	for _, database := range r.databases {
		r.writeDatabase(b, database)
	}
	r.writePolicy(b)
	r.writeHouses(b)
	r.writeLive(b)
	r.writeShares(b)
	r.writeIntake(b)
	return b.String()
}

// machine says what the figures were measured on.
func machine() string {
	return fmt.Sprintf("Measured on %d cores of %s with %s of memory, %s, %s.", runtime.NumCPU(),
		valueIn("/proc/cpuinfo", "model name", "an unknown processor"), gigabytes(valueIn("/proc/meminfo", "MemTotal", "")), runtime.GOOS, runtime.Version())
}

// valueIn is the first value of that name in a file of "name: value" lines.
func valueIn(path, name, unknown string) string {
	raw, err := os.ReadFile(path)
	if err != nil {
		return unknown
	}
	for line := range strings.Lines(string(raw)) {
		key, value, found := strings.Cut(line, ":")
		if found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return unknown
}

func gigabytes(kilobytes string) string {
	n, err := strconv.Atoi(strings.TrimSuffix(kilobytes, " kB"))
	if err != nil {
		return "an unknown amount"
	}
	return fmt.Sprintf("%.0f GB", float64(n)/(1<<20))
}

// figure finds what a request cost; nil if it was not measured.
func (r *report) figure(database string, size int, request string, connections int) *figure {
	for _, h := range r.houses {
		if h.database != database || h.size != size {
			continue
		}
		for _, f := range h.figures {
			if f.Request == request && f.Connections == connections {
				return f
			}
		}
	}
	return nil
}

// cost is what a request computes, wherever.
func (f *figure) cost() time.Duration { return f.CPU + f.Base }

// growth is by how much a request costs more at the largest size than at the smallest.
func (r *report) growth(database, request string) float64 {
	small, large := r.figure(database, slices.Min(r.sizes), request, connections[0]), r.figure(database, slices.Max(r.sizes), request, connections[0])
	if small == nil || large == nil || small.cost() == 0 {
		return 0
	}
	return float64(large.cost()) / float64(small.cost())
}

// requests are the names of what was measured, in order.
func (r *report) requests() (names []string) {
	for _, f := range r.houses[0].figures {
		if !slices.Contains(names, f.Request) {
			names = append(names, f.Request)
		}
	}
	return names
}
