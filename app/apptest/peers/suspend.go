package peers

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Suspend stops the server's processes where they are, like a machine that hangs: connections stay open
// and nobody answers, until Resume.
func (p *Postgres) Suspend() error { return p.signalAll(syscall.SIGSTOP) }

// Resume lets the processes go on.
func (p *Postgres) Resume() error { return p.signalAll(syscall.SIGCONT) }

// signalAll signals the server and its children, each of which is a process group of its own.
func (p *Postgres) signalAll(signal syscall.Signal) error {
	if p.process == nil {
		return nil
	}
	parent := p.process.Process.Pid
	if err := syscall.Kill(parent, signal); err != nil { // first, so that no more children come
		return fmt.Errorf("signal postgresql: %w", err)
	}
	children, err := childrenOf(parent)
	if err != nil {
		return fmt.Errorf("signal postgresql: %w", err)
	}
	for _, child := range children {
		if err := syscall.Kill(child, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("signal postgresql: %w", err)
		}
	}
	return nil
}

// childrenOf finds the children of a process in /proc.
func childrenOf(parent int) (children []int, err error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// The second field is the name in brackets, which may hold anything; then come the state and the parent.
		_, rest, _ := strings.Cut(string(text[strings.LastIndexByte(string(text), ')')+1:]), " ")
		fields := strings.Fields(rest)
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
				children = append(children, pid)
			}
		}
	}
	return children, nil
}
