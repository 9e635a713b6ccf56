package knowledge

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/knowledge"
	"ruche/views/parts"
)

// perBlame is how many blocks of an article one page of who changed them shows.
const perBlame = 300

// showBlame shows who last changed each block of an article.
func (f *Knowledge) showBlame(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	from := 0
	if text := c.QueryParam("from"); text != "" {
		if from, err = strconv.Atoi(text); err != nil || from < 0 || from > math.MaxInt32 {
			return models.ErrNotFound
		}
	}
	article, err := f.db.Article(ctx, actor, id)
	if err != nil {
		return err
	}
	found, lookedTo, err := f.blame(ctx, article)
	if err != nil {
		return err
	}
	view := views.Blame{Article: article, Space: *actor.Access(article.SpaceID), LookedTo: lookedTo, Versions: article.Version}
	if from > 0 {
		view.Start = base(id) + "/blame"
	}
	if len(found) > from+perBlame {
		view.Next = base(id) + "/blame?from=" + strconv.Itoa(from+perBlame)
	}
	found = found[min(from, len(found)):min(from+perBlame, len(found))]
	view.Open = slices.ContainsFunc(found, func(b blamed) bool { return b.version == 0 })
	if view.Stretches, err = f.stretches(ctx, actor, id, found); err != nil {
		return err
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("blame.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.BlamePage(page, view))
}

// versionsOf are the versions that some blocks are from, by their numbers.
func (f *Knowledge) versionsOf(ctx context.Context, id int64, found []blamed) (map[int]models.ArticleVersionCard, error) {
	var numbers []int
	for i := range found {
		if found[i].version != 0 {
			numbers = append(numbers, found[i].version)
		}
	}
	slices.Sort(numbers)
	return f.db.ArticleVersionsNumbered(ctx, id, slices.Compact(numbers))
}

// stretches gathers the blocks that follow each other and are from one version.
func (f *Knowledge) stretches(ctx context.Context, actor *models.Actor, id int64, found []blamed) (stretches []views.Stretch, err error) {
	versions, err := f.versionsOf(ctx, id, found)
	if err != nil {
		return nil, err
	}
	for _, b := range found {
		if n := len(stretches); n == 0 || stretches[n-1].Version.Number != b.version {
			card := versions[b.version]
			who := parts.Named{ID: card.EditorID, Name: card.EditorName, Role: card.EditorRole, Picture: actor.Face(card.EditorPicture)}
			stretches = append(stretches, views.Stretch{Version: card, Editor: who})
		}
		last := &stretches[len(stretches)-1]
		last.Blocks = append(last.Blocks, views.BlameBlock{Kind: kindOf[b.Kind], Words: said(b.Block)})
	}
	return stretches, nil
}

// said is what a block says to who reads it: the words, without what Markdown puts around them. Code stands as it is.
func said(b text.Block) string {
	if b.Kind == text.BlockCode {
		return b.Words()
	}
	source := strings.TrimSpace(b.Text)
	if b.Kind == text.BlockRow {
		source = b.Words()
	}
	if rendered, err := text.Render(source, text.Body, nil); err == nil && rendered.Plain != "" {
		return rendered.Plain
	}
	return b.Words()
}

var kindOf = map[text.BlockKind]views.BlockKind{
	text.BlockHeading: views.Heading, text.BlockItem: views.Item, text.BlockCode: views.Code, text.BlockQuote: views.Quote,
}
