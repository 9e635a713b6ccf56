package handbooks

import (
	"archive/zip"
	"cmp"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"

	"ruche/app/files"
	"ruche/app/text"
	"ruche/models"
)

// look reads a folder or an archive without changing anything.
func (h *Handbooks) look(ctx context.Context, actor *models.Actor, run *models.ArticleImport, open func(*findings) (*source, error), progress func(done, total int) error) (*plan, error) {
	found := &findings{}
	opened, err := open(found)
	if err != nil {
		return nil, err
	}
	p, err := opened.plan(ctx, run.Format, h.db.Now(), progress)
	if err != nil {
		return nil, err
	}
	if run.CollectionID != 0 {
		collection, err := h.db.Collection(ctx, actor, run.CollectionID)
		if err != nil {
			return nil, err
		}
		if collection.Reviewed {
			p.findings.note(collection.Title, 0, "reviewed", "")
		}
	}
	for _, full := range []struct {
		use func(context.Context, int64) (models.FileUse, error)
		of  int64
		key string
	}{{h.db.FilesOfPerson, actor.ID, "files.person_full"}, {h.db.FilesOfSpace, run.SpaceID, "files.space_full"}} {
		use, err := full.use(ctx, full.of)
		if err != nil {
			return nil, err
		}
		if p.findings.Bytes > 0 && use.Quota > 0 && use.Used+p.findings.Bytes > use.Quota {
			p.findings.problem("", 0, "text", full.key)
		}
	}
	run.Report, run.ProblemCount = p.findings.write(), p.findings.Count
	return p, nil
}

// prepare makes everything ready that is to be written: the files that come along are taken as if somebody sent each, and the texts are
// rendered. What is taken and never written is swept like any other file that no text uses.
func (h *Handbooks) prepare(ctx context.Context, actor *models.Actor, run *models.ArticleImport, p *plan, progress func(done, total int) error) error {
	total := len(p.named) + len(p.leaves)
	var known []models.File
	for n, name := range p.named {
		if err := progress(n, total); err != nil {
			return err
		}
		file, err := h.takeFile(ctx, actor, run, p, name)
		var refused models.Invalid
		if errors.As(err, &refused) && refused["file"] != "files.person_full" && refused["file"] != "files.disk_full" {
			p.findings.note(name, 0, "file", refused["file"])
			continue
		}
		if err != nil {
			return err
		}
		p.taken[name].file = file
		known = append(known, *file)
	}
	shows := text.Knowing(known)
	for n, one := range p.leaves {
		if n%50 == 0 {
			if err := errors.Join(ctx.Err(), progress(len(p.named)+n, total)); err != nil {
				return err
			}
		}
		one.Body = settled(one.Body, markedFile, func(number int) string { return p.fileAddress(one, number) })
		if err := render(one, shows); err != nil {
			p.findings.problem(one.file, 0, "text", err.Error())
		}
	}
	run.ProblemCount, run.Report = p.findings.Count, p.findings.write()
	return nil
}

// exportedNumber is that of a file in the house that wrote an archive, which stands before its name there.
var exportedNumber = regexp.MustCompile(`^\d+-`)

func (h *Handbooks) takeFile(ctx context.Context, actor *models.Actor, run *models.ArticleImport, p *plan, name string) (*models.File, error) {
	content, err := p.files[name].open()
	if err != nil {
		return nil, models.Invalid{"file": "files.damaged_file"}
	}
	defer content.Close()
	called := cmp.Or(p.files[name].called, path.Base(name))
	if p.ours {
		called = exportedNumber.ReplaceAllString(called, "")
	}
	file, err := h.files.Take(ctx, actor, files.Upload{Name: called, ID: fmt.Sprintf("import %d %s", run.ID, name), Content: content})
	var corrupt flate.CorruptInputError
	if errors.Is(err, models.ErrConflict) || errors.Is(err, zip.ErrChecksum) || errors.As(err, &corrupt) {
		return nil, models.Invalid{"file": "files.damaged_file"}
	}
	return file, err
}

