package downloads

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"ruche/app/jobs"
	"ruche/app/sheets"
	"ruche/models"
)

// archiveFormat is that of articles, which stand in no table.
const archiveFormat sheets.Format = "zip"

// contentType is that of a table or of an archive.
func contentType(d *models.Download) string {
	if d.What == models.DownloadArticles {
		return "application/zip"
	}
	return sheets.Format(d.Format).ContentType()
}

// shelves checks which articles somebody wants: one, a collection, or with neither all that they may read.
func (f *Downloads) shelves(ctx context.Context, actor *models.Actor, in Wish) (sieve models.Sieve, none *models.Campaign, err error) {
	if !actor.SignedIn() {
		return sieve, nil, models.ErrForbidden
	}
	if in.Article != 0 && in.Collection != 0 {
		return sieve, nil, models.Invalid{"download": "downloads.scope_invalid"}
	}
	_, _, err = f.scope(ctx, actor, in)
	return models.Sieve{ArticleID: in.Article, Alone: in.Alone && in.Article != 0, CollectionID: in.Collection}, nil, err
}

// scope is the article and the collection that somebody names, nil where they name none.
func (f *Downloads) scope(ctx context.Context, actor *models.Actor, in Wish) (article *models.Article, collection *models.Collection, err error) {
	if in.Article != 0 {
		if article, err = f.web.DB.Article(ctx, actor, in.Article); err != nil {
			return nil, nil, err
		}
		if article.State != models.Published {
			return nil, nil, fmt.Errorf("article %d is withdrawn: %w", article.ID, models.ErrNotFound)
		}
	}
	if in.Collection != 0 {
		collection, err = f.web.DB.Collection(ctx, actor, in.Collection)
	}
	return article, collection, err
}

// pack writes an archive of articles, under the rights that its person has by now.
func (f *Downloads) pack(ctx context.Context, run *jobs.Run, actor *models.Actor, of *models.Download, to io.Writer) error {
	held, err := f.archive(ctx, actor, of.Sieve(), to, func(done, total int) error { return run.Progress(ctx, done, max(total, 1)) })
	if errors.Is(err, models.ErrNotFound) {
		return jobs.Permanent(err) // what they named is gone meanwhile, or is theirs to read no more
	}
	if err != nil {
		return err
	}
	of.RowCount, of.Spaces, of.Collections = held.Articles, listOf(held.Spaces), listOf(held.Collections)
	return nil
}

func listOf(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(texts, ",")
}
