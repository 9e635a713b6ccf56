package spaces

import (
	"context"
	"fmt"
	"hash/crc32"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/api"
	"ruche/models"
)

// SpacePath is the space that an operation is about; exported, since huma fills in no other embedded struct.
type SpacePath struct {
	Slug string `path:"slug"`
}

// spaceDetail is a space by itself, as its front page shows it.
type spaceDetail struct {
	spaceBody
	Joining    string            `json:"joining" enum:"open,request,invitation" doc:"How people become members."`
	Listed     bool              `json:"listed" doc:"Whether the company's people may know of a restricted space."`
	Nameless   bool              `json:"nameless" doc:"Whether people may begin threads there without their name."`
	Outsiders  bool              `json:"outsiders_ask" doc:"Whether people from outside may ask people to answer their questions there, and be asked."`
	ArchivedAt *time.Time        `json:"archived_at" doc:"Since when it is there to be read only, or null."`
	Inside     bool              `json:"inside" doc:"Whether you see what is in it, and do not only know of it."`
	Entrance   string            `json:"entrance" enum:"open,request,invitation" doc:"How you can become a member: by yourself, by asking, or only if you are let in."`
	Request    *entryRequestBody `json:"request" doc:"What you last asked, or null."`
}

// settings is a sum of what a manager sets, by which changes are checked.
func settings(s *models.Space) string {
	sum := crc32.ChecksumIEEE(fmt.Appendf(nil, "%q %q %q %q %t %t %t %t", s.Title, s.Description, s.Visibility, s.Joining, s.Listed, s.Nameless, s.OutsidersAsk, s.ArchivedAt != nil))
	return fmt.Sprintf("%08x", sum)
}

// tag is the ETag of a space: the sum of its settings, and one of what is the reader's own.
func (b *spaceDetail) tag(space *models.Space) string {
	own := fmt.Sprint(b.Role, b.Inside, b.Entrance)
	if b.Request != nil {
		own += fmt.Sprint(b.Request.ID, b.Request.State)
	}
	return fmt.Sprintf(`"%s-%08x"`, settings(space), crc32.ChecksumIEEE([]byte(own)))
}

// unchanged tells whether If-Match is absent, or was given for the settings as they are: who joined or asked since does
// not stand in the way of a change to them.
func unchanged(ifMatch string, space *models.Space) bool {
	if ifMatch == "" {
		return true
	}
	for _, one := range strings.Split(ifMatch, ",") {
		one = strings.TrimSpace(one)
		sum, _, _ := strings.Cut(strings.Trim(one, `"`), "-")
		if one == "*" || sum == settings(space) {
			return true
		}
	}
	return false
}

type spaceAnswer struct {
	Status int
	ETag   string `header:"ETag"`
	Body   *spaceDetail
}

type getSpace struct {
	SpacePath
	IfNoneMatch string `header:"If-None-Match"`
}

type editSpace struct {
	SpacePath
	IfMatch string `header:"If-Match"`
	Body    struct {
		Title       *string `json:"title,omitempty"`
		Description *string `json:"description,omitempty"`
		Visibility  *string `json:"visibility,omitempty" doc:"public, external, company or restricted."`
		Joining     *string `json:"joining,omitempty" doc:"open, request or invitation."`
		Listed      *bool   `json:"listed,omitempty"`
		Nameless    *bool   `json:"nameless,omitempty" doc:"Whether people may begin threads there without their name."`
		Outsiders   *bool   `json:"outsiders_ask,omitempty" doc:"Whether people from outside may ask people to answer their questions there, and be asked."`
	}
}

// apply changes what the request names.
func (in *editSpace) apply(space *models.Space) error {
	if !unchanged(in.IfMatch, space) {
		return echo.NewHTTPError(http.StatusPreconditionFailed)
	}
	for field, given := range map[*string]*string{&space.Title: in.Body.Title, &space.Description: in.Body.Description, (*string)(&space.Visibility): in.Body.Visibility, (*string)(&space.Joining): in.Body.Joining} {
		if given != nil {
			*field = *given
		}
	}
	if in.Body.Listed != nil {
		space.Listed = *in.Body.Listed
	}
	if in.Body.Nameless != nil {
		space.Nameless = *in.Body.Nameless
	}
	if in.Body.Outsiders != nil {
		space.OutsidersAsk = *in.Body.Outsiders
	}
	return nil
}

