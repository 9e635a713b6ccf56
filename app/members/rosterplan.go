package members

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ruche/models"
	"ruche/views/i18n"
	views "ruche/views/members"
)

// plan is what a list would do, line by line.
type plan struct {
	lines []planned
	count map[views.Fate]int
}

// planned is what would become of one line.
type planned struct {
	entry
	fate     views.Fate
	account  *models.RosterAccount // nil for somebody new
	changes  []views.Change
	mistakes []mistake
	role     models.Role // that they would have
	locale   string
	join     []int64 // groups
}

// planner compares a list with what is known.
type planner struct {
	actor    *models.Actor
	accounts map[string]*models.RosterAccount // by address, those of the list and their managers
	groups   map[string]*models.Group
	in       map[[2]int64]bool
	managers map[int64]string // the addresses of managers, by id
	listed   map[string]bool  // the addresses of the list
	first    map[string]int   // the line of an address, as far as it is read
	roles    map[string]models.Role
}

// mostGroups bounds the groups that a list speaks of.
const mostGroups = 1000

// planRoster says what a list would do now if the actor had it taken in. It changes nothing.
func planRoster(ctx context.Context, q models.Queries, actor *models.Actor, text string) (*plan, error) {
	entries, mistakes := readRoster(text)
	p := &planner{actor: actor, listed: map[string]bool{}, first: map[string]int{}, roles: roleWords()}
	if err := p.load(ctx, q, entries); err != nil {
		return nil, err
	}
	result := &plan{count: map[views.Fate]int{}}
	for _, m := range mistakes {
		result.lines = append(result.lines, planned{entry: entry{line: m.line}, fate: views.Refused, mistakes: []mistake{m}})
	}
	for _, e := range entries {
		result.lines = append(result.lines, p.judge(e))
	}
	slices.SortStableFunc(result.lines, func(a, b planned) int { return a.line - b.line })
	for i := range result.lines {
		result.count[result.lines[i].fate]++
	}
	return result, nil
}

// listed are the addresses of those whom a list speaks of.
func listed(text string) []string {
	entries, _ := readRoster(text)
	emails := make([]string, len(entries))
	for i, e := range entries {
		emails[i] = models.NormalEmail(e.cells[colEmail])
	}
	return unique(emails)
}

// load looks up all at once whom and what the list speaks of.
func (p *planner) load(ctx context.Context, q models.Queries, entries []entry) error {
	var emails, names []string
	for _, e := range entries {
		email := models.NormalEmail(e.cells[colEmail])
		emails, p.listed[email] = append(emails, email), true
		if manager := e.cells[colManager]; manager != "" {
			emails = append(emails, models.NormalEmail(manager))
		}
		names = append(names, groupNames(e)...)
	}
	var err error
	if p.accounts, err = q.AccountsByEmail(ctx, p.actor, unique(emails)); err != nil {
		return err
	}
	if names = unique(names); len(names) > mostGroups {
		names = names[:mostGroups] // the rest is not found
	}
	if p.groups, err = q.GroupsNamed(ctx, names); err != nil {
		return err
	}
	var groups, people []int64
	for _, group := range p.groups {
		groups = append(groups, group.ID)
	}
	p.managers = map[int64]string{}
	for email, account := range p.accounts {
		people = append(people, account.ID)
		p.managers[account.ID] = email
	}
	slices.Sort(groups)
	slices.Sort(people)
	p.in, err = q.InGroups(ctx, groups, people)
	return err
}

func unique(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}

// groupNames are the names in the cell of the groups. A name that has the sign between them is written with a backslash before it.
func groupNames(e entry) (names []string) {
	var name strings.Builder
	end := func() {
		if text := strings.TrimSpace(name.String()); text != "" {
			names = append(names, text)
		}
		name.Reset()
	}
	escaped := false
	for _, r := range e.cells[colGroups] {
		switch {
		case escaped:
			if r != '|' && r != '\\' {
				name.WriteByte('\\')
			}
			name.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '|':
			end()
		default:
			name.WriteRune(r)
		}
	}
	if escaped {
		name.WriteByte('\\')
	}
	end()
	return names
}