// fileAddress is where a file that comes along is by now; one that the house did not take is named as it was.
func (p *plan) fileAddress(one *leaf, number int) string {
	if number >= len(p.named) {
		return "#"
	}
	name := p.named[number]
	if file := p.taken[name].file; file != nil {
		return "/files/" + strconv.FormatInt(file.ID, 10)
	}
	return strings.ReplaceAll(relative(one.file, name), " ", "%20")
}

// render renders the text of an article whose links name articles that have no ids yet.
func render(one *leaf, known text.Known) error {
	if strings.TrimSpace(one.Body) == "" {
		one.Body = ""
		return nil
	}
	rendered, err := text.Render(one.Body, text.Body, known)
	if err != nil {
		return err
	}
	one.HTML, one.Summary, one.Words = rendered.HTML, rendered.Summary, len(strings.Fields(rendered.Plain))
	if one.Lang == "" {
		one.Lang = text.Language(one.Title + "\n" + rendered.Plain)
	}
	one.SetHeadings(rendered.Headings)
	return nil
}

// write stores a plan that is prepared, all of it, and returns what happened.
func (p *plan) write(tx *models.Tx, run *models.ArticleImport) ([]models.Event, error) {
	collection, err := tx.LockCollection(run.CollectionID)
	if err != nil {
		return nil, err
	}
	if err := tx.Actor().MayImportArticles(collection); err != nil {
		return nil, err
	}
	if collection.ArchivedAt != nil {
		return nil, models.Invalid{"file": "knowledge.collection_archived"}
	}
	last, err := tx.LastPosition(collection.ID)
	if err != nil {
		return nil, err
	}
	people, err := p.people(tx, run)
	if err != nil {
		return nil, err
	}
	levels := map[int][]*leaf{}
	for _, one := range p.leaves {
		one.SpaceID, one.CollectionID, one.ImportID = collection.SpaceID, collection.ID, &run.ID
		one.AuthorID = people[named(one.author)]
		if one.EditorID = one.AuthorID; one.editor != "" {
			one.EditorID = people[named(one.editor)]
		}
		if one.level == 1 {
			one.Position += last
		}
		levels[one.level] = append(levels[one.level], one)
	}
	for level := 1; level <= models.MostLevels && len(levels[level]) > 0; level++ {
		articles := make([]*models.Article, len(levels[level]))
		for i, one := range levels[level] {
			if one.parent != nil {
				one.ParentID = &one.parent.ID
			}
			articles[i] = &one.Article
		}
		if err := tx.ImportArticles(articles); err != nil {
			return nil, err
		}
	}
	if err := p.settle(tx, run); err != nil {
		return nil, err
	}
	return p.events(run), nil
}

// settle gives the stored articles their texts, now that each has an address, and their files.
func (p *plan) settle(tx *models.Tx, run *models.ArticleImport) error {
	address := func(n int) string {
		if n >= len(p.leaves) {
			return "#"
		}
		return p.leaves[n].Path()
	}
	held := map[int64][]int64{}
	for _, one := range p.leaves {
		for _, name := range one.files {
			if file := p.taken[name].file; file != nil {
				held[one.ID] = append(held[one.ID], file.ID)
			}
		}
	}
	if err := tx.AttachImported(run, held); err != nil {
		return err
	}
	if err := p.share(tx, run); err != nil {
		return err
	}
	stored := make([]models.ImportedArticle, len(p.leaves))
	for i, one := range p.leaves {
		body, html := settled(one.Body, markedArticle, address), settled(one.HTML, markedArticle, address)
		stored[i] = models.ImportedArticle{Article: &one.Article, Linked: body != one.Body || html != one.HTML || len(one.shared) > 0}
		one.Body, one.HTML = body, html
	}
	if err := tx.SettleArticles(stored); err != nil {
		return err
	}
	report := &p.findings.Report
	for i := range report.Titles {
		report.Titles[i].ID = p.leaves[i].ID
	}
	run.Made, run.Report = len(p.leaves), report.write()
	return tx.FinishArticles(run)
}

