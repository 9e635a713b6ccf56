package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// finding is something that a check objects to.
type finding struct {
	file string
	line int
	rule string
	text string
}

func (f finding) String() string {
	return fmt.Sprintf("%s:%d: %s (%s)", f.file, f.line, f.text, f.rule)
}

// step is one check: it returns what it found, or an error when it could not look.
type step struct {
	name string
	run  func(ctx context.Context, files []string) ([]finding, error)
}

// steps are all checks, the quick ones first; the linters look only at the given packages.
func steps(packages []string) []step {
	return []step{
		{"gofmt", unformatted},
		{"house rules", houseRules},
		{"licences of vendored files", withoutLicence},
		{"spelling", misspelt},
		{"templates", staleTemplates},
		{"go.mod", untidy},
		{"go vet", linter(packages, "go", "vet", "-tags", "peers")},
		{"staticcheck", linter(packages, "go", "tool", "staticcheck", "-tags", "peers", "-checks", linted)},
	}
}

// linted are staticcheck's checks: all but those that only propose another way of writing the same, and the package comment, which the
// house rules look for where staticcheck would ask it of generated code.
const linted = "all,-QF*,-ST1000"

// check runs every check, whatever the ones before it found; with folders it tells only what lies below them.
func check(ctx context.Context, paths []string) error {
	files, err := sourceFiles(ctx)
	if err != nil {
		return err
	}
	packages := []string{"./..."}
	if len(paths) > 0 {
		packages = nil
	}
	for i := range paths {
		paths[i] = filepath.Clean(strings.TrimSuffix(paths[i], "..."))
		packages = append(packages, "./"+paths[i]+"/...")
	}
	total := 0
	for _, s := range steps(packages) {
		started := time.Now()
		found, err := s.run(ctx, files)
		if err != nil {
			return fmt.Errorf("check %s: %w", s.name, err)
		}
		found = slices.DeleteFunc(found, func(f finding) bool { return !below(f.file, paths) })
		word := "ok"
		if len(found) > 0 {
			word = fmt.Sprintf("%d to mend", len(found))
		}
		fmt.Printf("check %-28s %-10s %5.1fs\n", s.name, word, time.Since(started).Seconds())
		for _, f := range found {
			fmt.Println(" ", f)
		}
		total += len(found)
	}
	if total > 0 {
		return fmt.Errorf("%d findings", total)
	}
	return nil
}

func below(file string, paths []string) bool {
	return len(paths) == 0 || slices.ContainsFunc(paths, func(path string) bool {
		return path == "." || file == path || strings.HasPrefix(file, path+"/")
	})
}

// sourceFiles lists the files of the repository, those not yet added included.
func sourceFiles(ctx context.Context) ([]string, error) {
	out, err := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w\n%s", err, exit.Stderr)
		}
		return nil, fmt.Errorf("list files: %w", err)
	}
	files := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	return slices.DeleteFunc(files, func(file string) bool {
		info, err := os.Lstat(file)
		return err != nil || !info.Mode().IsRegular() // deleted and not yet committed
	}), nil
}

// linter runs a linter over packages; each line that it prints is a finding.
func linter(packages []string, command ...string) func(context.Context, []string) ([]finding, error) {
	return func(ctx context.Context, _ []string) ([]finding, error) {
		return lines(ctx, slices.Concat(command, packages)...)
	}
}

// lines runs a command that prints its findings as file:line:column: text. Lines of any other form belong to the finding above.
func lines(ctx context.Context, command ...string) ([]finding, error) {
	out, err := exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	found := parse(string(out))
	if err != nil && len(found) == 0 {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	return found, nil
}

func parse(out string) []finding {
	var found []finding
	for line := range strings.Lines(out) {
		line = strings.TrimSuffix(line, "\n")
		if f, ok := located(line); ok {
			found = append(found, f)
		} else if len(found) > 0 && strings.HasPrefix(line, "\t") {
			found[len(found)-1].text += "\n    " + strings.TrimSpace(line)
		}
	}
	return found
}

// untidy reports what `go mod tidy` would add to or take from go.mod.
func untidy(ctx context.Context, _ []string) ([]finding, error) {
	cmd := exec.CommandContext(ctx, "go", "mod", "tidy", "-diff")
	var said, complained bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &complained
	err := cmd.Run()
	if said.Len() == 0 {
		if err != nil {
			return nil, fmt.Errorf("%w\n%s", err, complained.String())
		}
		return nil, nil
	}
	found := []finding{{"go.mod", 1, "tidy", "run `go mod tidy`"}}
	for line := range strings.Lines(said.String()) {
		if strings.HasPrefix(line, "diff current/go.sum") {
			break
		}
		if strings.HasPrefix(line, "+\t") || strings.HasPrefix(line, "-\t") {
			found[0].text += "\n    " + strings.TrimSpace(line)
		}
	}
	return found, nil
}
