package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"ruche/models"
)

// The benchmarks grow the real ideas to 1,000, 10,000 and 100,000, with three comments each:
//
//	go test ./search -run '^$' -bench . -benchtime 1s
//	go test ./search -run '^$' -bench 'Search/1000/' …
//
// They report processor time, since wall time says little on a machine that does other things. An
// index of 100,000 ideas takes a minute to build; RUCHE_BENCH_DIR names a folder to keep it in.
var sizes = []int{1_000, 10_000, 100_000}

// grown makes n ideas and three comments each out of the real ones.
func grown(tb testing.TB, n int) *shelf {
	tb.Helper()
	dir := sharedData()
	if dir == "" {
		tb.Fatal("the benchmarks need the shared data")
	}
	var titled, replies []models.SearchRecord
	for _, r := range realRecords(tb, dir) {
		if r.Type == ideas {
			titled = append(titled, r)
		} else {
			replies = append(replies, r)
		}
	}
	db := newShelf()
	start := time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)
	put := func(r models.SearchRecord) {
		db.records[r.Type][r.ID] = r
		db.ids[r.Type] = append(db.ids[r.Type], r.ID)
	}
	for i := range n {
		r := titled[i*7919%len(titled)]
		r.ID, r.IdeaID, r.At = int64(i+1), int64(i+1), start.Add(time.Duration(i)*26*time.Minute)
		if i >= len(titled) { // a later copy keeps its title and says what another says
			r.Text = titled[(i*31+i/len(titled))%len(titled)].Text
		}
		put(r)
		for j := range 3 {
			c := replies[(3*i+j)*13%len(replies)]
			c.ID, c.IdeaID, c.SpaceID, c.At = int64(3*i+j+1), r.ID, r.SpaceID, r.At.Add(time.Hour)
			put(c)
		}
	}
	return db
}

// grownIndex is an index of n ideas.
func grownIndex(b *testing.B, n int) *Index {
	b.Helper()
	dir := b.TempDir()
	if keep := os.Getenv("RUCHE_BENCH_DIR"); keep != "" {
		dir = filepath.Join(keep, fmt.Sprint(n))
	}
	x, err := Open(dir, grown(b, n), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = x.Close() })
	x.scrub(context.Background())
	cpu, start := processor(), time.Now()
	if !x.Status().Ready {
		if err := x.CatchUp(context.Background()); err != nil {
			b.Fatal(err)
		}
		if err := x.live.flush(time.Minute); err != nil {
			b.Fatal(err)
		}
		b.Logf("%d documents indexed in %s, %s of processor time", x.Status().Docs, time.Since(start).Round(time.Millisecond), (processor() - cpu).Round(time.Millisecond))
	}
	return x
}

// processor is the processor time of this process so far.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// typed are n queries of one to three words of real titles.
func typed(db *shelf, n int) (queries []string) {
	random := rand.New(rand.NewPCG(1, 2))
	for len(queries) < n {
		r := db.records[ideas][int64(random.IntN(1000)+1)]
		var words []string
		for _, w := range strings.Fields(r.Title) {
			if len(w) > 3 {
				words = append(words, w)
			}
		}
		if len(words) > 3 {
			random.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
			queries = append(queries, strings.Join(words[:1+random.IntN(3)], " "))
		}
	}
	return queries
}

func everySpace() (spaces []int64) {
	for i := range int64(25) {
		spaces = append(spaces, i)
	}
	return spaces
}

func BenchmarkSearch(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			x := grownIndex(b, n)
			few := []int64{1, 2}
			for _, c := range []struct {
				name    string
				queries []Query
			}{
				{"title words", texts(typed(x.source.(*shelf), 300)...)},
				{"common word", texts("government", "public", "données", "people")},
				{"two common words", texts("données publiques", "open data", "people government")},
				{"rare word", texts("wifi", "trottinettes", "transparency")},
				{"widened", texts("pistes cyclables rue bureau", "what should the government do about trees", "wifi zzzz")},
				{"phrase", texts(`"open data"`, `"logiciel libre"`)},
				{"filtered", []Query{{Text: "public", Types: []string{ideas}, Stage: "decided"}, {Text: "données", Spaces: few}, {Text: "government", Space: 2}}},
				{"newest", []Query{{Text: "public", Sort: Newest}, {Text: "open government", Sort: Newest}}},
			} {
				b.Run(c.name, func(b *testing.B) {
					measure(b, len(c.queries), func(i int) error {
						q := c.queries[i]
						if q.Spaces == nil {
							q.Spaces = everySpace()
						}
						_, err := x.Search(context.Background(), q)
						return err
					})
				})
			}
			b.Run("suggest", func(b *testing.B) {
				queries := texts("a", "co", "tran", "jardin p", "open gov", "trnasparency", "xyzzy")
				measure(b, len(queries), func(i int) error {
					queries[i].Spaces = everySpace()
					_, err := x.Suggest(context.Background(), queries[i])
					return err
				})
			})
			b.Run("similar", func(b *testing.B) {
				titles := typed(x.source.(*shelf), 50)
				measure(b, len(titles), func(i int) error {
					_, err := x.Similar(context.Background(), titles[i]+" "+titles[(i+1)%len(titles)], everySpace())
					return err
				})
			})
		})
	}
}

func texts(list ...string) (queries []Query) {
	for _, text := range list {
		queries = append(queries, Query{Text: text})
	}
	return queries
}

// measure runs every case once an operation and reports the processor time of one, without garbage
// collection: here that would go through 400,000 texts that a server does not have in memory.
func measure(b *testing.B, cases int, do func(i int) error) {
	b.ReportAllocs()
	runtime.GC()
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(6 << 30))
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	cpu := processor()
	for b.Loop() {
		for i := range cases {
			if err := do(i); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64((processor()-cpu).Microseconds())/float64(b.N*cases), "cpu-µs/query")
}

// BenchmarkOpen opens an existing index and searches it once.
func BenchmarkOpen(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			x := grownIndex(b, n)
			dir, db := x.dir, x.source
			if err := x.Close(); err != nil {
				b.Fatal(err)
			}
			measure(b, 1, func(int) error {
				x, err := Open(dir, db, Options{})
				if err == nil {
					_, err = x.Search(context.Background(), Query{Text: "public", Spaces: everySpace()})
				}
				if err == nil {
					err = x.Close()
				}
				return err
			})
		})
	}
}
