package text_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"ruche/app/text"
)

func TestLanguageOfATextIsGuessed(t *testing.T) {
	for words, want := range map[string]string{
		"Des ruches sur le toit du siège":          "fr",
		"Créer une charte de l’accessibilité":      "fr",
		"L'idée est bonne, mais qui paie ?":        "fr",
		"Beehives on the roof of the office":       "en",
		"It's a good idea, but who'll pay for it?": "en",
		"We should have a shared calendar":         "en",
		"Qwant":                                    "",
		"":                                         "",
		"12 345 !":                                 "",
		"Wir sollten das nicht mit einer neuen Regel lösen und ...": "",
		"No es una buena idea, pero podría serlo con más tiempo":    "",
	} {
		if got := text.Language(words); got != want {
			t.Errorf("Language(%q) = %q, want %q", words, got, want)
		}
	}
}

// TestLanguageOfRealIdeasIsGuessed holds the guess to the label of 3,193 ideas: never the other language, and rarely no answer.
func TestLanguageOfRealIdeasIsGuessed(t *testing.T) {
	file, err := os.Open(sampleData("ideas.jsonl"))
	if os.IsNotExist(err) {
		t.Log("without the real ideas")
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	right, wrong, silent := 0, 0, 0
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var idea struct{ Title, Body, Lang string }
		if err := json.Unmarshal(lines.Bytes(), &idea); err != nil {
			t.Fatal(err)
		}
		switch text.Language(idea.Title + "\n" + idea.Body) {
		case idea.Lang:
			right++
		case "":
			silent++
		default:
			wrong++
			t.Errorf("%s taken for the other language: %.80q", idea.Lang, idea.Title)
		}
	}
	t.Logf("%d right, %d wrong, %d without an answer", right, wrong, silent)
	if silent > right/100 {
		t.Errorf("%d of %d without an answer", silent, right+silent)
	}
}
