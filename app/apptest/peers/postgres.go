package peers

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Postgres is a private PostgreSQL cluster on a loopback port of its own.
// It has one superuser with a random password and lives in a folder that goes with it.
type Postgres struct {
	bin        string
	dir        string
	password   string
	port       int
	settings   []string
	credential *syscall.Credential
	process    *exec.Cmd
	ended      chan error
	kept       bool // the folder stays
}

// Durability says whether a commit reaches the disk before it is acknowledged.
type Durability bool

const (
	// Quick leaves out fsync: for tests, whose data may go when the machine does.
	Quick Durability = false
	// Durable syncs as production does: for measurements.
	Durable Durability = true
)

// StartPostgres creates a cluster and starts it. Close ends it and removes its data.
func StartPostgres(ctx context.Context, durability Durability) (*Postgres, error) {
	p, err := newPostgres(durability)
	if err != nil {
		return nil, err
	}
	if err := p.create(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(p.dir))
	}
	if err := p.Start(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func newPostgres(durability Durability) (*Postgres, error) {
	bin, err := FindPostgres()
	if err != nil {
		return nil, err
	}
	p := &Postgres{bin: bin, password: rand.Text()}
	p.settings = []string{"listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=300", "shared_buffers=256MB", "timezone=UTC"}
	if durability == Quick {
		p.settings = append(p.settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	p.credential, err = serverUser()
	return p, err
}

// URL returns the superuser's connection string for a database, "postgres" when it is empty.
func (p *Postgres) URL(database string) string {
	if database == "" {
		database = "postgres"
	}
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword("ruche", p.password),
		Host:     net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port)),
		Path:     database,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Start runs the server on the cluster's port and data, after StartPostgres or a Stop or Kill, and waits until it serves.
func (p *Postgres) Start(ctx context.Context) error {
	if p.process != nil {
		return errors.New("start postgresql: it runs already")
	}
	args := []string{"-D", p.data(), "-p", strconv.Itoa(p.port)}
	for _, setting := range p.settings {
		args = append(args, "-c", setting)
	}
	log, err := os.OpenFile(p.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("start postgresql: %w", err)
	}
	defer log.Close()
	cmd := p.command(context.WithoutCancel(ctx), "postgres", args...)
	cmd.Stdout, cmd.Stderr = log, log
	tie(cmd, syscall.SIGINT)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start postgresql: %w", err)
	}
	p.process, p.ended = cmd, make(chan error, 1)
	go func(ended chan<- error) { ended <- cmd.Wait() }(p.ended)
	return p.ready(ctx)
}

// Stop shuts the server down as an administrator would, cutting its connections. The data stay.
func (p *Postgres) Stop() error {
	return p.end(syscall.SIGINT)
}

// Kill ends the server without a checkpoint, like a crash: the next Start recovers from the log.
func (p *Postgres) Kill() error {
	return p.end(syscall.SIGQUIT)
}

// Close ends the server and removes its data, unless they are kept.
func (p *Postgres) Close() error {
	if p.kept {
		return p.end(syscall.SIGINT)
	}
	return errors.Join(p.end(syscall.SIGQUIT), os.RemoveAll(p.dir))
}

func (p *Postgres) data() string { return filepath.Join(p.dir, "data") }
func (p *Postgres) log() string  { return filepath.Join(p.dir, "log") }

// create makes the folder, picks a free port and runs initdb.
func (p *Postgres) create(ctx context.Context) error {
	var err error
	if p.dir, err = os.MkdirTemp("", "ruche-postgresql-"); err != nil {
		return fmt.Errorf("create cluster: %w", err)
	}
	if p.port, err = freePort(); err != nil {
		return fmt.Errorf("create cluster: %w", err)
	}
	secret := filepath.Join(p.dir, "password")
	if err := os.WriteFile(secret, []byte(p.password), 0o600); err != nil {
		return fmt.Errorf("create cluster: %w", err)
	}
	if p.credential != nil {
		for _, path := range []string{p.dir, secret} {
			if err := os.Chown(path, int(p.credential.Uid), int(p.credential.Gid)); err != nil {
				return fmt.Errorf("create cluster: %w", err)
			}
		}
	}
	out, err := p.command(ctx, "initdb", "-D", p.data(), "-U", "ruche", "--pwfile", secret,
		"--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync").CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// ready waits for the word "ready" in the server's own pid file, which is what pg_ctl waits for.
func (p *Postgres) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-p.ended:
			p.process = nil
			log, _ := os.ReadFile(p.log())
			return fmt.Errorf("start postgresql: it ended: %w\n%s", err, log)
		case <-ctx.Done():
			return fmt.Errorf("start postgresql: %w", ctx.Err())
		case <-tick.C:
		}
		pid, _ := os.ReadFile(filepath.Join(p.data(), "postmaster.pid"))
		lines := strings.Split(string(pid), "\n")
		if len(lines) > 7 && lines[0] == strconv.Itoa(p.process.Process.Pid) && strings.TrimSpace(lines[7]) == "ready" {
			return nil
		}
	}
}

func (p *Postgres) end(signal syscall.Signal) error {
	if p.process == nil {
		return nil
	}
	if err := p.process.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("end postgresql: %w", err)
	}
	select {
	case <-p.ended: // its status after a signal says nothing
	case <-time.After(30 * time.Second):
		return errors.New("end postgresql: it still runs after 30 seconds")
	}
	p.process = nil
	return nil
}

func (p *Postgres) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(p.bin, name), args...)
	cmd.Dir = p.dir // the caller's folder may be closed to the server's user
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.credential}
	return cmd
}

// serverUser is whom the server runs as: PostgreSQL refuses root, so root lends it "postgres" or "nobody".
func serverUser() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(account.Uid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("user %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(account.Gid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("user %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("postgresql will not run as root, and there is neither a user postgres nor nobody")
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
