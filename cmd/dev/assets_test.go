package main

import (
	"os"
	"strings"
	"testing"
)

func TestTheCommittedEditorIsBuiltFromItsSources(t *testing.T) {
	t.Chdir("../..")
	digest, err := sourcesDigest()
	if err != nil {
		t.Fatal(err)
	}
	licences, err := os.ReadFile(editorLicences)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(licences), "from sources "+digest+"\n") {
		t.Error("the editor's sources changed after the bundle was built: run `go run ./cmd/dev assets`")
	}
}
