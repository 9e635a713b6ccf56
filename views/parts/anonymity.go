package parts

import "ruche/models"

// promiseLines are what is said of each level, in the order in which it matters to whoever writes.
func promiseLines(level models.Anonymity) []string {
	switch level {
	case models.HiddenAuthors:
		return []string{"seen", "kept", "found", "conflict"}
	case models.NotStored:
		return []string{"seen", "kept", "code", "cannot", "found"}
	}
	return []string{"seen"}
}

func promiseIcon(level models.Anonymity) string {
	if level == models.Named {
		return "eye"
	}
	return "eye-off"
}
