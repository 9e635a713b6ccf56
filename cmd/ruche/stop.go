package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"ruche/app"
)

// How long a stop may take: first clients are asked to leave, then what they began is ended. Who has been answered within
// recently is likely to ask again and is waited for, up to leaveTimeout. A new connection on which nothing comes for silence
// is one that a browser opened in case it was needed. A handshake that has begun when no others are taken is over within handshake.
const (
	leaveTime    = time.Second
	leaveTimeout = 3 * time.Second
	recently     = 2 * time.Second
	stopTimeout  = 12 * time.Second
	silence      = time.Second
	handshake    = 200 * time.Millisecond
)

// door is how requests come in, and how a server stops without cutting one. Closing a connection that a client
// believes to be open cuts whatever it is just sending, so connections are not closed but asked to end: with
// every answer, from the moment the door is closing. http.Server.Shutdown alone would reset those who knock, and
// drop what is sent on connections that it has not yet read from.
type door struct {
	*net.TCPListener
	handler http.Handler
	closing atomic.Bool
	shut    sync.Once

	mu      sync.Mutex
	waiting []net.Conn             // those who had knocked when the door was shut
	empty   bool                   // the door is shut, and the server knows of everyone who came through it
	inside  map[net.Conn]time.Time // those with something to say; for a new one since when, else zero
	idle    map[net.Conn]time.Time // those that were answered and may ask again; since when
}

// listen opens the address. Without the several paths that Go would offer by default: the kernel puts no filter on
// a listener that has them, and the door needs one.
func listen(ctx context.Context, address string) (*net.TCPListener, error) {
	var config net.ListenConfig
	config.SetMultipathTCP(false)
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return listener.(*net.TCPListener), nil
}

func newDoor(listener *net.TCPListener, handler http.Handler) *door {
	return &door{TCPListener: listener, handler: handler, inside: map[net.Conn]time.Time{}, idle: map[net.Conn]time.Time{}}
}

// ServeHTTP answers as the handler does.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if d.closing.Load() {
		w.Header().Set("Connection", "close")
	}
	d.handler.ServeHTTP(w, r)
}

// Accept returns the next connection; the last ones are those who were waiting when the door was shut.
func (d *door) Accept() (net.Conn, error) {
	conn, err := d.TCPListener.Accept()
	if err == nil {
		return conn, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.waiting) == 0 {
		d.empty = errors.Is(err, net.ErrClosed) // the server asks for the next one when it knows of the last
		return nil, err
	}
	conn, d.waiting = d.waiting[0], d.waiting[1:]
	return conn, nil
}

// Close shuts the door. The kernel completes connections before anyone accepts them and resets those still
// waiting when the listener closes, so first no new ones may begin, and then those that have are taken.
func (d *door) Close() (err error) {
	d.shut.Do(func() {
		if problem := d.onListener(ignoreKnocks); problem != nil {
			slog.Warn("new connections may be reset while the door shuts", "error", problem)
		}
		time.Sleep(handshake)
		d.mu.Lock()
		defer d.mu.Unlock()
		var taken []int
		err = errors.Join(d.onListener(func(listener int) error {
			taken = acceptAll(listener)
			return nil
		}), d.TCPListener.Close())
		for _, fd := range taken {
			file := os.NewFile(uintptr(fd), "connection")
			conn, problem := net.FileConn(file) // with a descriptor of its own
			err = errors.Join(err, problem, file.Close())
			if problem == nil {
				d.waiting = append(d.waiting, conn)
			}
		}
	})
	return err
}

// onListener does something with the descriptor of the listener.
func (d *door) onListener(do func(listener int) error) error {
	raw, err := d.SyscallConn()
	if err != nil {
		return err
	}
	var problem error
	return errors.Join(raw.Control(func(fd uintptr) { problem = do(int(fd)) }), problem)
}

// acceptAll takes every connection that waits; the runtime's listeners do not block.
func acceptAll(listener int) (taken []int) {
	for {
		fd, _, err := syscall.Accept(listener)
		if err != nil {
			return taken
		}
		syscall.CloseOnExec(fd)
		taken = append(taken, fd)
	}
}

// watch is the server's ConnState.
func (d *door) watch(conn net.Conn, state http.ConnState) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.idle, conn)
	switch state {
	case http.StateIdle:
		d.idle[conn] = time.Now()
		delete(d.inside, conn)
	case http.StateNew:
		d.inside[conn] = time.Now()
	case http.StateActive:
		d.inside[conn] = time.Time{}
	default:
		delete(d.inside, conn)
	}
}

// returning tells whether someone who was answered a moment ago may be about to ask again.
func (d *door) returning() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, since := range d.idle {
		if time.Since(since) < recently {
			return true
		}
	}
	return false
}

// busy tells whether someone is still being answered, or may be about to ask.
func (d *door) busy() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.empty {
		return true
	}
	for _, since := range d.inside {
		if since.IsZero() || time.Since(since) < silence {
			return true
		}
	}
	return false
}

// stop lets the requests that are being answered end, and takes no new ones.
func stop(server *http.Server, door *door, house *app.App) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	slog.InfoContext(ctx, "stopping")
	door.closing.Store(true)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for asked := time.Now(); time.Since(asked) < leaveTime || door.returning() && time.Since(asked) < leaveTimeout; {
		<-tick.C
	}
	problem := door.Close()
	house.Web.Live.Close()
	for door.busy() && ctx.Err() == nil {
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
	if err := errors.Join(problem, server.Shutdown(ctx)); err != nil {
		return errors.Join(fmt.Errorf("stop: %w", err), server.Close())
	}
	slog.InfoContext(ctx, "stopped")
	return nil
}
