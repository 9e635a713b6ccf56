package app

import (
	"context"
	"math"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// health adds what machines ask: /livez (the process answers), /readyz (so do the database and the
// index) and /metrics.
func (a *App) health(e *echo.Echo) {
	e.GET("/livez", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.GET("/readyz", a.ready)

	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	registry.MustRegister(
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "ruche_sql_statements_total", Help: "SQL statements run."}, func() float64 { return float64(a.DB.Statements()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ruche_search_documents", Help: "Documents in the search index."}, func() float64 { return float64(a.Index.Status().Docs) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ruche_search_cursor", Help: "Last event that the search index has dealt with."}, func() float64 { return float64(a.Index.Status().Cursor) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ruche_jobs_overdue", Help: "Jobs, mail among them, that are due for more than a minute."}, a.overdue),
	)
	requests := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "ruche_http_request_duration_seconds", Help: "Time to answer, by route and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"method", "route", "status"})
	registry.MustRegister(requests)
	e.Use(measure(requests))
	e.GET("/metrics", echo.WrapHandler(promhttp.HandlerFor(registry, promhttp.HandlerOpts{})), a.metricsGuard)
}

// overdue counts the jobs that nobody gets to; NaN while the database does not answer.
func (a *App) overdue() float64 {
	//check:allow context the collector has none; a scrape of the figures ends by itself
	ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
	defer cancel()
	n, err := a.DB.OverdueJobs(ctx, a.DB.Now().Add(-time.Minute))
	if err != nil {
		return math.NaN()
	}
	return float64(n)
}

func measure(requests *prometheus.HistogramVec) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := time.Now()
			err := next(c)
			if err != nil {
				c.Error(err)
			}
			if c.Path() != "/live" { // its duration is how long a page stayed open
				requests.WithLabelValues(method(c), c.Path(), strconv.Itoa(c.Response().Status)).Observe(time.Since(start).Seconds())
			}
			return nil
		}
	}
}

// method is a request's, as long as it is one of those that there are: each other one would be a series of its own.
func method(c echo.Context) string {
	switch name := c.Request().Method; name {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return name
	}
	return "other"
}

// metricsGuard lets in whoever has the token, and processes on the same machine that do not come
// through a proxy: the figures are nobody else's business.
func (a *App) metricsGuard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		request := c.Request()
		if a.Config.MetricsToken != "" && request.Header.Get(echo.HeaderAuthorization) == "Bearer "+a.Config.MetricsToken {
			return next(c)
		}
		host, _, err := net.SplitHostPort(request.RemoteAddr)
		proxied := request.Header.Get(echo.HeaderXForwardedFor) != "" || request.Header.Get("Forwarded") != "" || request.Header.Get(echo.HeaderXRealIP) != ""
		if address := net.ParseIP(host); err != nil || address == nil || !address.IsLoopback() || proxied {
			return echo.NewHTTPError(http.StatusNotFound)
		}
		return next(c)
	}
}

// readyTimeout is how long the database may take to say that it is there.
const readyTimeout = 2 * time.Second

func (a *App) ready(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyTimeout)
	defer cancel()
	if err := a.DB.Ping(ctx); err != nil {
		return c.String(http.StatusServiceUnavailable, "database: not answering\n")
	}
	status := a.Index.Status()
	if !status.Ready {
		return c.String(http.StatusServiceUnavailable, "search index: being rebuilt\n")
	}
	return c.String(http.StatusOK, "ok\n")
}
