package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"html"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// The machine's limits: what a page costs that does nothing, asks the database for one row, or lists
// thirty by an index, without session, policy, layout and compression.
var limitPaths = []struct{ name, path string }{
	{"limit: plain text", "/plain"},
	{"limit: one row by its key", "/point"},
	{"limit: 30 indexed rows as HTML", "/list"},
}

// limits measures them in a process of its own.
func (b *bench) limits(ctx context.Context, database, address string, base int) (err error) {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	started, err := startServer(ctx, "/point", filepath.Join(b.work, "limits.log"), []string{self, "limits", address}, "BENCH_ADDR=$ADDR")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, started.stop()) }()
	s := &subject{server: started, database: database, base: base}
	for _, limit := range limitPaths {
		sc := scenario{name: limit.name, next: func(int, int) request {
			return request{method: http.MethodGet, path: limit.path, header: http.Header{}, want: http.StatusOK}
		}}
		for _, n := range connections {
			g := newGenerator(s.url, n)
			f, err := s.measure(ctx, g, &sc, b.window)
			g.close()
			if err != nil {
				return err
			}
			b.report.limits = append(b.report.limits, f)
			say("%s", f.line())
		}
	}
	return nil
}

// serveLimits is the other process.
func serveLimits(address string) error {
	driver, source := "pgx", address
	if path, ok := strings.CutPrefix(address, "sqlite://"); ok {
		driver, source = "sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=query_only(1)"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(16)
	first, second := "?", "?"
	if driver == "pgx" {
		first, second = "$1", "$1"
	}
	ctx := context.Background()
	point, err := db.PrepareContext(ctx, "SELECT title FROM ideas WHERE id = "+first)
	if err != nil {
		return err
	}
	list, err := db.PrepareContext(ctx, `SELECT i.id, i.title, i.summary, i.support_count, i.comment_count, u.name FROM ideas i JOIN users u ON u.id = i.author_id
		WHERE i.space_id = `+second+` AND i.state = 'published' ORDER BY i.published_at DESC, i.id DESC LIMIT 30`)
	if err != nil {
		return err
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.GET("/plain", func(c echo.Context) error { return c.String(http.StatusOK, "ok") })
	e.GET("/metrics", func(c echo.Context) error { return c.NoContent(http.StatusOK) })
	e.GET("/point", func(c echo.Context) error {
		var title string
		if err := point.QueryRowContext(c.Request().Context(), 1+rand.IntN(1000)).Scan(&title); err != nil {
			return err
		}
		return c.String(http.StatusOK, title)
	})
	e.GET("/list", func(c echo.Context) error { return listLimit(c, list) })
	server := &http.Server{Addr: os.Getenv("BENCH_ADDR"), Handler: e, ReadHeaderTimeout: 10 * time.Second}
	return server.ListenAndServe()
}

func listLimit(c echo.Context, list *sql.Stmt) error {
	rows, err := list.QueryContext(c.Request().Context(), 1)
	if err != nil {
		return err
	}
	defer rows.Close()
	page := &strings.Builder{}
	for rows.Next() {
		var id int64
		var supports, comments int
		var title, summary, author string
		if err := rows.Scan(&id, &title, &summary, &supports, &comments, &author); err != nil {
			return err
		}
		fmt.Fprintf(page, "<li><a href=\"/ideas/%d\">%s</a><p>%s</p><p>%s, %d, %d</p></li>\n", id, html.EscapeString(title), html.EscapeString(summary), html.EscapeString(author), supports, comments)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return c.HTML(http.StatusOK, "<ol>"+page.String()+"</ol>")
}
