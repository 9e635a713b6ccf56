// Package scimjudge holds the test in which SCIM libraries that were not written here, run by Node.js, judge the answers of
// the house. `go test ./...` leaves it out and says so by showing this package without tests; `go run ./cmd/dev test` runs it.
package scimjudge
