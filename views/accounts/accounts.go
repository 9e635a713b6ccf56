package accounts

// language names a language in itself, for those who cannot read the other one.
func language(lang string) string {
	if lang == "en" {
		return "English"
	}
	return "Français"
}
