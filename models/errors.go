package models

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// The three kinds of refusal, tested with errors.Is. What someone may not see is ErrNotFound,
// what they may not do is ErrForbidden, what no longer fits what is stored is ErrConflict.
var (
	ErrNotFound  = errors.New("not found")
	ErrForbidden = errors.New("forbidden")
	ErrConflict  = errors.New("conflict")
)

// ErrArchived is the ErrForbidden of a space that is there to be read and no longer to be written in.
var ErrArchived = fmt.Errorf("archived: %w", ErrForbidden)

// Unaccepted is the ErrForbidden of somebody from outside who has not accepted the agreement of the space with the slug.
type Unaccepted struct{ Slug string }

// Error is for the log.
func (u *Unaccepted) Error() string { return "agreement of space " + u.Slug + " not accepted" }

// Unwrap makes it an ErrForbidden.
func (*Unaccepted) Unwrap() error { return ErrForbidden }

// ErrViewing is the ErrForbidden of somebody who looks at the house as somebody else would, and changes nothing by that.
var ErrViewing = fmt.Errorf("viewing as somebody else: %w", ErrForbidden)

// Invalid says which fields of a form are wrong: field name to key of the catalogue.
type Invalid map[string]string

// Error lists the fields, for the log.
func (i Invalid) Error() string {
	parts := make([]string, 0, len(i))
	for field, key := range i {
		parts = append(parts, field+": "+key)
	}
	slices.Sort(parts)
	return "invalid: " + strings.Join(parts, ", ")
}

// Codes of PostgreSQL's errors.
const (
	uniqueViolation = "23505"
	// A text with a NUL or broken UTF-8 in it. SQLite takes such a text and finds nothing.
	impossibleText = "22021"
)

// classify turns a driver's error about a taken key into ErrConflict, one about a text that nothing
// stored can have into ErrNotFound, and leaves the others.
func classify(err error) error {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() {
		case sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE:
			return fmt.Errorf("%w: %w", ErrConflict, err)
		}
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case uniqueViolation:
			return fmt.Errorf("%w: %w", ErrConflict, err)
		case impossibleText:
			return fmt.Errorf("%w: %w", ErrNotFound, err)
		}
	}
	return err
}

// Unavailable tells whether an error means that what the house stands on cannot serve now but may soon:
// the database is gone, starting, stopping, overloaded, a replica without a leader or too slow, the disk
// full or locked against writing.
func Unavailable(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_NOMEM:
			return true
		}
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return unavailable(pg.Code)
	}
	for _, cause := range []error{driver.ErrBadConn, sql.ErrConnDone, sql.ErrTxDone, context.DeadlineExceeded, os.ErrDeadlineExceeded, syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS, syscall.EMFILE, syscall.ENFILE} {
		if errors.Is(err, cause) {
			return true
		}
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		strings.Contains(fmt.Sprint(err), "conn closed") || strings.Contains(fmt.Sprint(err), "unexpected EOF")
}

// unavailable tells whether a code of PostgreSQL says so.
func unavailable(code string) bool {
	switch code[:min(2, len(code))] {
	case "08", "40", "53", "57", "58": // connection, rolled back by another's work, resources, operator intervention, system
		return true
	}
	switch code {
	case "25006", "25P03", "55P03": // a server that only reads, idle in a transaction for too long, a lock that is not to be had
		return true
	}
	return false
}
