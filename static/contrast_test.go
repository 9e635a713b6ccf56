package static

import (
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestMarkedCodeCanBeRead measures the colours of code, in both themes, on what it stands on: the ground of code, and that of code in a
// callout, which is its wash with a little ink.
func TestMarkedCodeCanBeRead(t *testing.T) {
	colours := tokenColours(t)
	sheet, err := fs.ReadFile(embedded, "css/code/code.css")
	if err != nil {
		t.Fatal(err)
	}
	used := regexp.MustCompile(`color: var\(--([a-z0-9-]+)\)`).FindAllStringSubmatch(string(sheet), -1)
	if len(used) < 5 {
		t.Fatalf("the sheet has %d colours", len(used))
	}
	callouts, err := fs.ReadFile(embedded, "css/texts/callouts.css")
	if err != nil || !strings.Contains(string(callouts), "color-mix(in oklch, var(--ink) 5%, transparent)") {
		t.Fatal("the ground of code in callouts is another", err)
	}
	for theme := range 2 {
		grounds := map[string]oklab{"sunken": colours["sunken"][theme]}
		for _, wash := range []string{"blue-wash", "green-wash", "honey-wash", "amber-wash", "red-wash"} {
			grounds[wash] = colours["ink"][theme].over(colours[wash][theme], .05)
		}
		for _, name := range used {
			for ground, below := range grounds {
				if c := contrast(colours[name[1]][theme], below); c < 4.5 {
					t.Errorf("theme %d: %s on %s has a contrast of %.2f", theme, name[1], ground, c)
				}
			}
		}
	}
}

// oklab is a colour in the space of the tokens.
type oklab [3]float64

// tokenColours reads the colours of both themes.
func tokenColours(t *testing.T) map[string][2]oklab {
	t.Helper()
	sheet, err := fs.ReadFile(embedded, "css/00-tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	colours := map[string][2]oklab{}
	for _, found := range regexp.MustCompile(`--([a-z0-9-]+): light-dark\(oklch\(([^)/]+)\), oklch\(([^)/]+)\)\)`).FindAllStringSubmatch(string(sheet), -1) {
		colours[found[1]] = [2]oklab{parseColour(t, found[2]), parseColour(t, found[3])}
	}
	return colours
}

func parseColour(t *testing.T, oklch string) oklab {
	t.Helper()
	var v [3]float64
	for i, part := range strings.Fields(oklch) {
		var err error
		if v[i], err = strconv.ParseFloat(part, 64); err != nil {
			t.Fatal(err)
		}
	}
	angle := v[2] * math.Pi / 180
	return oklab{v[0], v[1] * math.Cos(angle), v[1] * math.Sin(angle)}
}

// over is a colour laid thinly over another.
func (c oklab) over(below oklab, share float64) oklab {
	for i := range c {
		c[i] = share*c[i] + (1-share)*below[i]
	}
	return c
}

// luminance is how bright a colour is, as WCAG measures it.
func (c oklab) luminance() float64 {
	l := math.Pow(c[0]+.3963377774*c[1]+.2158037573*c[2], 3)
	m := math.Pow(c[0]-.1055613458*c[1]-.0638541728*c[2], 3)
	s := math.Pow(c[0]-.0894841775*c[1]-1.2914855480*c[2], 3)
	bound := func(v float64) float64 { return min(max(v, 0), 1) }
	return .2126*bound(4.0767416621*l-3.3077115913*m+.2309699292*s) + .7152*bound(-1.2684380046*l+2.6097574011*m-.3413193965*s) +
		.0722*bound(-.0041960863*l-.7034186147*m+1.7076147010*s)
}

func contrast(a, b oklab) float64 {
	high, low := max(a.luminance(), b.luminance()), min(a.luminance(), b.luminance())
	return (high + .05) / (low + .05)
}
