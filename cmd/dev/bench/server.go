package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"ruche/app/apptest/peers"
)

// server is a process that answers on a loopback port: Ruche as it is delivered, or what its machine
// is measured by.
type server struct {
	url   string
	took  time.Duration // from its start to its first answer
	cmd   *exec.Cmd
	ended chan error
}

func (s *server) pid() int { return s.cmd.Process.Pid }

// stopped is how a process ends that leaves SIGTERM to the system.
const stopped = "signal: terminated"

// startServer runs a program with settings and waits until the path answers with 200. $ADDR and $URL
// in the settings stand for where it shall listen.
func startServer(ctx context.Context, ready, log string, command []string, settings ...string) (*server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s := &server{url: "http://" + address, cmd: exec.CommandContext(context.WithoutCancel(ctx), command[0], command[1:]...), ended: make(chan error, 1)}
	s.cmd.Env = append(os.Environ(), "RUCHE_OIDC_ISSUER=", "RUCHE_OIDC_CLIENT_ID=")
	for _, setting := range settings {
		s.cmd.Env = append(s.cmd.Env, strings.NewReplacer("$ADDR", address, "$URL", s.url).Replace(setting))
	}
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	s.cmd.Stdout, s.cmd.Stderr = out, out
	started := time.Now()
	if err := peers.Start(s.cmd); err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(command[0]), err)
	}
	go func() { s.ended <- s.cmd.Wait() }()
	if err := s.wait(ctx, ready); err != nil {
		said, _ := os.ReadFile(log)
		return nil, errors.Join(fmt.Errorf("start %s: %w\n%s", filepath.Base(command[0]), err, said), s.stop())
	}
	s.took = time.Since(started)
	return s, nil
}

func (s *server) wait(ctx context.Context, ready string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+ready, http.NoBody)
		if err != nil {
			return err
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-s.ended:
			s.ended <- err
			return fmt.Errorf("it ended: %w", err)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case err := <-s.ended:
		if err != nil && err.Error() == stopped {
			return nil
		}
		return err
	case <-time.After(20 * time.Second):
		return errors.Join(errors.New("the server did not stop"), s.cmd.Process.Kill())
	}
}

// counters are what the server counts itself.
type counters struct {
	statements, allocations, allocated float64
	indexed                            float64 // the last event that the search index has dealt with
}

func (s *server) counters(ctx context.Context) (c counters, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/metrics", http.NoBody)
	if err != nil {
		return c, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return c, err
	}
	defer response.Body.Close()
	into := map[string]*float64{
		"ruche_sql_statements_total": &c.statements, "go_memstats_mallocs_total": &c.allocations,
		"go_memstats_alloc_bytes_total": &c.allocated, "ruche_search_cursor": &c.indexed,
	}
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if field := into[name]; field != nil {
			if *field, err = strconv.ParseFloat(value, 64); err != nil {
				return c, err
			}
		}
	}
	_, _ = io.Copy(io.Discard, response.Body)
	return c, lines.Err()
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}
