package main

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// source is a file that the house rules look at.
type source struct {
	file  string
	lines []string
	set   *token.FileSet
	tree  *ast.File // nil where it is not Go
	found []finding
}

// houseRules finds what the house style forbids and a machine can see. A line may break a rule for a reason that it states, on itself or
// on the line above: `//check:allow clock a deadline of the connection, not business time`.
func houseRules(_ context.Context, files []string) ([]finding, error) {
	var found []finding
	documented := map[string]bool{}
	packages := map[string]*source{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if vendored(file) || bytes.IndexByte(content, 0) >= 0 {
			continue
		}
		s, err := read(file, content)
		if err != nil {
			return nil, err
		}
		s.apply()
		found = append(found, s.found...)
		if s.tree != nil && !s.isTest() {
			dir := path.Dir(file)
			documented[dir] = documented[dir] || s.tree.Doc.Text() != "" && !ast.IsGenerated(s.tree)
			if packages[dir] == nil {
				packages[dir] = s
			}
		}
	}
	for dir, s := range packages {
		if !documented[dir] {
			found = append(found, finding{s.file, 1, "doc", "no file of the package says what it is for: add a package comment"})
		}
	}
	slices.SortFunc(found, func(a, b finding) int {
		if order := strings.Compare(a.file, b.file); order != 0 {
			return order
		}
		return a.line - b.line
	})
	return found, nil
}

func read(file string, content []byte) (*source, error) {
	s := &source{file: file, lines: strings.Split(string(content), "\n"), set: token.NewFileSet()}
	if path.Ext(file) != ".go" {
		return s, nil
	}
	tree, err := parser.ParseFile(s.set, file, content, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	s.tree = tree
	return s, nil
}

// apply runs every rule that is about this kind of file.
func (s *source) apply() {
	s.paths()
	if s.tree != nil && ast.IsGenerated(s.tree) {
		return
	}
	switch path.Ext(s.file) {
	case ".go", ".templ", ".js", ".mjs", ".css", ".sql":
		s.size()
		s.promises()
	}
	if s.tree == nil {
		return
	}
	ast.Inspect(s.tree, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			s.call(call)
		}
		return true
	})
	for _, declaration := range s.tree.Decls {
		s.declaration(declaration)
	}
}

// machinePath is an address inside the machine that somebody works on; it says nothing to anyone else.
var machinePath = regexp.MustCompile(`(^|[\s"'` + "`" + `(=:])/(root|work|home/[a-z]+)/`)

func (s *source) paths() {
	for i, line := range s.lines {
		if machinePath.MatchString(line) {
			s.object(i+1, "path", "this path exists on one machine only")
		}
	}
}

func (s *source) size() {
	if n := len(s.lines) - 1; n > 500 {
		s.object(1, "size", "%d lines are too many for one file: 300 are good, 500 the limit", n)
	}
}

// promise is a note to do something later; with a number one can look up what became of it.
var promise = regexp.MustCompile(`(//|/\*|\*|--|<!--).*\b(TO` + `DO|FIX` + `ME)\b(\(?#?\d+)?`)

func (s *source) promises() {
	for i, line := range s.lines {
		if parts := promise.FindStringSubmatch(line); parts != nil && parts[3] == "" {
			s.object(i+1, "promise", "say which issue this is about: %s(#12)", parts[2])
		}
	}
}

// stopwatch is a duration being measured, which no test needs to set.
var stopwatch = regexp.MustCompile(`\bstart(ed)? := time\.Now\(\)`)

