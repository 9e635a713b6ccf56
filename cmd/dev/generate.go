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

// generate formats the templates of a module and writes their Go code. It is given the module's root, because the code names its template by
// the path from there.
func generate(ctx context.Context, root string) error {
	if err := templ(ctx, "fmt", "-log-level", "error", root); err != nil {
		return err
	}
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
	var found []finding
	for _, file := range files {
		if !strings.HasSuffix(file, "_templ.go") && !strings.HasSuffix(file, ".templ") {
			continue
		}
		same, err := sameContent(file, filepath.Join(folder, file))
		if err != nil {
			return nil, err
		}
		if !same {
			found = append(found, finding{file, 1, "generated", "it is not what templ would write: run `go run ./cmd/dev generate`"})
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