// shownFile is a file of the house in a rendered text.
var shownFile = regexp.MustCompile(`(["\s])/files/(\d+)\b`)

// share gives files that several articles name to each of them: whoever may see one of the articles sees its pictures, and they stay when
// another one is withdrawn.
func (p *plan) share(tx *models.Tx, run *models.ArticleImport) error {
	held := map[int64][]int64{}
	for _, one := range p.leaves {
		other := map[int64]int64{}
		for _, name := range one.shared {
			taken := p.taken[name]
			if taken.file == nil {
				continue
			}
			file := *taken.file
			file.ArticleID = &taken.first.ID
			copies, ids, err := tx.CopyFiles(models.About{Article: taken.first.ID}, []models.File{file})
			if err != nil {
				return err
			}
			other[file.ID] = ids[file.ID]
			held[one.ID] = append(held[one.ID], copies[0].ID)
		}
		if len(other) == 0 {
			continue
		}
		one.Body = text.Refiled(one.Body, other)
		one.HTML = shownFile.ReplaceAllStringFunc(one.HTML, func(match string) string {
			parts := shownFile.FindStringSubmatch(match)
			id, _ := strconv.ParseInt(parts[2], 10, 64)
			if other[id] == 0 {
				return match
			}
			return parts[1] + "/files/" + strconv.FormatInt(other[id], 10)
		})
	}
	return tx.AttachImported(run, held)
}

// named is the name of somebody as pages show it, whatever a file calls them.
func named(name string) string {
	name = strings.Join(strings.Fields(models.Calm(strings.ReplaceAll(name, "\x00", ""))), " ")
	if runes := []rune(name); len(runes) > 100 {
		name = string(runes[:99]) + "…"
	}
	return name
}

// people are the ids of those whom the texts name as their authors: who takes them in under their own name and where none is named,
// and otherwise members who cannot sign in, since nobody writes in the name of another.
func (p *plan) people(tx *models.Tx, run *models.ArticleImport) (map[string]int64, error) {
	actor := tx.Actor()
	ids := map[string]int64{"": actor.ID, named(actor.Name): actor.ID}
	refs, wanted := []string{}, map[string]*models.User{}
	for _, one := range p.leaves {
		for _, name := range []string{named(one.author), named(one.editor)} {
			ref := models.NamedRef(run.SpaceID, name)
			if ids[name] != 0 || wanted[ref] != nil && wanted[ref].Name == name {
				continue
			}
			if wanted[ref] == nil {
				refs = append(refs, ref)
				wanted[ref] = &models.User{Name: name, Role: models.RoleEmployee, ImportRef: &ref, CreatedAt: p.now}
			}
		}
	}
	known, err := tx.KnownRefs(tx.Context(), "users", refs)
	if err != nil {
		return nil, err
	}
	var fresh []*models.User
	for _, ref := range refs {
		if wanted[ref].ID = known[ref]; wanted[ref].ID == 0 {
			fresh = append(fresh, wanted[ref])
		}
	}
	if err := tx.ImportUsers(fresh); err != nil {
		return nil, err
	}
	for _, one := range p.leaves {
		for _, name := range []string{named(one.author), named(one.editor)} {
			if ids[name] == 0 {
				ids[name] = wanted[models.NamedRef(run.SpaceID, name)].ID
			}
		}
	}
	return ids, nil
}

func (p *plan) events(run *models.ArticleImport) []models.Event {
	events := make([]models.Event, len(p.leaves))
	for i, one := range p.leaves {
		events[i] = models.Event{At: one.CreatedAt, Verb: models.ArticleWritten, ActorID: one.AuthorID, SpaceID: one.SpaceID, Subject: "article", SubjectID: one.ID, Data: fmt.Sprintf(`{"import":%d}`, run.ID)}
	}
	return events
}

