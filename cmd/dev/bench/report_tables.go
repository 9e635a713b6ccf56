package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// What is aimed at with the most ideas.
const (
	mostGrowth     = 1.3
	mostList       = 2 * time.Millisecond
	mostStatements = 6
	mostSearch     = 15 * time.Millisecond
	mostStart      = time.Second
	mostMemory     = 250 << 20
	mostBytes      = 120_000
	mostRequests   = 10
	mostThread     = 2.0
)

func row(w io.Writer, cells ...string) { fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | ")) }

// header begins a table; all columns but the first hold figures.
func header(w io.Writer, cells ...string) {
	row(w, cells...)
	row(w, append([]string{"---"}, slices.Repeat([]string{"---:"}, len(cells)-1)...)...)
}

func reached(ok bool) string {
	if ok {
		return "yes"
	}
	return "**no**"
}

func (r *report) writeTargets(w io.Writer) {
	largest := slices.Max(r.sizes)
	fmt.Fprintf(w, "## What is aimed at, with %s ideas\n\n", thousands(largest))
	header(w, "Target", "Database", "Aim", "Found", "Reached")
	for _, database := range r.databases {
		worst, name := 0.0, ""
		for _, f := range r.houses[0].figures {
			if g := r.growth(database, f.Request); f.PerSize && g > worst {
				worst, name = g, f.Request
			}
		}
		row(w, "CPU against "+thousands(slices.Min(r.sizes))+" ideas, the page that grows most ("+name+")", database, fmt.Sprintf("≤ %.1f ×", mostGrowth), fmt.Sprintf("%.2f ×", worst), reached(worst <= mostGrowth))
		if f := r.figure(database, largest, listTrending, connections[0]); f != nil {
			row(w, "CPU of the list, signed in and compressed", database, "≤ "+ms(mostList)+" ms", ms(f.cost())+" ms", reached(f.cost() <= mostList))
			row(w, "SQL statements of the list", database, fmt.Sprintf("≤ %d", mostStatements), fmt.Sprintf("%.1f", f.Statements), reached(f.Statements <= mostStatements+0.05))
		}
		if f := r.figure(database, largest, searchFiltered, connections[0]); f != nil {
			row(w, "CPU of a search with filters and marks", database, "≤ "+ms(mostSearch)+" ms", ms(f.cost())+" ms", reached(f.cost() <= mostSearch))
		}
		r.writeRatio(w, "CPU of a page of a long thread, against the idea page", database, threadPage, ideaPage, mostThread)
		r.writeRatio(w, "CPU of the last page of a long thread, against the first", database, threadEnd, threadStart, mostGrowth)
		for _, f := range r.live {
			if f.database == database {
				row(w, "CPU a second of "+thousands(openPages)+" pages that are open", database, "≤ "+ms(mostIdle)+" ms", ms(f.idle)+" ms", reached(f.idle <= mostIdle))
				row(w, "Memory of a page that is open", database, fmt.Sprintf("≤ %d kB", mostPerPage>>10), fmt.Sprintf("%.1f kB", float64(f.perPage)/1024), reached(f.perPage <= mostPerPage))
				row(w, fmt.Sprintf("Until %d pages have heard of a message, at most", sharedBy), database, "≤ "+ms(mostHeard)+" ms", ms(f.most)+" ms", reached(f.most <= mostHeard))
			}
		}
		for _, h := range r.houses {
			if h.database == database && h.size == largest {
				row(w, "Start with the index that is there", database, "≤ 1 s", ms(h.starts)+" ms", reached(h.starts <= mostStart))
				row(w, "Resident memory under load", database, "≤ 250 MB", fmt.Sprintf("%d MB", h.memory.resident>>20), reached(h.memory.resident <= mostMemory))
				for _, v := range h.visits {
					row(w, "First visit of the "+v.page, database, "≤ 120 kB, ≤ 10 requests", fmt.Sprintf("%.0f kB, %d", float64(v.bytes)/1000, v.requests), reached(v.bytes <= mostBytes && v.requests <= mostRequests))
				}
			}
		}
	}
	fmt.Fprint(w, "\nThat a support and a comment are one transaction of at most eight statements is held by a test; the tables below count what the session, the policy and the\n"+
		"readers of the event log ask besides.\n\n")
}

// writeRatio tells how much more one request may cost than another, with the most ideas.
func (r *report) writeRatio(w io.Writer, label, database, name, against string, most float64) {
	largest := slices.Max(r.sizes)
	one, other := r.figure(database, largest, name, connections[0]), r.figure(database, largest, against, connections[0])
	if one == nil || other == nil {
		return
	}
	ratio := float64(one.cost()) / float64(other.cost())
	row(w, label, database, fmt.Sprintf("≤ %.1f ×", most), fmt.Sprintf("%.2f ×", ratio), reached(ratio <= most))
}

func (r *report) writeLimits(w io.Writer) {
	fmt.Fprint(w, "## The limits of the machine\n\nA bare Echo server without session, policy, layout and compression, measured in the same run.\n\n")
	header(w, "Request", "Database", "Connections", "p50 ms", "p95 ms", "p99 ms", "Requests/s", "CPU ms, server", "CPU ms, database")
	for _, f := range r.limits {
		row(w, strings.TrimPrefix(f.Request, "limit: "), f.Database, fmt.Sprint(f.Connections), ms(f.P50), ms(f.P95), ms(f.P99), fmt.Sprintf("%.0f", f.Rate), ms(f.CPU), ms(f.Base))
	}
}

// writeDatabase shows each request on one database: how its cost grows, and the rest at the largest size.
func (r *report) writeDatabase(w io.Writer, database string) {
	fmt.Fprintf(w, "\n## %s: how the cost of a request grows\n\nCPU ms of server and database, over two connections.\n\n", database)
	columns := []string{"Request"}
	for _, size := range r.sizes {
		columns = append(columns, thousands(size)+" ideas")
	}
	header(w, append(columns, "Growth")...)
	for _, name := range r.requests() {
		cells := []string{name}
		for _, size := range r.sizes {
			cell := "–"
			if f := r.figure(database, size, name, connections[0]); f != nil {
				cell = ms(f.cost())
			}
			cells = append(cells, cell)
		}
		row(w, append(cells, fmt.Sprintf("%.2f ×", r.growth(database, name)))...)
	}
	largest := slices.Max(r.sizes)
	fmt.Fprintf(w, "\n## %s: each request with %s ideas\n\n", database, thousands(largest))
	header(w, "Request", "Connections", "p50 ms", "p95 ms", "p99 ms", "Requests/s", "CPU ms, server", "CPU ms, database", "SQL", "Allocations", "kB allocated", "kB sent")
	for _, name := range r.requests() {
		for _, n := range connections {
			if f := r.figure(database, largest, name, n); f != nil {
				row(w, name, fmt.Sprint(n), ms(f.P50), ms(f.P95), ms(f.P99), fmt.Sprintf("%.0f", f.Rate), ms(f.CPU), ms(f.Base),
					fmt.Sprintf("%.1f", f.Statements), fmt.Sprintf("%.0f", f.Allocations), fmt.Sprintf("%.0f", f.Allocated/1000), fmt.Sprintf("%.1f", f.Bytes/1000))
			}
		}
	}
}

func (r *report) writeHouses(w io.Writer) {
	fmt.Fprint(w, "\n## Memory and start\n\nMB of the server; its own are those that no file stands behind.\n\n")
	header(w, "Database", "Ideas", "Start, ms", "Resident under load", "Peak", "Own")
	for _, h := range r.houses {
		row(w, h.database, thousands(h.size), ms(h.starts), fmt.Sprint(h.memory.resident>>20), fmt.Sprint(h.memory.peak>>20), fmt.Sprint(h.memory.own>>20))
	}
}

// thousands writes a whole number with commas.
func thousands(n int) string {
	text := fmt.Sprint(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
