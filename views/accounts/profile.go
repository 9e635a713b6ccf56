package accounts

import (
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Owners tell who says a part of somebody's profile, by field: the name of a provider, or TheDirectory.
type Owners map[string]string

// TheDirectory is the company's directory, which has no name here.
const TheDirectory = "directory"

// profile are the fields that the person may correct.
func (a *Account) profile(l *i18n.Locale) (fields []parts.Input) {
	for _, in := range []parts.Input{
		{Name: "name", Label: l.T("accounts.name"), Value: a.Person.Name, Required: true, MaxLength: 200, Autocomplete: "name"},
		{Name: "email", Type: "email", Label: l.T("accounts.email"), Hint: l.T("accounts.email.hint"), Value: a.Person.Email, MaxLength: 254, Autocomplete: "email"},
		{Name: "job", Label: l.T("privacy.column.job"), Value: a.Person.Job, Optional: true, MaxLength: 100, Autocomplete: "organization-title"},
		{Name: "job_family", Label: l.T("privacy.column.job_family"), Value: a.Person.JobFamily, Optional: true, MaxLength: 100},
		{Name: "site", Label: l.T("privacy.column.site"), Value: a.Person.Site, Optional: true, MaxLength: 100},
	} {
		if a.Owners[in.Name] != "" || in.Name == "email" && !a.GivesEmail {
			continue
		}
		if said, given := a.Said[in.Name]; given {
			in.Value = said
		}
		if key := a.Problems[in.Name]; key != "" {
			in.Error = l.T(key)
		}
		fields = append(fields, in)
	}
	return fields
}

// fact is a part of the profile that the person cannot correct here, and why.
type fact struct{ label, value, why string }

func (a *Account) given(l *i18n.Locale) (facts []fact) {
	for _, f := range []struct{ field, value string }{
		{"name", a.Person.Name}, {"job", a.Person.Job}, {"job_family", a.Person.JobFamily}, {"department", a.Person.Department}, {"site", a.Person.Site},
	} {
		owner := a.Owners[f.field]
		switch {
		case f.field == "department" && owner == "" && !a.Person.External():
			facts = append(facts, fact{l.T("privacy.column.department"), f.value, l.T("accounts.given.department")})
		case owner == TheDirectory:
			facts = append(facts, fact{l.T("privacy.column." + f.field), f.value, l.T("accounts.given.directory")})
		case owner != "":
			facts = append(facts, fact{l.T("privacy.column." + f.field), f.value, l.T("accounts.given.provider", "provider", owner)})
		}
	}
	return facts
}