// Into is where a folder goes: a collection, or a new one of a space.
type Into struct {
	Collection int64
	Space      int64
	Title      string // of a new collection
}

// collection is where a folder goes; a new one has no number yet.
func (h *Handbooks) collection(ctx context.Context, actor *models.Actor, into Into) (collection *models.Collection, err error) {
	if into.Collection != 0 {
		collection, err = h.db.Collection(ctx, actor, into.Collection)
	} else if collection = (&models.Collection{SpaceID: into.Space, Title: into.Title}); actor.Access(into.Space) == nil {
		err = fmt.Errorf("space %d: %w", into.Space, models.ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	return collection, actor.MayImportArticles(collection)
}

// Folder is a folder, an archive or a single file on the disk of the house. Format is one of Formats, or empty for that which it looks like.
type Folder struct{ Place, Format string }

// ImportFolder takes a folder into a collection at once, or only says what it would make.
func (h *Handbooks) ImportFolder(ctx context.Context, actor *models.Actor, into Into, from Folder, dry bool, progress func(done, total int)) (*Report, *models.ArticleImport, error) {
	collection, err := h.collection(ctx, actor, into)
	if err != nil {
		return nil, nil, err
	}
	open, done, err := onDisk(from.Place)
	if err != nil {
		return nil, nil, err
	}
	defer done()
	run := &models.ArticleImport{SpaceID: collection.SpaceID, CollectionID: collection.ID, Name: shown(path.Base(from.Place)), Format: from.Format}
	step := func(done, total int) error { progress(done, total); return nil }
	p, err := h.look(ctx, actor, run, open, step)
	if err != nil {
		return nil, nil, err
	}
	if dry || p.findings.Count > 0 {
		return &p.findings.Report, run, nil
	}
	if err := h.db.Tx(ctx, actor, func(tx *models.Tx) error { return begin(tx, collection, run) }); err != nil {
		return nil, nil, err
	}
	if err := h.prepare(ctx, actor, run, p, step); err != nil {
		return nil, nil, err
	}
	return &p.findings.Report, run, h.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if run.ProblemCount > 0 {
			return tx.CheckedArticles(run)
		}
		return p.finish(tx, run)
	})
}

// begin notes that a folder is taken in, and makes the collection for it if that is to be a new one.
func begin(tx *models.Tx, collection *models.Collection, run *models.ArticleImport) error {
	if collection.ID == 0 {
		if err := tx.CreateCollection(collection); err != nil {
			return err
		}
		if err := tx.Record(models.CollectionCreated, collection, nil); err != nil {
			return err
		}
		run.CollectionID = collection.ID
	}
	return tx.CreateArticleImport(run)
}

// finish writes a plan and what happened.
func (p *plan) finish(tx *models.Tx, run *models.ArticleImport) error {
	events, err := p.write(tx, run)
	if err != nil {
		return err
	}
	last, err := tx.EventOf(run.UserID, models.ImportDone, run, map[string]int{"made": run.Made})
	if err != nil {
		return err
	}
	return tx.RecordAll(append(events, last))
}

// onDisk opens a folder or an archive on the disk.
func onDisk(place string) (open func(*findings) (*source, error), done func(), err error) {
	info, err := os.Stat(place)
	if err != nil {
		return nil, nil, err
	}
	if info.IsDir() {
		root, err := os.OpenRoot(place)
		if err != nil {
			return nil, nil, err
		}
		return func(found *findings) (*source, error) { return openFolder(root, found) }, func() { root.Close() }, nil
	}
	file, err := os.Open(place)
	if err != nil {
		return nil, nil, err
	}
	return func(found *findings) (*source, error) { return openFile(info.Name(), file, info.Size(), found) }, func() { file.Close() }, nil
}
