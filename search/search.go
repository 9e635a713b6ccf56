package search

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"ruche/models"
)

const (
	// weighed is how many hits are weighed by how often they have which word. A word common enough
	// to have more has them chosen by rank; those beyond follow by rank, so paging comes to every hit.
	weighed = 200
	// enough is how many hits with every word a search must have not to be widened.
	enough = 20
)

// Search finds what an actor may see.
func (x *Index) Search(ctx context.Context, q Query) (Results, error) {
	after, err := parsePosition(q.Cursor)
	if err != nil {
		return Results{}, err
	}
	p := newPlan(q.Text, x.langs)
	var page []found
	results, err := x.look(func(v *view, r *Results) (err error) {
		page, err = x.run(v, &q, p, after, r)
		return err
	})
	if err != nil {
		return Results{}, err
	}
	results.Hits, err = x.load(ctx, page, newMarker(p, x.langs), &q)
	return results, err
}

// look lets f read the index, and tells of an index that is not whole. One that turns out to be
// broken is put aside, and nothing is found until there is a new one.
func (x *Index) look(f func(v *view, r *Results) error) (Results, error) {
	for {
		store, whole := x.reading()
		r := Results{Rebuilding: !whole}
		if store == nil {
			return r, nil
		}
		err := store.read(func(v *view) error { return f(v, &r) })
		if store.searches.Add(1)%releaseEvery == 0 {
			store.release()
		}
		switch {
		case errors.Is(err, errClosed):
			if now, _ := x.reading(); now != store {
				continue // another index took its place just then
			}
			return Results{Rebuilding: true}, nil
		case x.suspect(store, err):
			return Results{Rebuilding: true}, nil
		}
		return r, err
	}
}

// run finds one page.
func (x *Index) run(v *view, q *Query, p plan, after *position, r *Results) ([]found, error) {
	filter, possible := v.filter(q)
	if !possible {
		return nil, nil
	}
	c := newCollector(v, filter, q.limit()+1)
	defer c.done()
	weigh := q.Sort != Newest && (after == nil || after.weighed())
	if c.newest = q.Sort == Newest; weigh {
		c.keep += weighed
	} else {
		c.after = after
	}
	if p.number > 0 {
		if err := c.addNumber(p.number); err != nil {
			return nil, err
		}
	}
	var top, others []found
	if c.total > 0 || len(p.langs) == 0 {
		_, others = c.split(0)
	} else {
		m, err := newMatcher(v, p)
		if err != nil {
			return nil, err
		}
		weights := m.weights()
		m.collect(c, weights)
		if !weigh {
			_, others = c.split(0)
		} else {
			top, others = c.split(weighed)
			if top, err = x.weigh(m, top, weights, q.Lang, after); err != nil {
				return nil, err
			}
		}
	}
	r.Total, r.Complete, r.Facets = c.total, c.complete, c.facets()
	limit := q.limit() + 1
	top = top[:min(len(top), limit)]
	return cutPage(slices.Concat(top, others[:min(len(others), limit-len(top))]), q.limit(), r), nil
}

// collect finds what has every word, and where that is little, what has most.
func (m *matcher) collect(c *collector, weights []langWeights) {
	for i := len(m.parts) - 1; i >= 0; i-- {
		c.addAll(i, m.parts[i].all, m.parts[i].titled)
	}
	c.complete = c.total
	if c.total >= enough {
		return
	}
	w := widen(weights)
	for i := range m.parts {
		c.addSome(i, m.some(i, weights, w))
	}
}

// weigh orders hits by their score and leaves out those up to a position.
func (x *Index) weigh(m *matcher, top []found, weights []langWeights, lang string, after *position) ([]found, error) {
	slices.SortFunc(top, func(a, b found) int { return cmp.Compare(a.place, b.place) })
	preferred := slices.IndexFunc(x.langs, func(l *language) bool { return l.code == lang })
	for i := 0; i < len(top); {
		j := i
		var docs []uint32
		for ; j < len(top) && top[j].part() == top[i].part(); j++ {
			docs = append(docs, top[j].doc())
		}
		scores, err := m.score(top[i].part(), docs, weights, preferred)
		if err != nil {
			return nil, err
		}
		for k, s := range scores {
			top[i+k].score = s
		}
		i = j
	}
	slices.SortFunc(top, byScore)
	if after == nil {
		return top, nil
	}
	last := after.found()
	seen, _ := slices.BinarySearchFunc(top, last, byScore)
	for seen < len(top) && byScore(top[seen], last) <= 0 {
		seen++
	}
	return top[seen:], nil
}

// cutPage ends a page and says where the next begins.
func cutPage(page []found, limit int, r *Results) []found {
	if len(page) <= limit {
		return page
	}
	last := page[limit-1]
	r.Next = position{score: last.score, rank: last.rank, ref: last.ref}.String()
	return page[:limit]
}

// load reads the records of a page from the database and drops those that are gone, or no longer
// where the actor may see them, or what they ask for: the index may be a moment behind.
func (x *Index) load(ctx context.Context, page []found, m *marker, q *Query) ([]Hit, error) {
	ids := make([][]int64, len(types))
	for _, f := range page {
		kind, id := f.record()
		ids[kind] = append(ids[kind], id)
	}
	records := make(map[uint64]*models.SearchRecord, len(page))
	for kind, ids := range ids {
		if len(ids) == 0 {
			continue
		}
		list, err := x.source.SearchRecords(ctx, types[kind], ids)
		if err != nil {
			return nil, err
		}
		for i := range list {
			if slices.Contains(q.Spaces, list[i].SpaceID) && q.holds(&list[i]) {
				records[reference(kind, list[i].ID)] = &list[i]
			}
		}
	}
	hits := make([]Hit, 0, len(page))
	for _, f := range page {
		r := records[f.ref]
		if r == nil {
			continue
		}
		h := Hit{Record: *r, Title: Fragment{Text: r.Title}, Excerpt: m.excerpt(r.Lang, r.Text), Score: f.score}
		if hasTitle(r.Type) {
			h.Title = m.whole(r.Lang, r.Title)
		}
		hits = append(hits, h)
	}
	return hits, nil
}
