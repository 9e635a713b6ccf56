package proof_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	named   = regexp.MustCompile("`(Test[A-Za-z0-9]+)`")
	written = regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9]+)\(`)
)

// TestEveryPromiseNamesATestThatExists holds docs/security.md to what it says of itself.
func TestEveryPromiseNamesATestThatExists(t *testing.T) {
	root := filepath.Join("..", "..")
	exists := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, match := range written.FindAllSubmatch(source, -1) {
			exists[string(match[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	promises := named.FindAllStringSubmatch(string(page), -1)
	if len(promises) < 40 {
		t.Errorf("only %d promises are found", len(promises))
	}
	for _, match := range promises {
		if !exists[match[1]] {
			t.Errorf("docs/security.md names %s, which does not exist", match[1])
		}
	}
}
