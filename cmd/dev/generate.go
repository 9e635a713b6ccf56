package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// generate writes the Go code of the templates below a folder. It always runs at the module's root, because the code names its template by the path from there.
func generate(ctx context.Context, root string) error {
	return templ(ctx, "generate", "-path", root, "-log-level", "error")
}

func templ(ctx context.Context, args ...string) error {
	out, err := exec.CommandContext(ctx, "go", append([]string{"tool", "templ"}, args...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("templ %s: %w\n%s", args[0], err, out)
	}
	return nil
}

// staleTemplates compares the templates and their code with what templ would write. It works on a copy, so that checking changes nothing
// and other uncommitted work does not matter.
func staleTemplates(ctx context.Context, files []string) ([]finding, error) {
	folder, err := os.MkdirTemp("", "ruche-templates-")
	if err != nil {
		return nil, fmt.Errorf("copy the templates: %w", err)
	}
	defer os.RemoveAll(folder)
	for _, file := range files {
		if strings.HasSuffix(file, ".templ") || file == "go.mod" {
			if err := copyFile(file, filepath.Join(folder, file)); err != nil {
				return nil, fmt.Errorf("copy the templates: %w", err)
			}
		}
	}
	if err := generate(ctx, folder); err != nil {
		return nil, err
	}
	if err := templ(ctx, "fmt", "-log-level", "error", folder); err != nil {
		return nil, err
	}
	var found []finding
	for _, file := range files {
		isCode := strings.HasSuffix(file, "_templ.go")
		if !isCode && !strings.HasSuffix(file, ".templ") {
			continue
		}
		same, err := sameContent(file, filepath.Join(folder, file))
		switch {
		case err != nil:
			return nil, err
		case !same && isCode:
			found = append(found, finding{file, 1, "generated", "it is not what its template gives: run `go run ./cmd/dev generate`"})
		case !same:
			found = append(found, finding{file, 1, "format", "it is not formatted: run `go tool templ fmt " + file + "`"})
		}
	}
	return found, nil
}

// sameContent says whether two files hold the same; a file that is not there holds nothing.
func sameContent(a, b string) (bool, error) {
	var content [2][]byte
	for i, file := range []string{a, b} {
		var err error
		if content[i], err = os.ReadFile(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, fmt.Errorf("compare: %w", err)
		}
	}
	return bytes.Equal(content[0], content[1]), nil
}

func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o644)
}
