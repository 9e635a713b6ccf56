package web

import "strings"

// sign is a word in a User-Agent header and what it stands for.
type sign struct{ word, name string }

// The order counts: nearly every browser calls itself Chrome and Safari too, and nearly every phone Linux or Mac.
var (
	browserSigns = [...]sign{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	}
	systemSigns = [...]sign{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Macintosh", "Mac"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"},
	}
)

// Device is what a User-Agent header tells people: the browser and the system, such as "Firefox/Windows", each empty
// if it says nothing that is known. The rest of the header, by which someone might be followed, is kept nowhere.
func Device(userAgent string) string {
	return find(browserSigns[:], userAgent) + "/" + find(systemSigns[:], userAgent)
}

func find(signs []sign, text string) string {
	for _, s := range signs {
		if strings.Contains(text, s.word) {
			return s.name
		}
	}
	return ""
}
