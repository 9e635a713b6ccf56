// Package models holds Ruche's records, the rules about one record, the permission policy and every
// query. It is the only package that knows GORM and SQL; it knows nothing of HTTP, pages or search.
package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	_ "modernc.org/sqlite" // the "sqlite" driver, without cgo
)

// DB is a database of Ruche: PostgreSQL, or SQLite as the embedded default.
// Reads are methods on it, changes go through Tx.
type DB struct {
	Queries
	write   *gorm.DB
	pools   []*sql.DB
	patient string        // PostgreSQL: the address without limits on time, for migrations
	turn    chan struct{} // SQLite: the one writer's turn, first come first served
	counter *counter
	wake    *wake
}

// Queries are the reads, on the read pool of a DB or inside a Tx.
type Queries struct {
	g      *gorm.DB
	clock  func() time.Time
	quotas Quotas
}

func (q Queries) postgres() bool { return q.g.Name() == "postgres" }

// Options of Open; the zero value is right in production.
type Options struct {
	Clock func() time.Time // the time of changes; time.Now by default
	AsIs  bool             // leave the schema as it is: ErrOldSchema if it is older than this program

	Quotas *Quotas // of files; DefaultQuotas by default
}

// statementTimeout bounds each statement, so that an abandoned request does not run on.
const statementTimeout = 10 * time.Second

// poolSize bounds the connections to PostgreSQL; as many stay idle as may be open,
// since reopening them halves throughput.
const poolSize = 16

// Open connects to the database that address names, "sqlite:///path/ruche.db" or "postgres://…",
// and brings its schema up to date under a lock, unless told to leave it. A schema newer than this program is refused.
func Open(ctx context.Context, address string, options Options) (*DB, error) {
	db := &DB{counter: &counter{}, wake: &wake{}}
	if db.clock = options.Clock; db.clock == nil {
		db.clock = time.Now
	}
	if db.quotas = DefaultQuotas; options.Quotas != nil {
		db.quotas = *options.Quotas
	}
	var err error
	if path, ok := strings.CutPrefix(address, "sqlite://"); ok {
		err = db.openSQLite(path)
	} else if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		err = db.openPostgres(address)
	} else {
		err = errors.New(`the database address must start with "sqlite://" or "postgres://"`)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), db.Close())
	}
	if options.AsIs {
		if err := db.inspect(ctx); err != nil {
			return nil, errors.Join(err, db.Close())
		}
		return db, nil
	}
	if err := db.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("migrate database: %w", err), db.Close())
	}
	return db, nil
}

func (db *DB) openSQLite(path string) error {
	// FULL: an acknowledged write survives power loss too. immediate: a transaction that reads
	// before it writes must not fail half-way because another process wrote in between.
	// Each of the nine connections has a cache of its own, 3 MB; what it lacks is in the cache of the system.
	options := url.Values{
		"_pragma":      {"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "busy_timeout(10000)", "cache_size(-3000)"},
		"_time_format": {"sqlite"},
		"_txlock":      {"immediate"},
	}
	dsn := "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()
	write, err := db.pool("sqlite", dsn+"?"+options.Encode(), 1)
	if err != nil {
		return err
	}
	if db.write, err = db.gorm(sqlite.New(sqlite.Config{DriverName: "sqlite", Conn: write})); err != nil {
		return err
	}
	options.Del("_txlock")
	options.Add("_pragma", "query_only(1)")
	read, err := db.pool("sqlite", dsn+"?"+options.Encode(), 8)
	if err != nil {
		return err
	}
	db.turn = make(chan struct{}, 1)
	db.g, err = db.gorm(sqlite.New(sqlite.Config{DriverName: "sqlite", Conn: &prepared{DB: read}}))
	return err
}

func (db *DB) openPostgres(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return errors.New("the database address is not a valid URL") // the parse error would show the password
	}
	values := u.Query()
	for name, value := range map[string]string{
		"statement_timeout":                   fmt.Sprint(statementTimeout.Milliseconds()),
		"idle_in_transaction_session_timeout": "30000",
		"timezone":                            "UTC",
		"connect_timeout":                     "5",
	} {
		if !values.Has(name) {
			values.Set(name, value)
		}
	}
	patient := maps.Clone(values)
	patient.Set("statement_timeout", "0")
	patient.Set("idle_in_transaction_session_timeout", "0")
	u.RawQuery = patient.Encode()
	db.patient = u.String()
	// Statements are written so that one plan serves all values; to plan one anew costs more than to run it, and so would compiling it.
	values.Set("plan_cache_mode", "force_generic_plan")
	values.Set("jit", "off")
	u.RawQuery = values.Encode()
	pool, err := db.pool("pgx", u.String(), poolSize)
	if err != nil {
		return err
	}
	db.write, err = db.gorm(postgres.New(postgres.Config{Conn: pool}))
	db.g = db.write
	return err
}