// call looks at one call of a function or method.
func (s *source) call(call *ast.CallExpr) {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	on, _ := selector.X.(*ast.Ident)
	receiver, name := "", selector.Sel.Name
	if on != nil {
		receiver = on.Name
	}
	line := s.set.Position(selector.Sel.Pos()).Line
	switch full := receiver + "." + name; {
	case slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, name) && slices.Contains([]string{"t", "b", "f", "tb"}, receiver):
		s.object(line, "skip", "a skipped test proves nothing: provide what it needs, or put it into app/needs")
	case s.isTest() || s.isTooling():
	case name == "Or" && receiver != "cmp" && s.in("models"):
		s.object(line, "or", "a chained Or leaks past the visibility scope: write the condition as one string")
	case full == "time.Now" && !stopwatch.MatchString(s.lines[line-1]) && s.file != "models/clock.go":
		s.object(line, "clock", "take the time from tx.Now or the injected clock, so that tests can set it")
	case full == "context.Background" || full == "context.TO"+"DO":
		s.object(line, "context", "take the caller's context")
	case (receiver == "fmt" || receiver == "log") && strings.HasPrefix(name, "Print") || receiver == "log" && strings.HasPrefix(name, "Fatal"):
		s.object(line, "print", "write to the log with slog, or to the writer that was given")
	}
}

// declaration looks at one top-level declaration: no init, and a sentence for every exported name.
func (s *source) declaration(declaration ast.Decl) {
	if s.isTest() {
		return
	}
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil && d.Name.Name == "init" {
			s.object(s.set.Position(d.Pos()).Line, "init", "init hides what happens when: call it from where it is needed")
		}
		if d.Name.IsExported() && exportedReceiver(d) && !knownMethod(d) {
			s.sentence(d.Name, d.Doc)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				s.sentence(spec.Name, first(spec.Doc, d.Doc))
			case *ast.ValueSpec:
				// A word at the line's end is enough for a constant in a list.
				if spec.Comment == nil {
					s.sentence(spec.Names[0], first(spec.Doc, d.Doc))
				}
			}
		}
	}
}

// sentence objects to an exported name without a sentence that ends in a full stop.
func (s *source) sentence(name *ast.Ident, doc *ast.CommentGroup) {
	if !name.IsExported() || s.tree.Name.Name == "main" {
		return
	}
	line := s.set.Position(name.Pos()).Line
	if doc == nil {
		s.object(line, "doc", "%s has no sentence that says what it is", name.Name)
		return
	}
	text := strings.TrimSpace(doc.Text())
	if text != "" && !strings.ContainsAny(text[len(text)-1:], ".!?:)") {
		s.object(line, "doc", "the comment of %s does not end like a sentence", name.Name)
	}
}

func first(groups ...*ast.CommentGroup) *ast.CommentGroup {
	for _, group := range groups {
		if group != nil {
			return group
		}
	}
	return nil
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	on := d.Recv.List[0].Type
	if pointer, ok := on.(*ast.StarExpr); ok {
		on = pointer.X
	}
	if generic, ok := on.(*ast.IndexExpr); ok {
		on = generic.X
	}
	name, ok := on.(*ast.Ident)
	return ok && name.IsExported()
}

// knownMethod says that a method's name says it all, being one of the standard library's.
func knownMethod(d *ast.FuncDecl) bool {
	return d.Recv != nil && slices.Contains([]string{
		"Error", "Unwrap", "Is", "As", "String", "GoString", "Len", "Less", "Swap", "Close", "Read", "Write", "ServeHTTP", "LogValue",
		"MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "Scan", "Value", "TableName",
	}, d.Name.Name)
}

// object records a finding, unless the line or the one above allows it with a reason.
func (s *source) object(line int, rule, format string, arguments ...any) {
	for _, i := range []int{line - 1, line - 2} {
		if i < 0 || i >= len(s.lines) {
			continue
		}
		if _, reason, allowed := strings.Cut(s.lines[i], "check:allow "+rule+" "); allowed && len(strings.Fields(reason)) > 1 {
			return
		}
	}
	s.found = append(s.found, finding{s.file, line, rule, fmt.Sprintf(format, arguments...)})
}

func (s *source) isTest() bool { return strings.HasSuffix(s.file, "_test.go") }

// isTooling says that the file is a command or serves tests: there the clock and the first context begin.
func (s *source) isTooling() bool {
	return s.in("cmd") || s.in("app/apptest") || slices.ContainsFunc(s.tree.Imports, func(spec *ast.ImportSpec) bool {
		return spec.Path.Value == `"testing"`
	})
}

func (s *source) in(folder string) bool { return strings.HasPrefix(s.file, folder+"/") }
