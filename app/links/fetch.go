package links

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"ruche/app/jobs"
	"ruche/app/outside"
	"ruche/models"
)

// fetchJob asks for the pages that are due. It is given nothing, so that it names nobody.
const fetchJob = "fetch links"

// How pages are asked for.
const (
	round      = 10 * time.Minute // how often is looked for pages that are due, and for those that no text shows any more
	together   = 4                // pages at once
	batch      = 12               // pages of one job, which ends within its minute
	claimed    = 5 * time.Minute  // after which a page is due again whose job came to no end
	fresh      = 30 * 24 * time.Hour
	sweepBatch = 100

	maxPage    = 512 << 10
	maxPicture = 5 << 20
)

// waits are how long to wait after each try in vain. After the last one, a page is as one that is not there.
var waits = []time.Duration{5 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}

// fetchDue is the job.
func (f *Links) fetchDue(ctx context.Context, _ *jobs.Run) (func(*models.Tx) error, error) {
	if !f.web.LinkPreviews {
		return nil, nil
	}
	var links []models.Link
	err := f.web.DB.Tx(ctx, nil, func(tx *models.Tx) (err error) {
		links, err = tx.ClaimLinks(batch, claimed)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim links: %w", err)
	}
	if err := f.fetchAll(ctx, links); err != nil {
		return nil, err
	}
	return func(tx *models.Tx) error {
		for i := range links {
			if err := tx.KeepLink(&links[i]); err != nil {
				return err
			}
		}
		if due, err := tx.LinksDue(); err != nil || !due {
			return err
		}
		return f.ask(tx)
	}, nil
}

func (f *Links) fetchAll(ctx context.Context, links []models.Link) error {
	var working sync.WaitGroup
	free, errs := make(chan struct{}, together), make([]error, len(links))
	for i := range links {
		free <- struct{}{}
		working.Go(func() {
			defer func() { <-free }()
			errs[i] = f.fetch(ctx, &links[i])
		})
	}
	working.Wait()
	return errors.Join(errs...)
}

// fetch asks for one page and notes what came of it. The error is one of our own house, such as a full store.
func (f *Links) fetch(ctx context.Context, link *models.Link) error {
	now := f.web.DB.Now()
	answer, err := f.outside.Get(ctx, outside.Wish{Address: link.URL, Kinds: []string{"text/html", "application/xhtml+xml"}, Most: maxPage, Begin: true})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		failed(link, now, outside.Lasting(err))
		return nil
	}
	page := read(answer)
	*link = models.Link{ID: link.ID, URL: link.URL, State: models.LinkEmpty, FetchedAt: &now, DueAt: now.Add(fresh)}
	if page.title == "" {
		return nil
	}
	link.State, link.Title, link.Description, link.Site, link.Lang = models.LinkReady, page.title, page.description, page.site, page.lang
	return f.fetchPicture(ctx, link, page.picture)
}

// failed notes a try in vain. What was known of a page stays as long as it may only be away for a while.
func failed(link *models.Link, now time.Time, lasting bool) {
	link.Tries++
	if !lasting && link.Tries <= len(waits) {
		link.DueAt = now.Add(waits[link.Tries-1])
		return
	}
	*link = models.Link{ID: link.ID, URL: link.URL, State: models.LinkFailed, FetchedAt: &now, DueAt: now.Add(fresh)}
}

// fetchPicture adds the picture of a page. A card without one is a card too.
func (f *Links) fetchPicture(ctx context.Context, link *models.Link, address string) error {
	if address == "" {
		return nil
	}
	answer, err := f.outside.Get(ctx, outside.Wish{Address: address, Most: maxPicture, Kinds: []string{"image/jpeg", "image/png", "image/gif", "image/webp"}})
	if err != nil {
		return ctx.Err()
	}
	kept, err := f.files.KeepThumbnail(ctx, link.PictureKey(), answer.Body)
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("keep the picture of link %d: %w", link.ID, err)
	}
	link.PictureType, link.PictureWidth, link.PictureHeight = kept.ContentType, kept.Width, kept.Height
	return nil
}

// lookAfter comes round: it has the pages asked for that are due, and lets those go that no text has shown since they were asked for.
func (f *Links) lookAfter(ctx context.Context, _ *jobs.Run) (func(*models.Tx) error, error) {
	var gone []models.Link
	err := f.web.DB.Tx(ctx, nil, func(tx *models.Tx) (err error) {
		gone, err = tx.UnshownLinks(sweepBatch)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for links that nothing shows: %w", err)
	}
	ids := make([]int64, len(gone))
	for i := range gone {
		ids[i] = gone[i].ID
		if err := f.files.Forget(ctx, gone[i].PictureKey()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("forget the picture of link %d: %w", gone[i].ID, err)
		}
	}
	return func(tx *models.Tx) error {
		if err := tx.DropLinks(ids); err != nil {
			return err
		}
		if due, err := tx.LinksDue(); err != nil || !due {
			return err
		}
		return f.ask(tx)
	}, nil
}
