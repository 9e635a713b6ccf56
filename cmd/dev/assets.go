package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Where the editor's sources are, and what is made of them.
const (
	editorSources  = "static/editor"
	editorBundle   = "static/vendor/editor.js"
	editorLicences = "static/vendor/editor.LICENSES.txt"
)

// assets builds the editor from its sources and the pinned npm packages. The same sources give the same bytes on every machine, so that
// the committed bundle can be checked by building it again.
func assets(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "ruche-editor-")
	if err != nil {
		return fmt.Errorf("build the editor: %w", err)
	}
	defer os.RemoveAll(folder)
	if err := copySources(folder); err != nil {
		return fmt.Errorf("build the editor: copy the sources: %w", err)
	}
	// The packages' own scripts never run: nothing here needs them, and they are where a bad package would strike.
	install := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = folder
	if err := runQuietly(install); err != nil {
		return fmt.Errorf("build the editor: %w", err)
	}
	packages, err := bundleEditor(ctx, folder)
	if err != nil {
		return fmt.Errorf("build the editor: %w", err)
	}
	return writeEditor(folder, packages)
}

// copySources copies what the build reads; the work happens outside the tree, which no build may change half-way.
func copySources(folder string) error {
	return eachSource(func(file string) error {
		inside, err := filepath.Rel(editorSources, file)
		if err != nil {
			return err
		}
		return copyFile(file, filepath.Join(folder, inside))
	})
}

// eachSource visits the files that the bundle depends on, in the order of their names.
func eachSource(visit func(file string) error) error {
	return filepath.WalkDir(editorSources, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.Name() == "node_modules" || entry.Name() == "testdata" {
			return fs.SkipDir
		}
		if entry.IsDir() || !slices.Contains([]string{".js", ".json", ".txt"}, filepath.Ext(file)) {
			return nil
		}
		return visit(file)
	})
}

// bundleEditor runs esbuild and returns the npm packages that went into the bundle.
func bundleEditor(ctx context.Context, folder string) ([]string, error) {
	report := filepath.Join(folder, "report.json")
	build := exec.CommandContext(ctx, "go", "tool", "esbuild", filepath.Join(folder, "src", "index.js"), "--bundle", "--minify", "--format=esm",
		"--target=es2022", "--legal-comments=none", "--log-level=warning", "--alias:entities="+filepath.Join(folder, "src", "entities.js"),
		"--outfile="+filepath.Join(folder, "editor.js"), "--metafile="+report)
	if err := runQuietly(build); err != nil {
		return nil, err
	}
	content, err := os.ReadFile(report)
	if err != nil {
		return nil, err
	}
	var read struct{ Inputs map[string]struct{} }
	if err := json.Unmarshal(content, &read); err != nil {
		return nil, fmt.Errorf("read esbuild's report: %w", err)
	}
	var packages []string
	for file := range read.Inputs {
		if at := strings.LastIndex(file, "node_modules/"); at >= 0 {
			parts := strings.Split(file[at+len("node_modules/"):], "/")
			depth := 1
			if strings.HasPrefix(parts[0], "@") {
				depth = 2
			}
			packages = append(packages, strings.Join(parts[:depth], "/"))
		}
	}
	slices.Sort(packages)
	return slices.Compact(packages), nil
}

// writeEditor puts the bundle and the licences of all that is in it where they are committed.
func writeEditor(folder string, packages []string) error {
	digest, err := sourcesDigest()
	if err != nil {
		return fmt.Errorf("build the editor: %w", err)
	}
	var licences bytes.Buffer
	fmt.Fprintf(&licences, "What vendor/editor.js is made of. Built by `go run ./cmd/dev assets` from sources %s\n", digest)
	for _, name := range packages {
		if err := addLicence(&licences, filepath.Join(folder, "node_modules", name)); err != nil {
			return fmt.Errorf("build the editor: licence of %s: %w", name, err)
		}
	}
	icons, err := os.ReadFile(filepath.Join(folder, "icons.LICENSE.txt"))
	if err != nil {
		return fmt.Errorf("build the editor: %w", err)
	}
	fmt.Fprintf(&licences, "\n==== icons\n\n%s", icons)
	if err := copyFile(filepath.Join(folder, "editor.js"), editorBundle); err != nil {
		return fmt.Errorf("build the editor: %w", err)
	}
	if err := os.WriteFile(editorLicences, licences.Bytes(), 0o644); err != nil {
		return fmt.Errorf("build the editor: %w", err)
	}
	return nil
}

// addLicence adds a package's name, version and licence text. A package without a text is an error: it may not be handed on.
func addLicence(all *bytes.Buffer, folder string) error {
	content, err := os.ReadFile(filepath.Join(folder, "package.json"))
	if err != nil {
		return err
	}
	var about struct{ Name, Version, License string }
	if err := json.Unmarshal(content, &about); err != nil {
		return err
	}
	texts, err := filepath.Glob(filepath.Join(folder, "LICENSE*"))
	if err != nil {
		return err
	}
	if len(texts) == 0 {
		return errors.New("there is no LICENSE file")
	}
	text, err := os.ReadFile(texts[0])
	if err != nil {
		return err
	}
	fmt.Fprintf(all, "\n==== %s %s (%s)\n\n%s\n", about.Name, about.Version, about.License, bytes.TrimSpace(text))
	return nil
}

// sourcesDigest names the state of the sources. It stands in the licences file, so that a bundle older than its sources is noticed.
func sourcesDigest() (string, error) {
	sum := sha256.New()
	err := eachSource(func(file string) error {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n%s", filepath.ToSlash(file), len(content), content)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("read the sources: %w", err)
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:8]), nil
}

// runQuietly runs a command whose output matters only when it fails.
func runQuietly(cmd *exec.Cmd) error {
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args[:min(3, len(cmd.Args))], " "), err, out)
	}
	return nil
}
