package main

import (
	"bytes"
	"context"
	"fmt"
	"go/format"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
)

var (
	location = regexp.MustCompile(`^(?:vet: )?(?:\./)?([^\s:]+):(\d+)(?::\d+)?: (.*)$`)
	checkID  = regexp.MustCompile(`^(.*) \(([A-Z]+\d+)\)$`)
)

// located reads a linter's line, such as `models/db.go:12:3: text (SA1000)`.
func located(line string) (finding, bool) {
	parts := location.FindStringSubmatch(line)
	if parts == nil {
		return finding{}, false
	}
	number, err := strconv.Atoi(parts[2])
	if err != nil {
		return finding{}, false
	}
	f := finding{file: parts[1], line: number, rule: "vet", text: parts[3]}
	if named := checkID.FindStringSubmatch(f.text); named != nil {
		f.text, f.rule = named[1], named[2]
	}
	return f, true
}

// unformatted finds Go files that gofmt would write otherwise.
func unformatted(_ context.Context, files []string) ([]finding, error) {
	var found []finding
	for _, file := range files {
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_templ.go") {
			continue
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		formatted, err := format.Source(content)
		switch {
		case err != nil:
			found = append(found, finding{file, 1, "format", err.Error()})
		case !bytes.Equal(content, formatted):
			found = append(found, finding{file, 1, "format", "it is not formatted: run gofmt -w " + file})
		}
	}
	return found, nil
}

// misspelt finds common English misspellings in code and documents. French is left alone: it lives in catalogues and in the demo.
func misspelt(ctx context.Context, files []string) ([]finding, error) {
	command := []string{"go", "tool", "misspell", "-error", "-i", "responsable,abriter"} // French words in tests
	for _, file := range files {
		switch path.Ext(file) {
		case ".go", ".templ", ".md", ".js", ".css", ".sql":
			if !strings.HasPrefix(file, "app/demo/") && !vendored(file) && !strings.HasSuffix(file, "_templ.go") {
				command = append(command, file)
			}
		}
	}
	return lines(ctx, command...)
}

// withoutLicence finds files of others that came without their licence: whatever lies in static/vendor, and fonts anywhere.
func withoutLicence(_ context.Context, files []string) ([]finding, error) {
	licensed := map[string]bool{}
	for _, file := range files {
		if isLicence(file) {
			licensed[path.Dir(file)] = true
		}
	}
	var found []finding
	for _, file := range files {
		foreign := vendored(file) || strings.HasSuffix(file, ".woff2")
		if foreign && !isLicence(file) && !licensed[path.Dir(file)] {
			found = append(found, finding{file, 1, "licence", fmt.Sprintf("there is no LICENSE beside it in %s", path.Dir(file))})
		}
	}
	return found, nil
}

func isLicence(file string) bool {
	name := strings.ToUpper(path.Base(file))
	return strings.Contains(name, "LICENSE") || strings.Contains(name, "LICENCE") || strings.HasSuffix(name, "OFL.TXT")
}

func vendored(file string) bool {
	return strings.HasPrefix(file, "static/vendor/")
}