// groupCell is a cell that groupNames reads as these names.
func groupCell(names []string) string {
	escape := strings.NewReplacer(`\`, `\\`, `|`, `\|`)
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = escape.Replace(name)
	}
	return strings.Join(all, "|")
}

// roleWords are the names of the roles, in every language, as programs write them, and as people say in French.
func roleWords() map[string]models.Role {
	words := map[string]models.Role{
		"moderateur": models.RoleModerator, "moderatrice": models.RoleModerator, "animateur": models.RoleManager, "animatrice": models.RoleManager,
		"salarie": models.RoleEmployee, "salariee": models.RoleEmployee, "rh": models.RoleHR, "auditeur": models.RoleAuditor, "auditrice": models.RoleAuditor,
	}
	for _, role := range models.Roles() {
		words[letters(string(role))] = role
		for _, lang := range i18n.Languages {
			words[letters(i18n.For(lang).T("users.role."+string(role)))] = role
		}
	}
	return words
}

// mostMistakes is how many are said of one line: one cell may hold a hundred thousand.
const mostMistakes = 10

// judge decides about one line.
func (p *planner) judge(e entry) planned {
	l := planned{entry: e, fate: views.Made}
	email := models.NormalEmail(e.cells[colEmail])
	refuse := func(at column, key string, args ...any) {
		if len(l.mistakes) < mostMistakes {
			l.mistakes = append(l.mistakes, mistake{e.line, at, key, args})
		}
	}
	switch line, twice := p.first[email]; {
	case email == "":
		refuse(colEmail, "members.email_needed")
	case !models.ValidEmail(email) || !plain(email):
		refuse(colEmail, "users.email_invalid")
	case twice:
		refuse(colEmail, "roster.twice", "line", line)
	default:
		p.first[email] = e.line
	}
	l.account = p.accounts[email]
	if l.account == nil {
		p.welcome(&l, refuse)
	} else {
		p.compare(&l, refuse)
	}
	p.place(&l, email, refuse)
	for _, at := range columns() { // what is so already comes from here
		if l.account != nil && !l.changed(at) {
			continue
		}
		if at != colGroups && utf8.RuneCountInString(e.cells[at]) > 200 || !plain(e.cells[at]) {
			refuse(at, "roster.text_invalid")
		}
	}
	switch {
	case len(l.mistakes) > 0:
		l.fate, l.changes = views.Refused, nil
	case l.account != nil && len(l.changes) == 0:
		l.fate = views.Same
	case l.account != nil:
		l.fate = views.Changed
	}
	return l
}

// plain tells whether a cell is one line of text.
func plain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) })
}

// welcome is for somebody new. A list makes nobody an owner, and lets nobody in from outside: those are invited into a space.
func (p *planner) welcome(l *planned, refuse func(column, string, ...any)) {
	if l.cells[colName] == "" {
		refuse(colName, "members.name_needed")
	}
	for _, at := range []column{colJob, colDepartment, colSite, colJobFamily} {
		l.change(at, "", l.cells[at])
	}
	l.role = models.RoleEmployee
	if word := l.cells[colRole]; word != "" {
		role, known := p.roles[letters(word)]
		switch {
		case !known:
			refuse(colRole, "roster.role_unknown", "role", clip(word))
		case role == models.RoleOwner:
			refuse(colRole, "roster.no_owner")
		case role == models.RoleExternal:
			refuse(colRole, "roster.no_external")
		case !p.actor.LooksAfter(role):
			refuse(colRole, "roster.role_owners")
		default:
			l.role = role
		}
	}
}

// compare finds what a line changes about somebody who is here. What it leaves empty stays as it is.
func (p *planner) compare(l *planned, refuse func(column, string, ...any)) {
	a := l.account
	l.role = a.Role
	l.change(colName, a.Name, l.cells[colName])
	if l.changed(colName) && a.Named() {
		refuse(colName, "roster.named")
	}
	if word := l.cells[colRole]; word != "" {
		role, known := p.roles[letters(word)]
		switch {
		case !known:
			refuse(colRole, "roster.role_unknown", "role", clip(word))
		case role == a.Role:
		case role == models.RoleOwner:
			refuse(colRole, "roster.no_owner")
		case a.Role == models.RoleOwner, role == models.RoleExternal, a.External():
			refuse(colRole, "roster.role_by_hand")
		default:
			l.role = role
			l.changes = append(l.changes, views.Change{Column: string(colRole), From: string(a.Role), To: string(role)})
		}
	}
	l.change(colJob, a.Job, l.cells[colJob])
	if models.NameKeyOf(a.Department) != models.NameKeyOf(l.cells[colDepartment]) { // a unit has one spelling
		l.change(colDepartment, a.Department, l.cells[colDepartment])
	}
	for _, at := range []column{colJob, colDepartment} { // what a department is decides what people may see
		if l.changed(at) && a.UserName != nil && a.RemovedAt == nil {
			refuse(at, "roster.directory")
		}
	}
	l.change(colSite, a.Site, l.cells[colSite])
	l.change(colJobFamily, a.JobFamily, l.cells[colJobFamily])
}

// place reads what the same words say of somebody new and of somebody who is here: language, manager and groups.
func (p *planner) place(l *planned, email string, refuse func(column, string, ...any)) {
	before := models.RosterAccount{}
	if l.account != nil {
		before = *l.account
	}
	if word := l.cells[colLanguage]; word != "" {
		if l.locale = language(word); l.locale == "" {
			refuse(colLanguage, "roster.language_unknown", "language", clip(word))
		}
		l.change(colLanguage, before.Locale, l.locale)
	}
	if manager := models.NormalEmail(l.cells[colManager]); manager != "" {
		account := p.accounts[manager]
		was := ""
		if before.ManagerID != nil {
			was = p.managers[*before.ManagerID]
		}
		switch {
		case manager == was: // so it is
		case manager == email:
			refuse(colManager, "roster.own_manager")
		case account == nil && !p.listed[manager], account != nil && (account.External() || account.DisabledAt != nil || account.Service):
			refuse(colManager, "roster.manager_unknown", "manager", clip(manager))
		}
		l.change(colManager, was, manager)
	}
	var joined []string
	for _, name := range groupNames(l.entry) {
		group := p.groups[models.NameKeyOf(name)]
		switch {
		case group == nil || !group.Handmade():
			refuse(colGroups, "roster.group_unknown", "group", clip(name))
		case !p.in[[2]int64{group.ID, before.ID}]:
			l.join, joined = append(l.join, group.ID), append(joined, group.Name)
		}
	}
	l.change(colGroups, "", strings.Join(joined, ", "))
	if l.account == nil || len(l.changes) == 0 {
		return
	}
	if before.External() && (l.changed(colDepartment) || l.changed(colGroups) || l.changed(colManager)) {
		refuse(colEmail, "roster.outside")
	}
	switch {
	case before.Service:
		refuse(colEmail, "roster.service")
	case before.DisabledAt != nil:
		refuse(colEmail, "roster.suspended")
	case !p.actor.LooksAfter(before.Role):
		refuse(colEmail, "members.owners_only")
	case !p.actor.LooksAfter(l.role):
		refuse(colRole, "roster.role_owners")
	}
}

// change notes that a column changes, unless it is empty or says what is known.
func (l *planned) change(at column, from, to string) {
	if to != "" && to != from {
		l.changes = append(l.changes, views.Change{Column: string(at), From: from, To: to})
	}
}

func (l *planned) changed(at column) bool {
	return slices.ContainsFunc(l.changes, func(c views.Change) bool { return c.Column == string(at) })
}

// language is the one of Ruche that a word names.
func language(word string) string {
	switch letters(word) {
	case "fr", "frfr", "french", "francais":
		return "fr"
	case "en", "engb", "enus", "english", "anglais":
		return "en"
	}
	return ""
}
