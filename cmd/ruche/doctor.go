package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"ruche/app"
	"ruche/app/files"
	"ruche/app/mail"
	"ruche/models"
	"ruche/search"
)

type doctorCommand struct{}

// finding is what a check came to; an empty mend means that all is well.
type finding struct {
	what, state, mend string
}

// errSick ends the doctor's visit with a failing exit code.
var errSick = errors.New("something needs mending, see above")

// Run checks what a deployment stands on, one line each. It works beside a running server and changes nothing.
func (doctorCommand) Run(s *streams) error {
	config, err := s.config()
	if err != nil {
		return err
	}
	sick := false
	for _, check := range []func(context.Context, app.Config) finding{dataDir, database, index, fileStore, mailServer, provider, address} {
		ctx, cancel := context.WithTimeout(s.ctx, 20*time.Second)
		f := check(ctx, config)
		cancel()
		if f.mend == "" {
			fmt.Fprintf(s.out, "ok    %-12s %s\n", f.what, f.state)
			continue
		}
		sick = true
		fmt.Fprintf(s.out, "MEND  %-12s %s\n      %-12s → %s\n", f.what, f.state, "", f.mend)
	}
	if sick {
		return errSick
	}
	return nil
}

func dataDir(_ context.Context, config app.Config) finding {
	f := finding{what: "data", state: config.DataDir}
	if missing(config.DataDir) {
		f.state += notYet
		return f
	}
	probe, err := os.CreateTemp(config.DataDir, ".doctor-*")
	if err != nil {
		f.mend = "RUCHE_DATA_DIR cannot be written: " + err.Error()
		return f
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	return f
}

// notYet is said of what the first start makes. Made here it would belong to whoever calls the doctor.
const notYet = ", not there yet: the first start makes it"

func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, os.ErrNotExist)
}

func database(ctx context.Context, config app.Config) finding {
	f := finding{what: "database", state: "SQLite, good for one machine"}
	if config.DatabaseURL != "" {
		f.state = "PostgreSQL"
	} else if missing(filepath.Join(config.DataDir, "ruche.db")) {
		f.state += notYet
		return f
	}
	db, err := models.Open(ctx, config.Database(), models.Options{AsIs: true})
	if errors.Is(err, models.ErrOldSchema) {
		f.state += ", its schema is brought up to date by the next start"
		return f
	}
	if err != nil {
		f.mend = err.Error()
		return f
	}
	defer db.Close()
	users, err := db.HasUsers(ctx)
	switch {
	case err != nil:
		f.mend = err.Error()
	case !users:
		f.state += ", nobody has an account yet (the first start prints the owner's link)"
	}
	return f
}

func index(ctx context.Context, config app.Config) finding {
	f := finding{what: "search"}
	dir := filepath.Join(config.DataDir, "search")
	if missing(dir) {
		f.state = "no index yet, the first start builds it"
		return f
	}
	db, err := models.Open(ctx, config.Database(), models.Options{AsIs: true})
	if errors.Is(err, models.ErrOldSchema) {
		f.state = "not looked at, the database waits for the next start"
		return f
	}
	if err != nil {
		return finding{"search", "not looked at", "mend the database first"}
	}
	defer db.Close()
	x, err := search.Open(dir, db, search.Options{})
	if errors.Is(err, search.ErrLocked) {
		f.state = "in use by a running server, whose /readyz tells its state"
		return f
	}
	if err != nil {
		f.mend = err.Error()
		return f
	}
	defer x.Close()
	last, err := db.LastEventID(ctx)
	status := x.Status()
	switch {
	case err != nil:
		f.mend = err.Error()
	case !status.Ready:
		f.state = "missing or broken, the next start rebuilds it (or ruche reindex now)"
	default:
		f.state = fmt.Sprintf("%d documents, %d events behind", status.Docs, last-status.Cursor)
	}
	return f
}

func fileStore(ctx context.Context, config app.Config) finding {
	f := finding{what: "files", state: "in the data directory"}
	if config.S3URL != "" {
		f.state = "S3-compatible store"
	} else if missing(config.DataDir) {
		f.state += notYet
		return f
	}
	store, err := files.OpenStore(config.DataDir, config.S3URL)
	if err != nil {
		f.mend = err.Error()
		return f
	}
	keeper, err := files.New(nil, store, config.DataDir)
	if err == nil {
		err = keeper.Check(ctx)
	}
	if err != nil {
		f.mend = err.Error()
	}
	return f
}

func mailServer(ctx context.Context, config app.Config) finding {
	f := finding{what: "mail", state: "none is sent (RUCHE_SMTP_URL is not set)"}
	if config.SMTPURL == "" {
		return f
	}
	f.state = "by the server of RUCHE_SMTP_URL, from " + config.MailFrom
	if err := mail.Check(ctx, config.SMTPURL); err != nil {
		f.mend = "no mail can be sent: " + err.Error()
	}
	return f
}

func provider(ctx context.Context, config app.Config) finding {
	f := finding{what: "sign-in", state: "without a provider, by links and passkeys (neither RUCHE_OIDC_ISSUER nor RUCHE_OIDC_FILE is set)"}
	providers, err := config.Providers()
	if err != nil || len(providers) == 0 {
		return f // a wrong file has ended the visit before it began
	}
	f.state = "OIDC"
	for _, p := range providers {
		f.state += ", " + p.Issuer
		if _, err := oidc.NewProvider(ctx, p.Issuer); err != nil {
			f.mend = "the identity provider " + p.Issuer + " does not answer as one: " + err.Error()
		}
	}
	if f.mend == "" && !config.Secure() {
		f.mend = "RUCHE_BASE_URL should be https:// so that sign-in and sessions are protected"
	}
	return f
}

// address asks the running house whether it is well, by the address that people use.
func address(ctx context.Context, config app.Config) finding {
	f := finding{what: "address", state: config.BaseURL}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, config.BaseURL+"/readyz", nil)
	if err != nil {
		f.mend = err.Error()
		return f
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		f.state += ", nothing answers there (fine while Ruche is stopped)"
		return f
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		f.mend = fmt.Sprintf("it answers %s to /readyz: look at its log", response.Status)
	}
	return f
}
