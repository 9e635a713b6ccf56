// Package program runs the real ruche binary for tests: built once, started on a free port with a data
// directory of its own, killed, stopped and started again. It is for what only a process can show; tests
// of pages and use cases drive package apptest, which is quicker.
package program

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ruche/app/apptest/peers"
	"ruche/models/modelstest"
)

// binary is where Main has put the program.
var binary string

// Main builds the program, runs the tests of a package and removes the program again. A package that
// uses Install calls it from TestMain.
func Main(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "ruche-program-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil { // some tests run it as nobody
		return 1, err
	}
	binary = filepath.Join(dir, "ruche")
	if out, err := exec.Command("go", "build", "-o", binary, "ruche/cmd/ruche").CombinedOutput(); err != nil {
		return 1, fmt.Errorf("build ruche: %w\n%s", err, out)
	}
	return m.Run(), nil
}

// Settings are environment variables.
type Settings map[string]string

// Program is an installation: settings and data, on which one server at a time runs and any number of
// commands beside it.
type Program struct {
	URL     string
	DataDir string
	// Credential is whom the program runs as, nil for whoever runs the tests.
	Credential *syscall.Credential

	t        testing.TB
	settings Settings
	process  *exec.Cmd
	ended    chan error
	log      *record
	rows     *sql.DB
}

// Install prepares an installation with an empty database of its own, SQLite in the data directory or
// the PostgreSQL that tests are run on; settings come on top.
func Install(t testing.TB, settings Settings) *Program {
	t.Helper()
	p := &Program{DataDir: t.TempDir(), t: t, log: &record{}, settings: Settings{
		"PATH": os.Getenv("PATH"), "HOME": t.TempDir(), "LANG": "C.UTF-8", "TMPDIR": os.TempDir(), "RUCHE_RATE_LIMIT": "false",
	}}
	p.settings["RUCHE_DATA_DIR"] = p.DataDir
	p.settings["RUCHE_ADDR"] = "127.0.0.1:" + strconv.Itoa(freePort(t))
	if _, given := settings["RUCHE_DATABASE_URL"]; !given {
		if address := modelstest.Address(t); !strings.HasPrefix(address, "sqlite:") {
			p.settings["RUCHE_DATABASE_URL"] = address
		}
	}
	maps.Copy(p.settings, settings)
	p.DataDir = p.settings["RUCHE_DATA_DIR"]
	p.URL = "http://" + p.settings["RUCHE_ADDR"]
	t.Cleanup(func() {
		p.Kill()
		if t.Failed() {
			t.Logf("the log of %s ends:\n%s", p.URL, tail(p.log.String(), 6000))
		}
	})
	return p
}

func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// Database is the address of the database, as models.Open takes it.
func (p *Program) Database() string {
	if address := p.settings["RUCHE_DATABASE_URL"]; address != "" {
		return address
	}
	return "sqlite://" + filepath.Join(p.DataDir, "ruche.db")
}

// Postgres tells whether the database is PostgreSQL.
func (p *Program) Postgres() bool { return strings.HasPrefix(p.Database(), "postgres") }

// Setting is the value of one setting.
func (p *Program) Setting(name string) string { return p.settings[name] }

// Set changes settings for what is started from now on.
func (p *Program) Set(settings Settings) { maps.Copy(p.settings, settings) }

func (p *Program) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, binary, args...)
	for name, value := range p.settings {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Dir = os.TempDir()
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.Credential}
	return cmd
}

// Outcome is how a command has ended.
type Outcome struct {
	Code     int
	Out, Err string
	Took     time.Duration
}

// Run runs a command to its end.
func (p *Program) Run(args ...string) Outcome {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 2*time.Minute)
	defer cancel()
	cmd := p.command(ctx, args...)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	started := time.Now()
	err := peers.Start(cmd)
	if err == nil {
		err = cmd.Wait()
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatalf("ruche %v: %v", args, err)
	}
	return Outcome{cmd.ProcessState.ExitCode(), out.String(), complaints.String(), time.Since(started)}
}

