// Package app puts the house together: it opens the database, the search index and the file store,
// wires every feature to them, and runs what goes on in the background. site.go is the map.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/feed"
	"ruche/app/files"
	"ruche/app/jobs"
	"ruche/app/mail"
	"ruche/app/outside"
	"ruche/app/web"
	"ruche/models"
	"ruche/search"
)

// App is a running Ruche without its listener.
type App struct {
	Config Config
	DB     *models.DB
	Index  *search.Index
	Files  *files.Files
	Web    *web.Web
	Jobs   *jobs.Jobs
	Mail   *mail.Mailer
	Echo   *echo.Echo
	// Notices is the reader that tells people what concerns them; the demo lets it read along as its story unfolds.
	Notices feed.Reader

	pictures   http.RoundTripper
	outside    outside.Dial
	readers    []feed.Reader                 // with results in the database: one process at a time
	followers  []follower                    // with results in this process
	settles    []func(context.Context) error // keep what this process has gathered
	background sync.WaitGroup
	stop       context.CancelFunc
}

// Options are for tests; the zero value is right in production.
type Options struct {
	Clock func() time.Time
	// Pictures replaces the way to the pictures that providers name of people; nil is the usual one.
	Pictures http.RoundTripper
	// Outside replaces the way to the pages that texts link to; nil is the usual one.
	Outside outside.Dial
}

// New opens everything and wires it. Close ends it again.
func New(ctx context.Context, config Config, options Options) (*App, error) {
	a := &App{Config: config, pictures: options.Pictures, outside: options.Outside}
	if err := a.open(ctx, options); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	base, err := url.Parse(config.BaseURL)
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	a.Web = &web.Web{
		DB: a.DB, Sessions: web.NewSessions(a.DB, config.Secure()), BaseURL: base, Company: config.Company,
		Rebuilding: func() bool { return a.Index.Status().Rebuilding }, Live: web.NewLive(), LinkPreviews: config.LinkPreviews,
	}
	if err := a.site(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context, options Options) (err error) {
	if a.DB, err = a.Config.OpenDatabase(ctx, models.Options{Clock: options.Clock}); err != nil {
		return err
	}
	if a.Index, err = search.Open(filepath.Join(a.Config.DataDir, "search"), a.DB, search.Options{Log: slog.Default()}); err != nil {
		return fmt.Errorf("RUCHE_DATA_DIR %s: %w", a.Config.DataDir, err)
	}
	store, err := files.OpenStore(a.Config.DataDir, a.Config.S3URL)
	if err != nil {
		return fmt.Errorf("open file store: %w", err)
	}
	if a.Files, err = files.New(a.DB, store, a.Config.DataDir); err != nil {
		return err
	}
	a.Jobs = jobs.New(a.DB)
	a.Jobs.Register(jobs.Kind{Name: "sweep", Every: time.Hour, Work: sweepRecords})
	if a.Mail, err = a.Config.Mailer(a.Jobs); err != nil {
		return fmt.Errorf("RUCHE_SMTP_URL: %w", err)
	}
	return nil
}

// sweepRecords removes what has expired from the database.
func sweepRecords(context.Context, *jobs.Run) (func(*models.Tx) error, error) {
	return func(tx *models.Tx) error { return tx.Sweep() }, nil
}

// follower takes its place at the end of the event log and returns what follows it from there.
type follower func(context.Context) (follow func(context.Context), err error)

// Run starts the readers of the event log, the jobs and the hourly sweep, until Close. What happens once it has
// returned is followed: no request may be answered before.
func (a *App) Run(ctx context.Context) error {
	follows := make([]func(context.Context), len(a.followers))
	for i, place := range a.followers {
		var err error
		if follows[i], err = place(ctx); err != nil {
			return err
		}
	}
	ctx, a.stop = context.WithCancel(ctx)
	woken, unlisten := a.DB.Listen()
	a.background.Go(func() {
		defer unlisten()
		a.Index.Follow(ctx, woken)
	})
	for _, reader := range a.readers {
		a.background.Go(func() { feed.Follow(ctx, a.DB, reader) })
	}
	for _, follow := range follows {
		a.background.Go(func() { follow(ctx) })
	}
	a.background.Go(func() { a.Jobs.Follow(ctx) })
	a.background.Go(func() { a.sweep(ctx) })
	return nil
}

// orphanAge is how long an uploaded picture may wait to be used: as long as someone may write on a text.
const orphanAge = 48 * time.Hour

// sweep removes pictures that nobody uses, once an hour; each process what is in its own folder.
func (a *App) sweep(ctx context.Context) {
	for {
		if _, err := a.Files.Sweep(ctx, orphanAge); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "sweep failed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Hour):
		}
	}
}

// Settle lets every reader deal with all that has been recorded, and does the jobs that are due; for tests and imports.
func (a *App) Settle(ctx context.Context) error {
	for _, reader := range a.readers {
		if err := feed.CatchUp(ctx, a.DB, reader); err != nil {
			return err
		}
	}
	for _, settle := range a.settles {
		if err := settle(ctx); err != nil {
			return err
		}
	}
	if err := a.Index.CatchUp(ctx); err != nil {
		return err
	}
	return a.Jobs.RunDue(ctx)
}

// ServeHTTP answers a request. HEAD, as monitors and link checkers ask, is answered as GET is; net/http, which sees the
// method of the original, leaves the body out. The event stream has no end that it could wait for.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead && r.URL.Path != "/live" {
		r = web.HeadAsGet(r)
	}
	a.Echo.ServeHTTP(w, r)
}

// Close ends the background work and closes what New opened.
func (a *App) Close() error {
	if a.Web != nil {
		a.Web.Live.Close()
	}
	if a.stop != nil {
		a.stop()
	}
	a.background.Wait()
	var errs []error
	if a.Index != nil {
		errs = append(errs, a.Index.Close())
	}
	if a.DB != nil {
		errs = append(errs, a.DB.Close())
	}
	return errors.Join(errs...)
}
