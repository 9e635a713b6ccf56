//go:build peers

package scimjudge_test

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"ruche/app/apptest"
	"ruche/app/apptest/peers"
	"ruche/models"
)

//go:embed judge.mjs
var judge []byte

func TestLibrariesOfOthersUnderstandTheHouseAsADirectoryDoes(t *testing.T) {
	folder := os.Getenv("RUCHE_TEST_PEERS")
	if folder == "" {
		t.Fatal("RUCHE_TEST_PEERS is not set: run this test with `go run ./cmd/dev test PACKAGE`")
	}
	node, err := peers.FindNode()
	if err != nil {
		t.Fatal(err)
	}
	site := apptest.Start(t)
	owner := site.Person("Oona", models.RoleOwner)
	var token string
	site.Tx(nil, func(tx *models.Tx) (err error) {
		token, err = tx.CreateToken(&models.Token{UserID: owner.ID, Name: "SCIM", Scope: models.ScopeSCIM}, models.TokenDays)
		return err
	})
	settings, err := json.Marshal(map[string]string{"url": site.URL + "/scim/v2", "token": token})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, "--input-type=module", "-")
	cmd.Dir = folder // so that it finds its packages
	cmd.Env = append(os.Environ(), "RUCHE_SCIM_JUDGE="+string(settings))
	cmd.Stdin, cmd.Stderr = bytes.NewReader(judge), os.Stderr
	said, err := cmd.Output()
	if err != nil {
		t.Fatalf("the judge gave up: %v\n%s", err, said)
	}
	var verdict struct {
		Checks   int
		Problems []string
	}
	if err := json.Unmarshal(said, &verdict); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if verdict.Checks < 100 {
		t.Errorf("only %d checks were made", verdict.Checks)
	}
	for _, problem := range verdict.Problems {
		t.Error(problem)
	}
}
