// Command bench measures Ruche: `go run ./cmd/dev bench` builds and runs it. It grows a company out of the
// real data, runs the program as it is delivered on it, and says what each kind of request costs. It is not
// for tests: nothing here passes or fails.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"ruche/app/apptest/peers"
)

// options are what was asked for.
type options struct {
	sizes     []int
	databases []string
	window    time.Duration
	only      *regexp.Regexp // of the requests' names
	data      string
	ruche     string // the program that is measured
	out       string // where the report goes
}

func (o *options) wants(name string) bool { return o.only == nil || o.only.MatchString(name) }

// bench is a run of this program.
type bench struct {
	options
	store    *store
	work     string // folder of what is measured now
	chromium *peers.Chromium
	report   *report
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "limits" {
		fail(serveLimits(os.Args[2]))
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := parse(os.Args[1:])
	if err == nil {
		err = measure(ctx, o)
	}
	fail(err)
}

func fail(err error) {
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(args []string) (o options, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	sizes := flags.String("sizes", "1000,10000,100000", "numbers of ideas")
	databases := flags.String("db", "sqlite,postgres", "databases")
	seconds := flags.Float64("seconds", 2, "how long each kind of request is measured")
	only := flags.String("only", "", "only requests whose name matches this expression")
	flags.StringVar(&o.data, "data", "../shared/data", "folder of the real data; the sample company is grown where it is absent")
	flags.StringVar(&o.ruche, "ruche", "", "the program to measure, built from this folder if it is not given")
	flags.StringVar(&o.out, "out", filepath.Join("docs", "benchmarks.md"), "where a whole run writes its report")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	for _, text := range strings.Split(*sizes, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1000 {
			return o, fmt.Errorf("-sizes: %q is not a number of at least 1000 ideas", text)
		}
		o.sizes = append(o.sizes, n)
	}
	o.databases = strings.Split(*databases, ",")
	for _, name := range o.databases {
		if name != "sqlite" && name != "postgres" {
			return o, fmt.Errorf("-db: %q is neither sqlite nor postgres", name)
		}
	}
	o.window = time.Duration(*seconds * float64(time.Second))
	if *only != "" {
		o.only, err = regexp.Compile(*only)
	}
	return o, err
}

// measure grows what is missing, measures database by database, size by size, and reports.
func measure(ctx context.Context, o options) (err error) {
	b := &bench{options: o, report: newReport(ctx, o)}
	if b.store, err = openStore(ctx, o.data); err != nil {
		return err
	}
	if b.work, err = os.MkdirTemp("", "ruche-bench-run-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.work)) }()
	if err := b.build(ctx); err != nil {
		return err
	}
	if b.chromium, err = peers.StartChromium(ctx); err == nil {
		defer func() { err = errors.Join(err, b.chromium.Close()) }()
	} else if !errors.Is(err, peers.ErrMissing) {
		return err
	}
	for _, database := range o.databases {
		if err := b.measureDatabase(ctx, database); err != nil {
			return err
		}
	}
	if b.report.shares, err = measureShares(); err != nil {
		return err
	}
	say("equal shares: %s ms", ms(b.report.shares))
	if b.wants(intakeName) {
		if b.report.intake, err = measureIntake(ctx, o.data); err != nil {
			return err
		}
		say("%d articles taken in, %.0f a second", b.report.intake.articles, b.report.intake.rate())
	}
	return b.report.write()
}

// build makes the program that is measured, as it is delivered.
func (b *bench) build(ctx context.Context) error {
	if b.ruche != "" {
		return nil
	}
	b.ruche = filepath.Join(b.work, "ruche")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", b.ruche, "./cmd/ruche")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build ruche: %w", err)
	}
	return nil
}

func (b *bench) measureDatabase(ctx context.Context, database string) (err error) {
	var cluster *peers.Postgres
	if database == "postgres" {
		if cluster, err = b.store.postgres(ctx); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, cluster.Close()) }()
	}
	for _, size := range b.sizes {
		grown, err := b.store.sqlite(ctx, size)
		if err != nil {
			return err
		}
		dir := filepath.Join(b.work, "house")
		if err := copyHouse(grown, dir); err != nil {
			return err
		}
		address, base := "", 0
		if cluster != nil {
			if address, err = b.store.copyPostgres(ctx, cluster, size); err != nil {
				return err
			}
			base = cluster.PID()
		}
		say("%s, %d ideas", database, size)
		r, err := b.measureHouse(ctx, database, dir, address, size, base)
		if err != nil {
			return fmt.Errorf("%s, %d ideas: %w", database, size, err)
		}
		b.report.add(database, size, r)
		if size == b.sizes[len(b.sizes)-1] {
			if err := b.limits(ctx, database, b.address(dir, address), base); err != nil {
				return err
			}
			if b.wants(liveName) {
				if err := b.measureLive(ctx, database, dir, address, base); err != nil {
					return fmt.Errorf("%s: %w", liveName, err)
				}
			}
		}
	}
	return nil
}