func (db *DB) pool(driver, dsn string, size int) (*sql.DB, error) {
	pool, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	if driver == "pgx" {
		pool.SetConnMaxLifetime(30 * time.Minute) // lets a failed-over or resized server be found again
	}
	db.pools = append(db.pools, pool)
	return pool, nil
}

func (db *DB) gorm(dialector gorm.Dialector) (*gorm.DB, error) {
	return gorm.Open(dialector, &gorm.Config{
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		Logger:                 db.counter,
		NowFunc:                func() time.Time { return db.present() },
	})
}

// Close ends every connection.
func (db *DB) Close() error {
	var errs []error
	for _, pool := range db.pools {
		errs = append(errs, pool.Close())
	}
	return errors.Join(errs...)
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	return db.pools[len(db.pools)-1].PingContext(ctx)
}

// Postgres tells whether the database is PostgreSQL, which several processes may share.
func (db *DB) Postgres() bool { return db.postgres() }

// At returns the same database with another clock, for imports and samples that keep past times.
func (db *DB) At(clock func() time.Time) *DB {
	other := *db
	other.clock = clock
	return &other
}

// Now is the current time as records keep it: UTC, in microseconds, the precision of PostgreSQL.
func (db *DB) Now() time.Time { return db.present() }

func (q Queries) present() time.Time { return q.clock().UTC().Truncate(time.Microsecond) }

// Statements is the number of SQL statements run since Open, for the benchmarks and their tests.
func (db *DB) Statements() uint64 { return db.counter.n.Load() }

// counter is GORM's logger: it counts and says nothing, since errors are returned to the caller.
type counter struct{ n atomic.Uint64 }

func (c *counter) LogMode(logger.LogLevel) logger.Interface                        { return c }
func (*counter) Info(context.Context, string, ...any)                              {}
func (*counter) Warn(context.Context, string, ...any)                              {}
func (*counter) Error(context.Context, string, ...any)                             {}
func (c *counter) Trace(context.Context, time.Time, func() (string, int64), error) { c.n.Add(1) }

// wake tells this process's readers of the event log that something was written.
type wake struct {
	mu        sync.Mutex
	listeners map[chan struct{}]struct{}
}

// Listen returns a channel that receives soon after this process recorded an event or left a job. Those of
// other processes are found by polling; a wake-up may stand for many.
func (db *DB) Listen() (woken <-chan struct{}, stop func()) {
	listener := make(chan struct{}, 1)
	db.wake.mu.Lock()
	defer db.wake.mu.Unlock()
	if db.wake.listeners == nil {
		db.wake.listeners = map[chan struct{}]struct{}{}
	}
	db.wake.listeners[listener] = struct{}{}
	return listener, func() {
		db.wake.mu.Lock()
		defer db.wake.mu.Unlock()
		delete(db.wake.listeners, listener)
	}
}

func (w *wake) all() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for listener := range w.listeners {
		select {
		case listener <- struct{}{}:
		default:
		}
	}
}