// settingsAPI adds the operations about a space itself.
func (f *Spaces) settingsAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "get-space", Method: http.MethodGet, Path: "/spaces/{slug}", Summary: "Read about a space"}, f.apiGet)
	api.Register(a, huma.Operation{OperationID: "edit-space", Method: http.MethodPatch, Path: "/spaces/{slug}", Summary: "Change the settings of a space", Description: "Fields that are absent stay as they are. With If-Match the change is made only on the settings that the ETag was given for.", Security: api.Wants(models.ScopeManage)}, f.apiEdit)
	api.Register(a, huma.Operation{OperationID: "archive-space", Method: http.MethodPut, Path: "/spaces/{slug}/archive", Summary: "Archive a space", Description: "It is there to be read and no longer to be written in.", Security: api.Wants(models.ScopeManage)}, f.apiArchive)
	api.Register(a, huma.Operation{OperationID: "reopen-space", Method: http.MethodDelete, Path: "/spaces/{slug}/archive", Summary: "Reopen an archived space", Security: api.Wants(models.ScopeManage)}, f.apiReopen)
}

func (f *Spaces) apiGet(ctx context.Context, actor *models.Actor, in *getSpace) (*spaceAnswer, error) {
	space, inside, err := f.web.DB.KnownSpace(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	body, err := f.detail(ctx, actor, space, inside)
	if err != nil {
		return nil, err
	}
	if api.Matches(in.IfNoneMatch, body.tag(space)) {
		return &spaceAnswer{Status: http.StatusNotModified, ETag: body.tag(space)}, nil
	}
	return &spaceAnswer{Status: http.StatusOK, ETag: body.tag(space), Body: body}, nil
}

// detail tells someone of a space that they see, or know of.
func (f *Spaces) detail(ctx context.Context, actor *models.Actor, space *models.Space, inside bool) (*spaceDetail, error) {
	role := models.SpaceRole("")
	if access := actor.Access(space.ID); access != nil {
		role = access.Role
	}
	body := &spaceDetail{
		spaceBody: f.body(space, role), Joining: string(space.Joining), Listed: space.Listed, Nameless: space.Nameless, Outsiders: space.OutsidersAsk, ArchivedAt: space.ArchivedAt, Inside: inside, Entrance: string(actor.Entrance(space)),
	}
	if !actor.SignedIn() {
		return body, nil
	}
	request, err := f.web.DB.OwnRequest(ctx, actor, space.ID)
	if err == nil && request != nil {
		body.Request = requestOf(request)
	}
	return body, err
}

func (f *Spaces) apiEdit(ctx context.Context, actor *models.Actor, in *editSpace) (*spaceAnswer, error) {
	space, err := f.web.DB.SpaceBySlug(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	if err := f.Edit(ctx, actor, space, in.apply); err != nil {
		return nil, err
	}
	return f.changed(ctx, actor, in.Slug)
}

func (f *Spaces) apiArchive(ctx context.Context, actor *models.Actor, in *SpacePath) (*spaceAnswer, error) {
	return f.archival(ctx, actor, in.Slug, f.Archive)
}

func (f *Spaces) apiReopen(ctx context.Context, actor *models.Actor, in *SpacePath) (*spaceAnswer, error) {
	return f.archival(ctx, actor, in.Slug, f.Reopen)
}

func (f *Spaces) archival(ctx context.Context, actor *models.Actor, slug string, change func(context.Context, *models.Actor, *models.Space) error) (*spaceAnswer, error) {
	space, err := f.web.DB.SpaceBySlug(ctx, actor, slug)
	if err != nil {
		return nil, err
	}
	if err := change(ctx, actor, space); err != nil {
		return nil, err
	}
	return f.changed(ctx, actor, slug)
}

// changed is what the actor sees of a space after a change, by which they may have lost or gained something.
func (f *Spaces) changed(ctx context.Context, actor *models.Actor, slug string) (*spaceAnswer, error) {
	now, err := f.web.DB.ActorByID(ctx, actor.ID)
	if err != nil {
		return nil, err
	}
	return f.apiGet(ctx, now, &getSpace{SpacePath: SpacePath{slug}})
}
