package models

import (
	"context"
	"errors"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// File is a picture, or a file of another kind. Until an idea, a thread, one of their posts, an article, a draft of one or a gathering uses it, only who uploaded it may see it.
// What somebody looks like is seen by those who may know them, the banner of a campaign by those who may
// see the campaign, and what is given to a field by those whom the answer is for.
type File struct {
	ID          int64
	UserID      int64
	IdeaID      *int64
	ThreadID    *int64 // in whose posts it is
	ArticleID   *int64
	GatheringID *int64
	DraftID     *int64 // of an article that is not published yet
	FieldID     *int64 // that it is given to
	Key         string // where the store keeps the bytes
	Name        string
	ContentType string
	Width       int // pixels
	Height      int
	Size        int64 // bytes
	SpaceID     *int64
	Digest      string // of what was sent, and as what it was taken; empty for what is never sent twice
	UploadID    string // what its sender calls the sending, hashed; empty for none
	CreatedAt   time.Time
}

// unused is the condition that nothing shows the file f yet.
const unused = "f.idea_id IS NULL AND f.thread_id IS NULL AND f.article_id IS NULL AND f.gathering_id IS NULL AND f.draft_id IS NULL"

// Shown tells whether the file is a picture that pages show. Everything else is sent only to be saved.
func (f *File) Shown() bool {
	return f.FieldID == nil && f.Picture() && (f.ContentType == "image/png" || f.ContentType == "image/jpeg")
}

// Picture tells whether the file is a picture.
func (f *File) Picture() bool { return f.Width > 0 }

// Markdown is how a text names the file: a picture is shown, everything else is linked.
func (f *File) Markdown() string {
	address := "(/files/" + strconv.FormatInt(f.ID, 10) + ")"
	if f.Picture() {
		return "![]" + address
	}
	return "[" + f.SaveName() + "]" + address
}

// Type is the format of the file in capitals, as PDF.
func (f *File) Type() string { return strings.ToUpper(strings.TrimPrefix(path.Ext(f.Key), ".")) }

// URL is the address of the file. Whoever is not to know what it was called is not told by saving it either.
func (f *File) URL() string {
	address := "/files/" + strconv.FormatInt(f.ID, 10)
	if f.Name == "" {
		return address + "?unnamed=1"
	}
	return address
}

// SaveName is how the file is called when it is saved. What somebody hidden called it is not kept.
func (f *File) SaveName() string {
	if f.Name == "" {
		return "file-" + strconv.FormatInt(f.ID, 10) + path.Ext(f.Key)
	}
	return f.Name
}

// File finds a file that the actor may see: their own, that of an idea, a thread or an article they may read, the face of a person they may know, the banner
// of a campaign that they may see, and what an answer names that is for them. Who is not signed in sees no faces, also of those who write
// in public: a provider gave them to the house, not to the world.
func (q Queries) File(ctx context.Context, actor *Actor, id int64) (*File, error) {
	readable, args := q.readableIdea(actor)
	known, more := q.knows(actor)
	seen, list := q.visible(actor, "i.space_id")
	seenThread, _ := q.visible(actor, "t.space_id")
	campaign, last := q.readableCampaign(actor)
	inThread, its := q.readableThread(actor)
	inArticle, articles := q.readableArticle(actor)
	inGathering, gatherings := q.readableGathering(actor)
	inDraft, drafts := q.ofReadableDraft(actor)
	args = append(append(append(append(append(append(append(args, its...), articles...), gatherings...), drafts...), list, actor.ID, list, actor.ID, actor.ID), more...), last...)
	file := &File{}
	err := q.one(ctx, file, `SELECT f.* FROM files f LEFT JOIN ideas i ON i.id = f.idea_id LEFT JOIN threads t ON t.id = f.thread_id LEFT JOIN articles a ON a.id = f.article_id LEFT JOIN gatherings ga ON ga.id = f.gathering_id
		WHERE f.id = ? AND (f.user_id = ? AND f.user_id <> 0 AND `+unused+` AND NOT `+isBanner+` OR f.field_id IS NULL AND (`+readable+` OR `+inThread+` OR `+inArticle+` OR `+inGathering+` OR `+inDraft+` OR `+seen+" AND "+hides+` OR `+seenThread+" AND "+ofMasks("t.author_id")+`
		OR EXISTS (SELECT 1 FROM users u WHERE u.picture_id = f.id AND ? <> 0 AND `+known+`)
		OR EXISTS (SELECT 1 FROM campaigns c WHERE c.banner_id = f.id AND `+campaign+")))", append([]any{id, actor.ID}, args...)...)
	if errors.Is(err, ErrNotFound) {
		return q.answerFile(ctx, actor, id)
	}
	return file, err
}

// AttachFiles gives a person's own, still unused files to the place whose text or posts name them. Where its space has no room for them
// the error is at the field "body".
func (tx *Tx) AttachFiles(userID int64, place Place, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	if err := tx.hold("spaces", place.SpaceID()); err != nil {
		return err
	}
	in := place.ids()
	changed, err := tx.exec("UPDATE files AS f SET idea_id = ?, thread_id = ?, article_id = ?, gathering_id = ?, space_id = ? WHERE f.user_id = ? AND "+unused+" AND f.field_id IS NULL AND f.id IN ? AND NOT "+isPicture, in.idea, in.thread, in.article, in.gathering, place.SpaceID(), userID, ids)
	if err != nil || changed == 0 {
		return err
	}
	return tx.roomFor(place.SpaceID(), "body")
}

// HandFiles gives some of a person's own, still unused files to a mask, and forgets what they called them and that they sent them. A
// document, which may hold its maker's name, is refused at the field "body".
func (tx *Tx) HandFiles(userID, mask int64, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	own := " FROM files f WHERE f.user_id = ? AND " + unused + " AND f.field_id IS NULL AND f.id IN ? AND NOT " + isPicture
	var telling bool
	if err := tx.raw(tx.ctx, &telling, "SELECT EXISTS (SELECT 1"+own+" AND f.width = 0 AND f.content_type NOT LIKE 'text/%')", userID, ids); err != nil {
		return err
	}
	if telling {
		return Invalid{"body": "files.document_hidden"}
	}
	_, err := tx.exec("UPDATE files SET user_id = ?, name = '', digest = '', upload_id = '' WHERE id IN (SELECT f.id"+own+")", mask, userID, ids)
	return err
}

// DeleteFile forgets an unused picture; last is true if no other record names the same bytes.
func (tx *Tx) DeleteFile(file *File) (last bool, err error) {
	if _, err := tx.exec("DELETE FROM files AS f WHERE "+unheld("f.id = ? AND "+unused+" AND NOT "+isPicture+" AND NOT "+keptByDraft, "f.user_id IN "+heldPeople), file.ID); err != nil {
		return false, err
	}
	return last, tx.raw(tx.ctx, &last, "SELECT NOT EXISTS (SELECT 1 FROM files WHERE key = ?)", file.Key)
}

// Cover is a picture that stands for an idea.
type Cover struct {
	IdeaID int64
	FileID int64
	Width  int // pixels
	Height int
}

// URL is the address of the picture in the size of phones and cards.
func (c *Cover) URL() string { return "/files/" + strconv.FormatInt(c.FileID, 10) + "?w=800" }

// Covers are the first pictures that the texts of ideas show which the actor has loaded, for those that show one.
func (q Queries) Covers(ctx context.Context, ids []int64) (covers []Cover, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return covers, q.raw(ctx, &covers, `SELECT f.idea_id, f.id AS file_id, f.width, f.height FROM files f WHERE f.id IN (SELECT min(p.id) FROM files p JOIN ideas i ON i.id = p.idea_id
		WHERE p.idea_id IN ? AND p.field_id IS NULL AND i.html LIKE '%src="/files/' || p.id || '"%' GROUP BY p.idea_id)`, ids)
}

// FilesOf loads those of the given files of texts that the actor may see, in no order.
func (q Queries) FilesOf(ctx context.Context, actor *Actor, ids []int64) (files []File, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	readable, args := q.readableIdea(actor)
	inThread, its := q.readableThread(actor)
	inArticle, articles := q.readableArticle(actor)
	inGathering, gatherings := q.readableGathering(actor)
	inDraft, drafts := q.ofReadableDraft(actor)
	args = slices.Concat([]any{ids, actor.ID}, args, its, articles, gatherings, drafts)
	return files, q.raw(ctx, &files, `SELECT f.* FROM files f LEFT JOIN ideas i ON i.id = f.idea_id LEFT JOIN threads t ON t.id = f.thread_id LEFT JOIN articles a ON a.id = f.article_id LEFT JOIN gatherings ga ON ga.id = f.gathering_id
		WHERE f.id IN ? AND f.field_id IS NULL AND (f.user_id = ? AND f.user_id <> 0 AND `+unused+` OR `+readable+" OR "+inThread+" OR "+inArticle+" OR "+inGathering+" OR "+inDraft+")", args...)
}
