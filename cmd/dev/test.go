package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// The packages of tests that need a program beside Go; `go test ./...` shows them as having no test files.
const (
	needsOIDCProvider = "ruche/app/needs/oidcprovider"
	needsPostgres     = "ruche/app/needs/postgresql"
	needsBoth         = "ruche/app/needs/journey"
)

// suite is one pass over the tests, on one database.
type suite struct {
	database string
	packages []string
	browser  bool // some of them drive a browser
}

// test runs everything, or with arguments only the tests they name.
func test(ctx context.Context, args []string) (err error) {
	database, flags, patterns, err := testArguments(args)
	if err != nil {
		return err
	}
	total := &report{out: os.Stdout, started: time.Now()}
	emptied, err := filesInMemory()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, emptied()) }()
	installed, err := provide(ctx)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		if err := check(ctx, nil); err != nil {
			total.fail("go run ./cmd/dev check")
		}
	}
	suites, err := plan(ctx, database, patterns)
	if err != nil {
		return errors.Join(err, installed())
	}
	if err := installed(); err != nil {
		return err
	}
	around, err := startPeers(ctx, suites)
	if err != nil {
		return errors.Join(err, around.close())
	}
	group, running := errgroup.WithContext(ctx)
	for _, s := range suites {
		env := append(slices.Clone(around.env), around.databases[s.database])
		group.Go(func() error { return s.run(running, env, flags, packagesAtOnce(len(suites)), total) })
	}
	if err := errors.Join(group.Wait(), around.close()); err != nil {
		return err
	}
	return total.close()
}

// memoryDisk is where Linux keeps files in memory, and roomInMemory how much of it, in bytes, the tests need at most.
const (
	memoryDisk   = "/dev/shm"
	roomInMemory = 6 << 30
)

// filesInMemory has databases and folders of tests lie in memory where there is room, since they may go when the machine does: half of
// what a test waits for is the disk. emptied removes what is left of them.
func filesInMemory() (emptied func() error, err error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(memoryDisk, &disk); err != nil || disk.Bavail*uint64(disk.Bsize) < roomInMemory {
		return func() error { return nil }, nil
	}
	if os.Getenv("GOTMPDIR") == "" {
		if err := os.Setenv("GOTMPDIR", os.TempDir()); err != nil { // what is built is large and is written once
			return nil, err
		}
	}
	dir, err := os.MkdirTemp(memoryDisk, "ruche-tests-")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL runs as somebody else
		return nil, err
	}
	return func() error { return os.RemoveAll(dir) }, os.Setenv("TMPDIR", dir)
}

// testArguments splits what was typed after "test": our -db, then go test's flags, then packages.
func testArguments(args []string) (database string, flags, patterns []string, err error) {
	if len(args) >= 2 && args[0] == "-db" {
		database, args = args[1], args[2:]
		if database != "sqlite" && database != "postgres" {
			return "", nil, nil, errUsage
		}
	}
	first := slices.IndexFunc(args, func(arg string) bool { return strings.HasPrefix(arg, "./") })
	if first < 0 {
		return database, args, []string{"./..."}, nil
	}
	return database, args[:first], args[first:], nil
}

// plan lists what runs where. Everything runs on SQLite but what only PostgreSQL can show; on PostgreSQL runs whatever links the models.
// Browser and sign-in tests run once, since which database lies below is not what they are about, but for the one that goes through
// the whole product.
func plan(ctx context.Context, database string, patterns []string) ([]suite, error) {
	tests, err := testPackages(ctx, patterns)
	if err != nil {
		return nil, err
	}
	sqlite, postgres := suite{database: "sqlite"}, suite{database: "postgres"}
	for _, p := range tests {
		if p.path != needsPostgres {
			sqlite.packages = append(sqlite.packages, p.path)
			sqlite.browser = sqlite.browser || p.browses
		}
		once := p.browses && p.path != needsBoth || p.path == needsOIDCProvider
		if p.path == needsPostgres || p.stores && (database == "postgres" || !once) {
			postgres.packages = append(postgres.packages, p.path)
			postgres.browser = postgres.browser || p.browses
		}
	}
	suites := slices.DeleteFunc([]suite{sqlite, postgres}, func(s suite) bool {
		return len(s.packages) == 0 || database != "" && database != s.database
	})
	if len(suites) == 0 {
		return nil, fmt.Errorf("no tests in %s", strings.Join(patterns, " "))
	}
	return suites, nil
}

// testPackage is a package with tests: whether they use a database, and whether a browser.
type testPackage struct {
	path            string
	stores, browses bool
}

// testPackages lists the packages with tests, those that wait for a browser first since they take longest.
func testPackages(ctx context.Context, patterns []string) ([]testPackage, error) {
	args := append([]string{"list", "-tags", "peers", "-test", "-json=ImportPath,Deps"}, patterns...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("list packages: %w", err)
	}
	var found, browsing []testPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var listed struct {
			ImportPath string
			Deps       []string
		}
		if err := decoder.Decode(&listed); errors.Is(err, io.EOF) {
			return slices.Concat(browsing, found), nil
		} else if err != nil {
			return nil, fmt.Errorf("list packages: %w", err)
		}
		if path, isTest := strings.CutSuffix(listed.ImportPath, ".test"); isTest {
			p := testPackage{path, linked(listed.Deps, "ruche/models"), linked(listed.Deps, "ruche/app/apptest/browser")}
			if p.browses {
				browsing = append(browsing, p)
			} else {
				found = append(found, p)
			}
		}
	}
}

// linked says whether a package is among these, as it is or recompiled for a test of its own.
func linked(deps []string, path string) bool {
	return slices.ContainsFunc(deps, func(dep string) bool { return dep == path || strings.HasPrefix(dep, path+" ") })
}

// packagesAtOnce is how many packages each of some suites tests at once: in each some package always waits for a browser, a disk or a
// server, so that together they are more than there are processors.
func packagesAtOnce(suites int) int { return (runtime.GOMAXPROCS(0)+1)/suites + suites - 1 }

// run runs a suite; what its tests find goes into the report, and only what kept them from running is an error.
func (s suite) run(ctx context.Context, env, flags []string, atOnce int, total *report) error {
	args := []string{"test", "-json", "-tags", "peers", "-count=1", "-vet=off", "-timeout=40m", fmt.Sprint("-p=", atOnce)}
	cmd := exec.CommandContext(ctx, "go", slices.Concat(args, flags, s.packages)...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	group(cmd)
	said, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("run go test: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("run go test: %w", err)
	}
	readErr := total.read(said, s.database)
	err = cmd.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil && !total.failed() {
		return fmt.Errorf("run go test on %s: %w", s.database, err)
	}
	return readErr
}

// group gives a command and its children a process group, so that an interruption reaches all of them, once.
func group(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
	cmd.WaitDelay = 30 * time.Second
}
