package models

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

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

// classify turns a driver's error about a taken key into ErrConflict and leaves the others.
func classify(err error) error {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() {
		case sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE:
			return fmt.Errorf("%w: %w", ErrConflict, err)
		}
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "23505" {
		return fmt.Errorf("%w: %w", ErrConflict, err)
	}
	return err
}

// Unavailable tells whether an error means that the database cannot serve now but may soon:
// gone, starting, stopping, overloaded, out of disk, or too slow.
func Unavailable(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_INTERRUPT:
			return true
		}
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		class := pg.Code[:2] // connection, resources, operator intervention, system
		return class == "08" || class == "53" || class == "57" || class == "58"
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, context.DeadlineExceeded) ||
		pgconn.SafeToRetry(err) || strings.Contains(fmt.Sprint(err), "conn closed") || strings.Contains(fmt.Sprint(err), "unexpected EOF")
}
