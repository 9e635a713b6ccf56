package models_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"ruche/models"
)

// bounded fails the test where a read costs more than what it shows.
func (b *town) bounded(what string, read func() error) {
	b.t.Helper()
	var statements []string
	b.Watch(func(statement string) { statements = append(statements, statement) })
	defer b.Watch(func(string) {})
	if err := read(); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
	for _, statement := range slices.Clone(statements) {
		plan, err := b.Plan(b.t.Context(), statement)
		if err != nil {
			b.t.Fatalf("%s: %v\n%s", what, err, statement)
		}
		if step := b.costly(plan); step != "" {
			b.t.Errorf("%s: %s\n%s\n%s", what, step, statement, plan)
		}
	}
}

// library is a town in which much is written down: each space has collections, and each of those a tree four levels deep.
type library struct {
	*town
	collections []*models.Collection
	articles    []*models.Article
}

const libraryArticles = 1600

func buildLibrary(t *testing.T) *library {
	t.Helper()
	b := &library{town: build(t)}
	b.tx(nil, func(tx *models.Tx) error {
		for n := range 60 {
			c := &models.Collection{SpaceID: b.spaces[n%len(b.spaces)].ID, Title: "Collection " + strconv.Itoa(n)}
			if err := tx.CreateCollection(c); err != nil {
				return err
			}
			b.collections = append(b.collections, c)
		}
		return nil
	})
	for first := 0; first < libraryArticles; first += 200 {
		b.tx(b.usual, func(tx *models.Tx) error {
			for n := first; n < first+200; n++ {
				if err := b.write(tx, n); err != nil {
					return err
				}
			}
			return nil
		})
	}
	b.refer()
	b.tx(b.usual, func(tx *models.Tx) error {
		for i, a := range b.articles[:models.MaxStars/2] {
			if err := tx.StarArticle(a.ID); err != nil {
				return err
			}
			if i < 40 {
				if err := tx.ReadArticle(a.ID); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err := b.Analyze(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

// refer lets every article and many posts lead to the first one, to one beside them and to nothing.
func (b *library) refer() {
	b.t.Helper()
	var texts []models.LinkedText
	for i, a := range b.articles {
		leads := []models.TextLink{{Target: models.TargetArticle, ID: b.articles[0].ID}, {Target: models.TargetArticle, ID: b.articles[i/2].ID}, {Target: models.TargetIdea, ID: int64(900_000 + i)}}
		if i < 2 {
			leads = leads[1:]
		}
		texts = append(texts, models.LinkedText{ArticleID: a.ID, Leads: leads}, models.LinkedText{PostID: int64(i + 1), Leads: leads[:1]})
	}
	for some := range slices.Chunk(texts, 100) {
		b.tx(nil, func(tx *models.Tx) error { return tx.Refer(some) })
	}
}

// write writes the nth article: half of all stand in the first collection.
func (b *library) write(tx *models.Tx, n int) error {
	in := b.collections[0]
	if n%2 == 1 {
		in = b.collections[n/2%len(b.collections)]
	}
	a := &models.Article{AuthorID: b.people[n%40].ID, Title: "Article " + strconv.Itoa(n), Body: "Words.", HTML: "Words.", Tags: models.Tags{"common"}}
	if n%400 == 0 {
		a.Tags = models.Tags{"common", "rare"}
	}
	for i := len(b.articles) - 1; i >= 0 && i > len(b.articles)-80 && n%3 != 0; i-- {
		if above := b.articles[i]; above.CollectionID == in.ID && above.State == models.Published && (above.ParentID == nil || n%4 == 0) && n%7 != 0 {
			a.ParentID = &above.ID
			break
		}
	}
	if in.SpaceID != b.usual.Spaces[0].ID && b.usual.Access(in.SpaceID) == nil {
		a.ParentID = nil // whoever writes here sees no article to write under
	}
	if err := tx.CreateArticle(in, a, ""); err != nil {
		return err
	}
	for i := range n % 3 {
		post := &models.Post{AuthorID: b.people[(n+i)%40].ID, Body: "a word", HTML: "a word"}
		if err := tx.CreatePost(models.Place{Article: a}, post); err != nil {
			return err
		}
		a.Body += " More."
		if err := tx.EditArticle(a, a.Version, tx.Actor().ID, "More"); err != nil {
			return err
		}
	}
	b.articles = append(b.articles, a)
	return nil
}

func TestWhatIsWrittenDownIsReadInBoundedSteps(t *testing.T) {
	b := buildLibrary(t)
	ctx := t.Context()
	for name, actor := range map[string]*models.Actor{"usual": b.usual, "narrow": b.narrow, "idle": b.idle} {
		b.bounded(name+" collections", func() error {
			_, next, err := b.Collections(ctx, actor, 0, nil, 20)
			if err == nil && next != nil {
				_, _, err = b.Collections(ctx, actor, 0, next, 20)
			}
			return err
		})
		b.bounded(name+" latest", func() error { _, err := b.LatestArticles(ctx, actor, 0, 8); return err })
		b.bounded(name+" latest of a space", func() error { _, err := b.LatestArticles(ctx, actor, b.spaces[0].ID, 8); return err })
		b.bounded(name+" list", func() error {
			_, next, err := b.Articles(ctx, actor, models.ArticleQuery{Limit: 20})
			if err == nil && next != nil {
				_, _, err = b.Articles(ctx, actor, models.ArticleQuery{After: next, Limit: 20})
			}
			return err
		})
		b.bounded(name+" list of a space", func() error {
			_, _, err := b.Articles(ctx, actor, models.ArticleQuery{SpaceID: b.spaces[0].ID, Limit: 20})
			return err
		})
		for _, tag := range []string{"common", "rare"} {
			b.bounded(name+" list of the tag "+tag, func() error {
				_, next, err := b.Articles(ctx, actor, models.ArticleQuery{Tags: []string{tag, "none"}, Limit: 5})
				if err == nil && next != nil {
					_, _, err = b.Articles(ctx, actor, models.ArticleQuery{Tags: []string{tag}, After: next, Limit: 5})
				}
				return err
			})
		}
		for _, trust := range models.TrustFilters() {
			b.bounded(name+" list of what is "+string(trust), func() error {
				_, _, err := b.Articles(ctx, actor, models.ArticleQuery{Trust: trust, Limit: 20})
				return err
			})
		}
		b.bounded(name+" list of an owner", func() error {
			_, _, err := b.Articles(ctx, actor, models.ArticleQuery{OwnerID: b.usual.ID, Limit: 20})
			return err
		})
		b.bounded(name+" list of a label", func() error {
			_, _, err := b.Articles(ctx, actor, models.ArticleQuery{Label: models.ForCompany, Limit: 20})
			return err
		})
		b.bounded(name+" list of a collection", func() error {
			_, next, err := b.Articles(ctx, actor, models.ArticleQuery{Collection: b.collections[0], Limit: 20})
			if err == nil && next != nil {
				_, _, err = b.Articles(ctx, actor, models.ArticleQuery{Collection: b.collections[0], After: next, Limit: 20})
			}
			return err
		})
	}
	deep := slices.MaxFunc(b.articles, func(x, y *models.Article) int { return len(b.above(x)) - len(b.above(y)) })
	if len(b.above(deep)) < 2 {
		t.Fatal("the trees are flat")
	}
	talked, last := b.discussed()
	start := &models.PostKey{At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	for what, read := range map[string]func() error{
		"page":  func() error { _, err := b.ArticleDetail(ctx, b.usual, deep.ID); return err },
		"above": func() error { _, err := b.ArticlesAbove(ctx, deep); return err },
		"tree":  func() error { _, err := b.ArticleTree(ctx, deep, b.above(deep)); return err },
		"level": func() error {
			top, err := b.ArticlesUnder(ctx, deep.CollectionID, 0, nil, 50)
			if err == nil {
				_, err = b.ArticlesUnder(ctx, deep.CollectionID, 0, &top[len(top)-1], 50)
			}
			return err
		},
		"under":    func() error { _, err := b.ArticlesUnder(ctx, deep.CollectionID, *deep.ParentID, nil, 50); return err },
		"beside":   func() error { _, _, err := b.ArticlesBeside(ctx, deep); return err },
		"versions": func() error { _, err := b.ArticleVersions(ctx, deep.ID, 0, 30); return err },
		"version":  func() error { _, err := b.ArticleVersion(ctx, deep.ID, 1); return err },
		"posts": func() error {
			_, next, err := b.ArticlePosts(ctx, talked, start, 50)
			if err == nil && next != nil {
				_, _, err = b.ArticlePosts(ctx, talked, next, 50)
			}
			return err
		},
		"page of a post": func() error { _, err := b.PostPage(ctx, last, 50); return err },
		"posts to find":  func() error { _, err := b.ArticlePostIDs(ctx, []int64{deep.ID, talked.ID}); return err },
		"to find again":  func() error { _, err := b.CollectionArticleIDs(ctx, deep.CollectionID); return err },
		"found":          func() error { _, err := b.SearchRecords(ctx, "comment", []int64{1, 2, 3}); return err },
		"followed":       func() error { _, err := b.Followings(ctx, b.usual, models.FollowedArticle, 0, 30); return err },
		"notices":        func() error { _, err := b.Notices(ctx, b.usual, 0, 30); return err },
		"unread":         func() error { _, err := b.Unread(ctx, b.usual); return err },
		"home":           func() error { _, err := b.Activity(ctx, b.usual, 6); return err },
		"appreciated":    func() error { _, err := b.Appreciated(ctx, b.usual, b.Now().Add(-time.Hour), b.Now()); return err },
		"cards": func() error {
			_, err := b.LinkCards(ctx, b.usual, models.Texts{Articles: []int64{deep.ID}, Posts: []int64{1, 2}}, true)
			return err
		},
		"linked from": func() error {
			cards, err := b.LinkedFrom(ctx, b.usual, b.articles[0].ID, 0, 20)
			if err == nil {
				_, err = b.LinkedFrom(ctx, b.narrow, b.articles[0].ID, cards[len(cards)-1].ID, 20)
			}
			return err
		},
		"kept": func() error {
			kept, err := b.StarredArticles(ctx, b.usual, nil, 20)
			if err == nil && len(kept) > 0 {
				_, err = b.StarredArticles(ctx, b.usual, &kept[len(kept)-1], 20)
			}
			if err == nil {
				_, err = b.ArticlesRead(ctx, b.usual, 30)
			}
			if err == nil {
				_, err = b.ArticleReading(ctx, b.usual, deep.ID)
			}
			return err
		},
		"noted for oneself": func() error {
			return b.Tx(ctx, b.usual, func(tx *models.Tx) error {
				if err := tx.ReadArticle(deep.ID); err != nil {
					return err
				}
				return tx.StarArticle(deep.ID)
			})
		},
		"site map": func() error {
			_, err := b.MappedArticles(ctx, b.usual, 0, models.MapWindow, 100)
			if err == nil {
				_, err = b.MappedCollections(ctx, b.usual, 0, 100)
			}
			return err
		},
		"to nothing": func() error {
			links, err := b.DeadLinks(ctx, b.usual, b.spaces[0].ID, nil, 20)
			if err == nil {
				_, err = b.DeadLinks(ctx, b.usual, b.spaces[0].ID, &links[len(links)-1], 20)
			}
			return err
		},
		"space with dues": func() error { _, err := b.DueSpace(ctx, b.usual); return err },
		"from nothing":    func() error { _, err := b.Unlinked(ctx, b.usual, b.spaces[0].ID, 0, 20); return err },
		"noted": func() error {
			return b.Tx(ctx, nil, func(tx *models.Tx) error {
				if err := tx.Refer([]models.LinkedText{{ArticleID: deep.ID, Leads: []models.TextLink{{Target: models.TargetPost, ID: 1}}}}); err != nil {
					return err
				}
				for _, kind := range []models.Target{models.TargetIdea, models.TargetThread, models.TargetArticle, models.TargetPost} {
					if err := tx.ReferencesGone(kind, []int64{deep.ID}); err != nil {
						return err
					}
				}
				return nil
			})
		},
		"withdrawn": func() error {
			_, err := b.Trash(ctx, b.usual, models.TrashQuery{SpaceID: b.collections[0].SpaceID, Limit: 30})
			return err
		},
		"taken out": func() error {
			tops, err := b.ArticlesUnderThese(ctx, b.usual, deep.CollectionID, nil, 500)
			if err != nil {
				return err
			}
			ids := make([]int64, len(tops))
			for i := range tops {
				ids[i] = tops[i].ID
			}
			if _, err := b.ArticlesUnderThese(ctx, b.usual, deep.CollectionID, ids[:min(len(ids), 50)], 500); err != nil {
				return err
			}
			_, err = b.ExportedArticles(ctx, b.usual, ids[:min(len(ids), 50)])
			return err
		},
	} {
		b.bounded(what, read)
	}
}

// discussed is an article about which much is said, and the last of that.
func (b *library) discussed() (article *models.Article, last *models.Post) {
	b.t.Helper()
	article = b.articles[0]
	b.tx(b.usual, func(tx *models.Tx) error {
		for n := range 160 {
			last = &models.Post{AuthorID: b.people[n%40].ID, Body: "a word", HTML: "a word"}
			if err := tx.CreatePost(models.Place{Article: article}, last); err != nil {
				return err
			}
		}
		return nil
	})
	if err := b.Analyze(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	return article, last
}

// Who is told of what is said about an article is found along the indexes of those who follow.
func TestWhoHearsOfAnArticleIsFoundInBoundedSteps(t *testing.T) {
	b := buildLibrary(t)
	article := b.articles[0]
	scene := models.Scene{SpaceID: article.SpaceID, Tags: models.Tags{"common"}, AuthorID: b.people[3].ID, ArticleID: article.ID}
	notice := models.Notice{ActorID: b.people[3].ID, ArticleID: article.ID, Kind: models.NoticeComment, CreatedAt: b.Now()}
	people := []int64{b.people[5].ID, b.people[6].ID}
	for what, do := range map[string]func(*models.Tx) error{
		"post":    func(tx *models.Tx) error { return tx.NotifyPost(notice, scene, people) },
		"version": func(tx *models.Tx) error { return tx.NotifyVersion(notice, scene, people) },
		"mention": func(tx *models.Tx) error { _, err := tx.Hearing(scene, people); return err },
	} {
		b.bounded(what, func() error { return b.Tx(t.Context(), nil, do) })
	}
}

func (b *library) above(a *models.Article) []models.ArticleNode {
	b.t.Helper()
	above, err := b.ArticlesAbove(b.t.Context(), a)
	if err != nil {
		b.t.Fatal(err)
	}
	return above
}

// Counts, levels and the order of siblings hold whatever is moved, withdrawn and brought back.
func TestATreeHoldsThroughEveryChange(t *testing.T) {
	b := buildLibrary(t)
	ctx := t.Context()
	for n := range 120 {
		a := b.articles[n*37%len(b.articles)]
		b.tx(b.usual, func(tx *models.Tx) error {
			article, err := tx.LockArticle(a.ID)
			if err != nil {
				return nil // whoever changes it does not see it
			}
			from, err := tx.LockCollection(article.CollectionID)
			if err != nil {
				return err
			}
			switch {
			case article.State == models.Withdrawn && *article.WithdrawnWith == article.ID:
				_, err = tx.RestoreArticle(from, article)
			case article.State == models.Withdrawn:
			case n%3 == 0:
				_, err = tx.WithdrawArticle(article)
			default:
				to := b.collections[n%5]
				if b.usual.Access(to.SpaceID) == nil {
					return nil
				}
				if to, err = tx.LockCollection(to.ID); err == nil {
					_, err = tx.MoveArticle(article, to, models.ArticlePlace{Collection: to.ID, Last: n%2 == 0})
				}
			}
			return err
		})
	}
	for _, c := range b.collections {
		if b.usual.Access(c.SpaceID) == nil {
			continue
		}
		now, err := b.Collection(ctx, b.usual, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.count(c, 0, 1); got != now.ArticleCount {
			t.Errorf("%s has %d articles in its tree and says %d", c.Title, got, now.ArticleCount)
		}
	}
}

// count walks the tree of a collection, page by page.
func (b *library) count(c *models.Collection, parent int64, level int) (n int) {
	b.t.Helper()
	if level > models.MostLevels {
		b.t.Fatalf("%s is deeper than it may be", c.Title)
	}
	var after *models.ArticleNode
	for {
		page, err := b.ArticlesUnder(b.t.Context(), c.ID, parent, after, 40)
		if err != nil {
			b.t.Fatal(err)
		}
		for i := range page {
			node := &page[i]
			if after != nil && (node.Position < after.Position || node.Position == after.Position && node.ID <= after.ID) {
				b.t.Fatalf("%s comes again", node.Title)
			}
			under := b.count(c, node.ID, level+1)
			if node.Parent != (under > 0) {
				b.t.Errorf("%s is a parent: %v, of %d", node.Title, node.Parent, under)
			}
			n, after = n+1+under, node
		}
		if len(page) < 40 {
			return n
		}
	}
}
