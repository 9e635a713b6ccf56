package search

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain runs the tests, or as a child process of one of them its part of it.
func TestMain(m *testing.M) {
	if dir := os.Getenv("RUCHE_SEARCH_CHILD"); dir != "" {
		writeUntilKilled(dir)
	}
	goleak.VerifyTestMain(m, goleak.IgnoreCurrent())
}
