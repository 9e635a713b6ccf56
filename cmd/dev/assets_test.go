package main

import (
	"os"
	"strings"
	"testing"
)

func TestTheCommittedBundlesAreBuiltFromTheirSources(t *testing.T) {
	t.Chdir("../..")
	for _, b := range bundles {
		digest, err := b.digest()
		if err != nil {
			t.Fatal(err)
		}
		licences, err := os.ReadFile(b.licences())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(licences), "from sources "+digest+"\n") {
			t.Errorf("the sources of the %s changed after the bundle was built: run `go run ./cmd/dev assets`", b.name)
		}
	}
}
