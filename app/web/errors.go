package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/models"
	"ruche/views/errorpages"
	"ruche/views/i18n"
	"ruche/views/layout"
)

// ErrNoToken says that a request came with a bearer token that is none, or serves no more.
var ErrNoToken = errors.New("no such token")

// Failure is an error as a person or program is told of it.
type Failure struct {
	Status int
	Key    string            // the catalogue has Key+".title" and Key+".text"
	Fields map[string]string // field to key, for 422
	// Agreement is the slug of the space whose agreement has to be accepted first; else empty.
	Agreement string
}

// retryAfter is how many seconds a client should wait when the service cannot answer now.
const retryAfter = "5"

// FailureOf is the one place where errors become statuses.
func FailureOf(err error) Failure {
	var invalid models.Invalid
	var http4 *echo.HTTPError
	var unaccepted *models.Unaccepted
	var notNow *models.NotNow
	switch {
	case errors.As(err, &notNow):
		return Failure{Status: http.StatusConflict, Key: "errors.not_now"}
	case errors.As(err, &invalid):
		return Failure{Status: http.StatusUnprocessableEntity, Key: "errors.invalid", Fields: invalid}
	case errors.Is(err, models.ErrNotFound):
		return Failure{Status: http.StatusNotFound, Key: "errors.not_found"}
	case errors.Is(err, models.ErrArchived):
		return Failure{Status: http.StatusForbidden, Key: "errors.archived"}
	case errors.Is(err, models.ErrViewing):
		return Failure{Status: http.StatusForbidden, Key: viewingKey}
	case errors.As(err, &unaccepted):
		return Failure{Status: http.StatusForbidden, Key: "errors.unaccepted", Agreement: unaccepted.Slug}
	case errors.Is(err, models.ErrForbidden):
		return Failure{Status: http.StatusForbidden, Key: "errors.forbidden"}
	case errors.Is(err, models.ErrConflict):
		return Failure{Status: http.StatusConflict, Key: "errors.conflict"}
	case errors.Is(err, ErrNoToken):
		return Failure{Status: http.StatusUnauthorized, Key: "errors.unauthorized"}
	case errors.As(err, &http4):
		return failureOfStatus(http4.Code)
	case models.Unavailable(err), errors.Is(err, context.Canceled):
		return Failure{Status: http.StatusServiceUnavailable, Key: "errors.unavailable"}
	}
	return Failure{Status: http.StatusInternalServerError, Key: "errors.internal"}
}

func failureOfStatus(status int) Failure {
	switch status {
	case http.StatusNotFound:
		return Failure{Status: status, Key: "errors.not_found"}
	case http.StatusForbidden:
		return Failure{Status: status, Key: "errors.forbidden"}
	case http.StatusMethodNotAllowed:
		return Failure{Status: status, Key: "errors.method"}
	case http.StatusRequestTimeout:
		return Failure{Status: status, Key: "errors.slow"}
	case http.StatusRequestEntityTooLarge:
		return Failure{Status: status, Key: "errors.too_large"}
	case http.StatusTooManyRequests:
		return Failure{Status: status, Key: "errors.too_many"}
	case http.StatusPreconditionFailed:
		return Failure{Status: status, Key: "errors.stale"}
	case http.StatusServiceUnavailable:
		return Failure{Status: status, Key: "errors.unavailable"}
	}
	if status >= 500 {
		return Failure{Status: http.StatusInternalServerError, Key: "errors.internal"}
	}
	return Failure{Status: status, Key: "errors.bad_request"}
}

// HandleError is the one function from an error to an answer. A person gets a translated page with
// a request number, a program an RFC 9457 problem; the log gets the chain. A client that seems to have gone gets
// its answer too: saying nothing would be 200 if it is there after all.
func (w *Web) HandleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	if errors.Is(c.Request().Context().Err(), context.Canceled) {
		c.Response().Header().Set("Connection", "close")
	}
	failure := w.Fail(c, err)
	// The page has to be rendered even when what ran out is the request's time.
	c.SetRequest(c.Request().WithContext(context.WithoutCancel(c.Request().Context())))
	if err := w.answerFailure(c, failure, err); err != nil {
		slog.ErrorContext(c.Request().Context(), "error page not sent", "request", RequestID(c), "error", err)
	}
}

// Fail finds out what an error is, logs it if it is ours and sets the headers that go with it.
func (w *Web) Fail(c echo.Context, err error) Failure {
	failure := FailureOf(err)
	w.complain(c, failure.Status, err)
	header := c.Response().Header()
	if failure.Status == http.StatusUnauthorized {
		header.Set(echo.HeaderWWWAuthenticate, `Bearer realm="Ruche"`)
	}
	if failure.Status == http.StatusServiceUnavailable || failure.Status == http.StatusTooManyRequests {
		if header.Get(echo.HeaderRetryAfter) == "" {
			header.Set(echo.HeaderRetryAfter, retryAfter)
		}
	}
	header.Set(echo.HeaderCacheControl, "no-store")
	return failure
}

// outageQuiet is how long nothing more is said of an outage that has been logged.
const outageQuiet = time.Minute

