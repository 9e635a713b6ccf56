// Package editor holds the sources of the one editor of Ruche, vendor/editor.js, and the tests that try it in a real browser.
// There is no Go in it but the tests: `go run ./cmd/dev assets` builds the bundle, which is committed.
package editor
