package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestStaleAndUntidyTemplatesAreFoundAndNothingIsChanged(t *testing.T) {
	root, err := moduleRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// A module of its own with the same tools.
	elsewhere := t.TempDir()
	for _, file := range []string{"go.mod", "go.sum"} {
		if err := copyFile(filepath.Join(root, file), filepath.Join(elsewhere, file)); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(elsewhere)
	const template, code = "views/x.templ", "views/x_templ.go"
	if err := os.Mkdir("views", 0o755); err != nil {
		t.Fatal(err)
	}
	stale := func() string {
		found, err := staleTemplates(t.Context(), []string{"go.mod", template, code})
		if err != nil {
			t.Fatal(err)
		}
		var stale []string
		for _, f := range found {
			stale = append(stale, f.file)
		}
		return strings.Join(stale, ", ")
	}
	write := func(content string) {
		if err := os.WriteFile(template, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("package views\n\ntempl x() {\n\t<p>one</p>\n}\n")
	if got, want := stale(), code; got != want {
		t.Errorf("without its code: %q, want %q", got, want)
	}
	if _, err := os.Stat(code); err == nil {
		t.Error("checking wrote code")
	}
	if err := generate(t.Context(), "."); err != nil {
		t.Fatal(err)
	}
	if got := stale(); got != "" {
		t.Errorf("just generated: %q", got)
	}
	write("package views\n\ntempl x() {\n<p>one</p>\n}\n")
	if got := stale(); !strings.Contains(got, template) {
		t.Errorf("not formatted: %q", got)
	}
}
