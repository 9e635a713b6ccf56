package parts

import "ruche/models"

// promiseLines are what is said of each level, in the order in which it matters to whoever writes.
func promiseLines(level models.Anonymity) []string {
	switch level {
	case models.HiddenAuthors:
		return []string{"seen", "found"}
	case models.NotStored:
		return []string{"seen", "code", "found"}
	}
	return []string{"seen"}
}

// promiseMore is what is said of a level to those who want to know more.
func promiseMore(level models.Anonymity) []string {
	switch level {
	case models.HiddenAuthors:
		return []string{"kept", "conflict"}
	case models.NotStored:
		return []string{"kept", "cannot"}
	}
	return nil
}

func promiseIcon(level models.Anonymity) string {
	if level == models.Named {
		return "eye"
	}
	return "eye-off"
}
