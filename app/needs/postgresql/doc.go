// Package postgresql holds the tests of what only PostgreSQL can show: several processes on one database, a database that goes away.
// `go test ./...` leaves them out and says so by showing this package without tests; `go run ./cmd/dev test` runs them, and runs every
// other package's tests on PostgreSQL a second time.
package postgresql
