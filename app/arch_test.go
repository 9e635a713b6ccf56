package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// kernel are the packages below app that every feature may stand on.
var kernel = []string{"app/web", "app/feed", "app/jobs", "app/mail", "app/files", "app/text", "app/api", "app/sheets", "app/writing", "app/posts", "app/outside"}

// workshop are the packages that tests, benchmarks and cmd/dev alone may use.
var workshop = []string{"app/apptest", "app/needs", "models/modelstest"}

// TestPackagesImportOnlyWhatTheyMay holds the tree to the rules of the README's ARCHITECTURE section.
func TestPackagesImportOnlyWhatTheyMay(t *testing.T) {
	packages := imports(t)
	for _, must := range []string{"models", "search", "views/parts", "app/accounts", "cmd/dev"} {
		if packages[must] == nil {
			t.Errorf("package %s was not looked at", must)
		}
	}
	for from, imported := range packages {
		if within(from, workshop) {
			continue
		}
		for _, to := range imported {
			if own, ok := strings.CutPrefix(to, "ruche/"); ok && !mayImport(from, own) {
				t.Errorf("%s imports %s", from, own)
			}
			if strings.HasPrefix(to, "gorm.io/") && from != "models" {
				t.Errorf("%s imports %s: only models knows the database", from, to)
			}
			if strings.HasPrefix(to, "github.com/labstack/echo") && !within(from, []string{"app", "cmd"}) {
				t.Errorf("%s imports %s: only app and what is below it knows HTTP", from, to)
			}
		}
	}
}

func mayImport(from, to string) bool {
	switch {
	case within(to, workshop):
		return within(from, []string{"cmd/dev"})
	case within(from, []string{"static", "migrations", "views/i18n"}):
		return false
	case from == "models":
		return to == "migrations"
	case from == "search":
		return to == "models"
	case within(from, []string{"views"}):
		return slices.Contains([]string{"views/layout", "views/parts", "views/i18n", "models", "static"}, to)
	case from == "app":
		return !within(to, []string{"cmd"})
	case within(from, []string{"app"}):
		// A feature stands on the kernel and on what is below it; never on another feature.
		return to != "app" && (!within(to, []string{"app"}) || within(to, kernel) || feature(from) == feature(to)) && !within(to, []string{"cmd"})
	case within(from, []string{"cmd"}):
		return within(to, []string{"app", "models", "search", "migrations", "views/i18n", feature(from)})
	}
	return false
}

func TestTheRulesRefuseWhatTheyShould(t *testing.T) {
	for from, refused := range map[string][]string{
		"app/ideas": {"app/spaces", "app", "cmd/ruche", "app/apptest"}, "app/web": {"app/ideas", "app"}, "views/ideas": {"views/spaces", "app/web", "search"},
		"models": {"search", "views/i18n", "app/web", "models/modelstest"}, "search": {"views/parts", "app/text"}, "static": {"models"}, "views/i18n": {"models"}, "cmd/ruche": {"cmd/dev", "app/apptest"},
	} {
		for _, to := range refused {
			if mayImport(from, to) {
				t.Errorf("%s may import %s", from, to)
			}
		}
	}
}

// feature is the package directly below app that another belongs to.
func feature(name string) string {
	segments := strings.SplitN(name, "/", 3)
	return path.Join(segments[:min(2, len(segments))]...)
}

// within tells whether a package is one of the given ones or below it.
func within(name string, parents []string) bool {
	return slices.ContainsFunc(parents, func(parent string) bool { return name == parent || strings.HasPrefix(name, parent+"/") })
}

// TestViewsNeverQuery: a page shows what it is given.
func TestViewsNeverQuery(t *testing.T) {
	looked := 0
	each(t, func(folder string, file *ast.File, _ string) {
		if !within(folder, []string{"views"}) {
			return
		}
		looked++
		ast.Inspect(file, func(node ast.Node) bool {
			if selector, ok := node.(*ast.SelectorExpr); ok {
				if name, ok := selector.X.(*ast.Ident); ok && name.Name == "models" && slices.Contains([]string{"DB", "Tx", "Queries", "Open"}, selector.Sel.Name) {
					t.Errorf("%s uses models.%s", folder, selector.Sel.Name)
				}
			}
			return true
		})
	})
	if looked == 0 {
		t.Error("no view was looked at")
	}
}

// imports are the imports of each package of the repository, tests aside.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	packages := map[string][]string{}
	each(t, func(folder string, file *ast.File, name string) {
		packages[folder] = append(packages[folder], "")
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !slices.Contains(packages[folder], imported) {
				packages[folder] = append(packages[folder], imported)
			}
		}
	})
	return packages
}

// each parses the Go files of the repository, tests aside.
func each(t *testing.T, look func(folder string, file *ast.File, name string)) {
	t.Helper()
	root := ".."
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && name != root || entry.Name() == "node_modules" || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(name))
		look(filepath.ToSlash(folder), file, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
