package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"ruche/app"
	"ruche/app/accounts"
	"ruche/app/web"
)

type serveCommand struct{}

// Run serves until the process is told to stop.
func (serveCommand) Run(s *streams) error {
	config, err := s.config()
	if err != nil {
		return err
	}
	return serve(s, config, func(house *app.App) error {
		secret, needed, err := accounts.FirstOwner(s.ctx, house.DB, "Owner")
		if err == nil && needed {
			fmt.Fprintf(s.out, "Nobody has an account yet. Sign in as the owner, once, with this link:\n%s\n", web.LinkURL(config.BaseURL, secret))
		}
		return err
	})
}

// Limits of a connection. Pages and API answer within seconds; the event stream moves its own deadline.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = time.Minute // a picture over a slow line
	writeTimeout  = time.Minute
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10
)

// garbage is up to how many per cent of what is in use lies about before it is collected, rather than Go's 100: with 100,000 ideas
// under load 17 MB less, for some per cent more computing.
const garbage = 60

// serve runs a house on its address. The listener is bound first, so that a taken address is said
// at once; ready is called when requests are answered.
func serve(s *streams, config app.Config, ready func(*app.App) error) (err error) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	listener, err := listen(s.ctx, config.Addr)
	if err != nil {
		return fmt.Errorf("RUCHE_ADDR: %w", err)
	}
	house, err := app.New(s.ctx, config, app.Options{})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer func() { err = errors.Join(err, house.Close()) }()
	if err := house.Run(s.ctx); err != nil {
		return err
	}
	door := newDoor(listener, house)
	server := &http.Server{
		Handler: door, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, ConnState: door.watch, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(door) }()
	if err := ready(house); err != nil {
		return errors.Join(err, server.Close())
	}
	slog.InfoContext(s.ctx, "started", "address", listener.Addr().String(), "base_url", config.BaseURL, "postgres", house.DB.Postgres())
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-s.ctx.Done():
	}
	return stop(server, door, house)
}