// complain logs what went wrong on our side. An outage fails every request for the same reason, and is
// told once a minute with the number of requests since.
func (w *Web) complain(c echo.Context, status int, err error) {
	ctx := c.Request().Context()
	facts := []any{"request", RequestID(c), "method", c.Request().Method, "route", c.Path(), "status", status, "error", err}
	switch {
	case status < http.StatusInternalServerError, errors.Is(ctx.Err(), context.Canceled): // the client has gone
	case status != http.StatusServiceUnavailable:
		slog.ErrorContext(ctx, "request failed", facts...)
	default:
		now := w.DB.Now()
		if said := w.outage.said.Load(); said != nil && now.Sub(*said) < outageQuiet {
			w.outage.unsaid.Add(1)
			return
		}
		w.outage.said.Store(&now)
		slog.ErrorContext(ctx, "request refused for now", append(facts, "since_last_told", w.outage.unsaid.Swap(0))...)
	}
}

// failureKey is where a request keeps how it is told of failures.
const failureKey = "ruche.failure"

// TellFailures lets a request be told of failures in another form than people and the API are.
func TellFailures(c echo.Context, tell func(echo.Context, Failure, error) error) {
	c.Set(failureKey, tell)
}

func (w *Web) answerFailure(c echo.Context, failure Failure, err error) error {
	tell, own := c.Get(failureKey).(func(echo.Context, Failure, error) error)
	switch {
	case c.Request().Method == http.MethodHead:
		return c.NoContent(failure.Status)
	case own:
		return tell(c, failure, err)
	case WantsJSON(c):
		return SendProblem(c, failure)
	case failure.Agreement != "":
		return Redirect(c, AgreementPath(failure.Agreement, wayBack(c)))
	case failure.Status == http.StatusForbidden && failure.Key != viewingKey && !Actor(c).SignedIn() && w.hasSession(c):
		next := "/"
		if c.Request().Method == http.MethodGet {
			next = c.Request().URL.RequestURI()
		}
		return Redirect(c, "/sign-in?next="+url.QueryEscape(next))
	}
	l := Locale(c)
	page, framed := w.failurePage(c, failure.Status, l.T(failure.Key+".title"))
	fields := make([]string, 0, len(failure.Fields))
	for _, key := range failure.Fields {
		fields = append(fields, l.T(key))
	}
	return Render(c, failure.Status, errorpages.Show(page, framed, failure.Key, RequestID(c), fields))
}

// AgreementPath is where somebody from outside accepts the agreement of a space, and from there goes back to a page.
func AgreementPath(slug, back string) string {
	return "/spaces/" + slug + "/agreement?" + url.Values{"next": {back}}.Encode()
}

// wayBack is the page to go back to after a detour: the one that was asked for, or from which something was sent.
func wayBack(c echo.Context) string {
	if c.Request().Method == http.MethodGet {
		return c.Request().URL.RequestURI()
	}
	if from, err := url.Parse(c.Request().Referer()); err == nil && from.Host == c.Request().Host {
		return OwnPath(from.RequestURI(), "/")
	}
	return "/"
}

// failurePage keeps the navigation around what is not there or not allowed, so that one goes on from it. Where the
// house itself is in trouble, or has too much to do, or does not know yet who asks, the page is bare and asks nothing.
func (w *Web) failurePage(c echo.Context, status int, title string) (page layout.Page, framed bool) {
	_, known := c.Get(actorKey).(*models.Actor)
	if known && status < http.StatusInternalServerError && status != http.StatusTooManyRequests {
		if page, err := w.Page(c, "", title); err == nil {
			return page, true
		}
	}
	return w.plainPage(c, "", title), false
}

// WantsJSON tells whether the client is a program: it uses the API, or asks for JSON and not for pages.
func WantsJSON(c echo.Context) bool {
	accept := c.Request().Header.Get(echo.HeaderAccept)
	return strings.HasPrefix(c.Request().URL.Path, "/api/") || strings.Contains(accept, "json") && !strings.Contains(accept, "text/html")
}

// Problem is an RFC 9457 problem.
type Problem struct {
	Type     string         `json:"type"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail,omitempty"`
	Instance string         `json:"instance,omitempty"` // the request number
	Errors   []ProblemField `json:"errors,omitempty"`
	// Agreement is what has to be accepted first.
	Agreement string `json:"agreement,omitempty"`
}

// ProblemField says what is wrong with one field.
type ProblemField struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

// unacceptedType is the type of the problem of whoever has to accept an agreement first: how one does that.
const unacceptedType = "/api/v1/docs#accept-agreement"

// NewProblem words a failure in a language.
func NewProblem(l *i18n.Locale, failure Failure, requestID string) *Problem {
	problem := &Problem{
		Type: "about:blank", Title: l.T(failure.Key + ".title"), Status: failure.Status,
		Detail: l.T(failure.Key + ".text"), Instance: requestID,
	}
	if failure.Agreement != "" {
		problem.Type, problem.Agreement = unacceptedType, "/api/v1/spaces/"+failure.Agreement+"/agreement"
	}
	for field, key := range failure.Fields {
		problem.Errors = append(problem.Errors, ProblemField{Location: "body." + field, Message: l.T(key)})
		problem.Detail = l.T(key)
	}
	return problem
}

// SendProblem answers a program with a problem.
func SendProblem(c echo.Context, failure Failure) error {
	c.Response().Header().Set(echo.HeaderContentType, "application/problem+json")
	c.Response().WriteHeader(failure.Status)
	return c.Echo().JSONSerializer.Serialize(c, NewProblem(Locale(c), failure, RequestID(c)), "")
}
