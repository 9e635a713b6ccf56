package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// ran runs go test on packages of their own and returns what the report makes of it.
func ran(t *testing.T, packages map[string]string) (said string, total *report, err error) {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{"go.mod": "module example\n\ngo 1.26\n"}
	for name, code := range packages {
		files[name+"/x_test.go"] = "package " + name + "\n\nimport \"testing\"\n\n" + code
	}
	for name, content := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-json", "-vet=off", "./...")
	cmd.Dir = dir
	out, _ := cmd.Output() // it fails where its tests do
	text := &bytes.Buffer{}
	total = &report{out: text}
	if err := total.read(bytes.NewReader(out), "sqlite"); err != nil {
		t.Fatal(err)
	}
	err = total.close()
	return text.String(), total, err
}

func TestTheLastLineCountsTestsByTheirParts(t *testing.T) {
	said, _, err := ran(t, map[string]string{
		"one": `func TestWhole(t *testing.T) { t.Log("quiet") }
func TestParts(t *testing.T) { t.Run("a", func(t *testing.T) {}); t.Run("b", func(t *testing.T) {}) }`,
	})
	if err != nil {
		t.Error(err)
	}
	if !strings.HasSuffix(said, "\n3 passed, 0 failed\n") {
		t.Errorf("said %s", said)
	}
	if strings.Contains(said, "quiet") {
		t.Error("a passing test is shown")
	}
}

func TestEveryWayToFailIsShownAndCountedOnce(t *testing.T) {
	said, total, err := ran(t, map[string]string{
		"fails":   `func TestParts(t *testing.T) { t.Run("good", func(t *testing.T) {}); t.Run("bad", func(t *testing.T) { t.Error("the hive is empty") }) }`,
		"skips":   `func TestLater(t *testing.T) { t.Skip("no time") }`,
		"panics":  `func TestPanic(t *testing.T) { panic("smoke") }`,
		"unbuilt": `func TestNothing(t *testing.T) { honey() }`,
		"exits":   "import \"os\"\n\nfunc TestMain(m *testing.M) { println(\"left early\"); os.Exit(3) }",
	})
	if err == nil {
		t.Error("the run passes")
	}
	for _, want := range []string{"the hive is empty", "A skipped test counts as failed", "smoke", "undefined: honey", "left early", "failed: sqlite example/fails TestParts/bad"} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	if total.passed != 1 || len(total.failures) != 5 || !strings.HasSuffix(said, "\n1 passed, 5 failed\n") {
		t.Errorf("counted %d passed, failed %q", total.passed, total.failures)
	}
}

func TestAVeryLongComplaintLosesItsMiddle(t *testing.T) {
	said, _, _ := ran(t, map[string]string{
		"long": "import \"strings\"\n\nfunc TestLong(t *testing.T) { t.Error(\"first\", strings.Repeat(\"x\", 1<<20), \"last\") }",
	})
	if len(said) > 40_000 || !strings.Contains(said, "first") || !strings.Contains(said, "last") || !strings.Contains(said, "bytes left out") {
		t.Errorf("%d bytes: %.100s", len(said), said)
	}
}

func TestARunWithoutTestsDoesNotPass(t *testing.T) {
	if err := (&report{out: &bytes.Buffer{}}).close(); err == nil {
		t.Error("nothing ran, and that passes")
	}
}

func TestWhatIsTypedAfterTestIsSplit(t *testing.T) {
	database, flags, patterns, err := testArguments([]string{"-db", "postgres", "-run", "TestX", "./models", "./app/..."})
	if err != nil || database != "postgres" || strings.Join(flags, " ") != "-run TestX" || strings.Join(patterns, " ") != "./models ./app/..." {
		t.Errorf("%s %q %q %v", database, flags, patterns, err)
	}
	if _, _, _, err := testArguments([]string{"-db", "oracle"}); err == nil {
		t.Error("oracle is taken for a database")
	}
}

func TestWhatIsMissingIsNamedWithItsReasonAndItsCure(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("RUCHE_CHROMIUM", "")
	absent := missing(needs()[1:]) // PostgreSQL's server may lie outside the PATH
	if len(absent) != 3 {
		t.Fatalf("missing: %v", absent)
	}
	_, err := provide(t.Context())
	if err == nil {
		t.Fatal("nothing is missing")
	}
	for _, want := range []string{"Chromium: pages are tested in a real browser", "Node.js 18", "npm: it installs", "apt-get install", "go test ./..."} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("it does not say %q:\n%v", want, err)
		}
	}
}
