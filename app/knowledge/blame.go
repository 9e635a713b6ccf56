package knowledge

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"ruche/app/text"
	"ruche/models"
)

// Of looking for where the blocks of an article are from: how many versions one reading of it looks at, and how many texts it has in its
// hands at a time.
const (
	lookedAtOnce = 250
	textsAtOnce  = 20
)

// blamed is a block of an article with the version that it is from.
type blamed struct {
	text.Block
	version int // 0 where it is older than what has been looked at
}

// blame finds from which version each block of the text of an article is, and how far back it has looked for that. It walks back version by
// version with text.Kept until every block has been found, at most lookedAtOnce of them, and keeps what it has found: the next reading goes
// on from there, forward over what has been saved since and back over what is left. So the first readings of an article of n versions
// cost min(n, lookedAtOnce) comparisons each, until all n are looked at, and every one after that none: it reads one row and the text.
func (f *Knowledge) blame(ctx context.Context, article *models.Article) (found []blamed, lookedTo int, err error) {
	known, err := f.db.ArticleBlame(ctx, article.ID)
	if err != nil {
		return nil, 0, err
	}
	now := text.Blocks(article.Body)
	w := walk{left: lookedAtOnce, texts: func(number int, newer bool, limit int) ([]models.ArticleText, error) {
		return f.db.ArticleTexts(ctx, article.ID, number, newer, limit)
	}}
	anew := known == nil || article.Version-known.Number > lookedAtOnce || w.resume(known) != nil
	if anew {
		w.begin(article.Version, len(now))
	}
	moved, err := w.on(article.Version, len(now))
	if errors.Is(err, models.ErrNotFound) && !anew { // versions that it goes by are not kept any more
		anew = true
		w.begin(article.Version, len(now))
		moved, err = w.on(article.Version, len(now))
	}
	if err != nil {
		return nil, 0, err
	}
	if anew || moved {
		kept := &models.ArticleBlame{ArticleID: article.ID, Number: article.Version, LookedTo: w.lookedTo}
		kept.SetOrigins(w.origins)
		if err := f.db.Tx(ctx, nil, func(tx *models.Tx) error { return tx.KeepArticleBlame(kept, anew && known != nil) }); err != nil {
			return nil, 0, err
		}
	}
	found = make([]blamed, len(now))
	for i := range now {
		found[i] = blamed{now[i], max(w.origins[i], 0)}
	}
	return found, w.lookedTo, nil
}

// A walk goes through the versions of an article. Its origins are those of models.ArticleBlame.
type walk struct {
	texts    func(number int, newer bool, limit int) ([]models.ArticleText, error) // models.ArticleTexts
	number   int
	lookedTo int
	origins  []int
	left     int // how many versions may still be looked at
}

// begin knows nothing yet of a text of some blocks.
func (w *walk) begin(number, blocks int) {
	w.number, w.lookedTo, w.origins = number, number, make([]int, blocks)
	for i := range w.origins {
		w.origins[i] = -1 - i
	}
}

// resume goes on from what is known.
func (w *walk) resume(known *models.ArticleBlame) (err error) {
	w.number, w.lookedTo = known.Number, known.LookedTo
	w.origins, err = known.Origins()
	return err
}

// on goes forward to a version, whose text has some blocks, and back as far as may be.
func (w *walk) on(to, blocks int) (moved bool, err error) {
	if moved, err = w.forward(to); err != nil {
		return moved, err
	}
	if len(w.origins) != blocks { // kept by a program that took texts apart in another way
		w.begin(to, blocks)
	}
	back, err := w.back()
	return moved || back, err
}

// forward goes to a version: what is new in one on the way is from there.
func (w *walk) forward(to int) (moved bool, err error) {
	for w.number < to {
		texts, err := w.texts(w.number, true, textsAtOnce+1)
		if err != nil {
			return moved, err
		}
		if len(texts) == 1 {
			return moved, fmt.Errorf("version %d, which the article is said to have: %w", to, models.ErrNotFound)
		}
		before := text.Blocks(texts[0].Body)
		for _, next := range texts[1:] {
			if next.Number > to {
				break // saved since
			}
			now := text.Blocks(next.Body)
			origins := make([]int, len(now))
			for i, place := range text.Kept(before, now) {
				origins[i] = next.Number
				if place >= 0 && place < len(w.origins) {
					origins[i] = w.origins[place]
				}
			}
			w.number, w.origins, before = next.Number, origins, now
			w.left--
		}
		moved = true
	}
	return moved, nil
}

// back looks at older versions as long as a block may be from one, or until enough have been looked at.
func (w *walk) back() (moved bool, err error) {
	for w.lookedTo > 1 && w.left > 0 && w.open() {
		texts, err := w.texts(w.lookedTo, false, min(textsAtOnce, w.left)+1)
		if err != nil {
			return moved, err
		}
		if len(texts) == 1 {
			return moved, fmt.Errorf("the versions before %d: %w", w.lookedTo, models.ErrNotFound)
		}
		now := text.Blocks(texts[0].Body)
		for _, older := range texts[1:] {
			before := text.Blocks(older.Body)
			w.step(text.Kept(before, now), older.Number)
			now = before
			w.left--
		}
		moved = true
	}
	if w.lookedTo > 1 && w.open() {
		return moved, nil
	}
	for i, origin := range w.origins {
		if origin < 0 {
			w.origins[i] = 1
			moved = true
		}
	}
	moved = moved || w.lookedTo > 1
	w.lookedTo = 1
	return moved, nil
}

// step goes back to an older version: what was not there is from where the walk stands.
func (w *walk) step(kept []int, older int) {
	for i, origin := range w.origins {
		if origin >= 0 {
			continue
		}
		w.origins[i] = w.lookedTo
		if place := -1 - origin; place < len(kept) && kept[place] >= 0 {
			w.origins[i] = -1 - kept[place]
		}
	}
	w.lookedTo = older
}

// open tells whether a block has not been found yet.
func (w *walk) open() bool {
	return slices.ContainsFunc(w.origins, func(origin int) bool { return origin < 0 })
}
