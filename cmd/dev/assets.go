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

// A bundle is a script that is made of sources and pinned npm packages, and committed with the licences of all that is in it.
type bundle struct {
	name    string
	sources string
	format  string
	aliases []string // packages in whose place a file of src stands
}

// bundles are the scripts that are built: the editor, and what draws diagrams, which runs where no module can be fetched.
var bundles = []bundle{
	{name: "editor", sources: "static/editor", format: "esm", aliases: []string{"entities=entities.js"}},
	{name: "diagrams", sources: "static/diagrams", format: "iife", aliases: []string{"elkjs/lib/elk.bundled.js=elk.js", "katex=katex.js"}},
}

// script is where the bundle is committed, licences where those are.
func (b bundle) script() string   { return "static/vendor/" + b.name + ".js" }
func (b bundle) licences() string { return "static/vendor/" + b.name + ".LICENSES.txt" }

// assets builds the bundles. The same sources give the same bytes on every machine, so that what is committed can be checked by building it
// again.
func assets(ctx context.Context) error {
	for _, b := range bundles {
		if err := b.build(ctx); err != nil {
			return fmt.Errorf("build the %s: %w", b.name, err)
		}
	}
	return nil
}

func (b bundle) build(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "ruche-"+b.name+"-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := b.copySources(folder); err != nil {
		return fmt.Errorf("copy the sources: %w", err)
	}
	// The packages' own scripts never run: nothing here needs them, and they are where a bad package would strike.
	install := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = folder
	if err := runQuietly(install); err != nil {
		return err
	}
	packages, err := b.bundle(ctx, folder)
	if err != nil {
		return err
	}
	return b.write(folder, packages)
}

// copySources copies what the build reads; the work happens outside the tree, which no build may change half-way.
func (b bundle) copySources(folder string) error {
	return b.eachSource(func(file string) error {
		inside, err := filepath.Rel(b.sources, file)
		if err != nil {
			return err
		}
		return copyFile(file, filepath.Join(folder, inside))
	})
}

// eachSource visits the files that the bundle depends on, in the order of their names.
func (b bundle) eachSource(visit func(file string) error) error {
	return filepath.WalkDir(b.sources, func(file string, entry fs.DirEntry, err error) error {
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

// bundle runs esbuild and returns the npm packages that went into the bundle.
func (b bundle) bundle(ctx context.Context, folder string) ([]string, error) {
	report := filepath.Join(folder, "report.json")
	arguments := []string{"tool", "esbuild", filepath.Join(folder, "src", "index.js"), "--bundle", "--minify", "--format=" + b.format,
		"--target=es2022", "--legal-comments=none", "--log-level=warning", "--outfile=" + filepath.Join(folder, b.name+".js"), "--metafile=" + report}
	for _, alias := range b.aliases {
		name, file, _ := strings.Cut(alias, "=")
		arguments = append(arguments, "--alias:"+name+"="+filepath.Join(folder, "src", file))
	}
	build := exec.CommandContext(ctx, "go", arguments...)
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

// write puts the bundle and the licences of all that is in it where they are committed.
func (b bundle) write(folder string, packages []string) error {
	digest, err := b.digest()
	if err != nil {
		return err
	}
	var licences bytes.Buffer
	fmt.Fprintf(&licences, "What vendor/%s.js is made of. Built by `go run ./cmd/dev assets` from sources %s\n", b.name, digest)
	for _, name := range packages {
		if err := addLicence(&licences, filepath.Join(folder, "node_modules", name)); err != nil {
			return fmt.Errorf("licence of %s: %w", name, err)
		}
	}
	switch icons, err := os.ReadFile(filepath.Join(folder, "icons.LICENSE.txt")); {
	case err == nil:
		fmt.Fprintf(&licences, "\n==== icons\n\n%s", icons)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := copyFile(filepath.Join(folder, b.name+".js"), b.script()); err != nil {
		return err
	}
	return os.WriteFile(b.licences(), licences.Bytes(), 0o644)
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
	texts, err := filepath.Glob(filepath.Join(folder, "[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*"))
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

// digest names the state of the sources. It stands in the licences file, so that a bundle older than its sources is noticed.
func (b bundle) digest() (string, error) {
	sum := sha256.New()
	err := b.eachSource(func(file string) error {
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
