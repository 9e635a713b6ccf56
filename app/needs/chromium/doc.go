// Package chromium holds the tests that need a browser: what pages do with scripts on and off, how they look and whether they are
// accessible. `go test ./...` leaves them out and says so by showing this package without tests; `go run ./cmd/dev test` runs them.
package chromium