// Must runs a command that has to succeed and returns the one line that it prints.
func (p *Program) Must(args ...string) string {
	p.t.Helper()
	outcome := p.Run(args...)
	line := strings.TrimSuffix(outcome.Out, "\n")
	if outcome.Code != 0 || line == "" || strings.Contains(line, "\n") {
		p.t.Fatalf("ruche %v: exit code %d, want 0 and one line\n%s\n%s", args, outcome.Code, outcome.Out, outcome.Err)
	}
	return line
}

// Start starts the server and waits until it answers.
func (p *Program) Start() {
	p.t.Helper()
	p.Launch()
	p.Until(time.Minute, "the server answers", func() bool { return p.Alive() })
}

// Launch starts the server and does not wait.
func (p *Program) Launch() {
	p.t.Helper()
	p.LaunchAs("serve")
}

// LaunchAs starts the server by another command, and does not wait.
func (p *Program) LaunchAs(args ...string) {
	p.t.Helper()
	p.process = p.command(context.Background(), args...)
	p.process.Stdout, p.process.Stderr = p.log, p.log
	if err := peers.Start(p.process); err != nil {
		p.t.Fatal(err)
	}
	p.ended = make(chan error, 1)
	go func(cmd *exec.Cmd, ended chan<- error) { ended <- cmd.Wait() }(p.process, p.ended)
}

// Alive asks the process whether it is there.
func (p *Program) Alive() bool { return p.Status("/livez") == http.StatusOK }

// Status asks for a page without cookies and returns the status, 0 if nobody answers.
func (p *Program) Status(path string) int {
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(p.URL + path)
	if err != nil {
		return 0
	}
	response.Body.Close()
	return response.StatusCode
}

// Until waits for a condition and fails the test if it does not come true in time. A server that has
// ended meanwhile fails it too.
func (p *Program) Until(limit time.Duration, what string, condition func() bool) time.Duration {
	p.t.Helper()
	started := time.Now()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case err := <-p.ended:
			p.process = nil
			p.t.Fatalf("waiting until %s: the server has ended: %v", what, err)
		case <-tick.C:
		}
		if time.Since(started) > limit {
			p.t.Fatalf("waited %s in vain until %s", limit, what)
		}
	}
	return time.Since(started)
}

// Kill ends the server as kill -9 does.
func (p *Program) Kill() {
	if p.process == nil {
		return
	}
	_ = p.process.Process.Kill()
	<-p.ended
	p.process = nil
}

// Signal sends the server a signal.
func (p *Program) Signal(signal syscall.Signal) {
	p.t.Helper()
	if err := p.process.Process.Signal(signal); err != nil {
		p.t.Fatal(err)
	}
}

// Stop tells the server to stop and waits for it.
func (p *Program) Stop() Outcome {
	p.t.Helper()
	p.Signal(syscall.SIGTERM)
	return p.Wait(time.Minute)
}

// Wait waits until the server has ended by itself.
func (p *Program) Wait(limit time.Duration) Outcome {
	p.t.Helper()
	started := time.Now()
	select {
	case <-p.ended:
	case <-time.After(limit):
		p.t.Fatalf("the server has not ended within %s", limit)
	}
	outcome := Outcome{Code: p.process.ProcessState.ExitCode(), Err: p.log.String(), Took: time.Since(started)}
	p.process = nil
	return outcome
}

// Log is what the server has written.
func (p *Program) Log() string { return p.log.String() }

// Lines are those of the log whose message is the given one.
func (p *Program) Lines(message string) (lines []map[string]any) {
	for line := range strings.Lines(p.log.String()) {
		var fields map[string]any
		if json.Unmarshal([]byte(line), &fields) == nil && fields["msg"] == message {
			lines = append(lines, fields)
		}
	}
	return lines
}

// record keeps what a process writes.
type record struct {
	mu   sync.Mutex
	text []byte
}

func (r *record) Write(data []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.text = append(r.text, data...)
	return len(data), nil
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return string(r.text)
}

func tail(text string, most int) string { return text[max(0, len(text)-most):] }
