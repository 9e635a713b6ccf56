// Package oidcprovider holds the tests that need a real OpenID Connect provider, run by Node.js.
// `go test ./...` leaves them out and says so by showing this package without tests; `go run ./cmd/dev test` runs them.
package oidcprovider
