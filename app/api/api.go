// Package api is the ground of the JSON API under /api/v1: bearer tokens, problems, conditional
// requests, the OpenAPI description and its page. Each feature registers its own operations, which
// run the same use cases under the same policy as its pages.
package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
)

// API is where features register their operations.
type API struct {
	huma huma.API
	web  *web.Web
}

// Prefix is where the API lives.
const Prefix = "/api/v1"

const version = "1.0.0"

// New returns the API on its group of routes, with its description.
func New(w *web.Web, e *echo.Echo, g *echo.Group) *API {
	config := huma.DefaultConfig("Ruche", version)
	config.Info.Description = "Everything that people do in Ruche can be done here, under the same permissions. " +
		"Authenticate with a token: Authorization: Bearer ruche_…. It carries as far as its scope: read, write or manage, each with what those before it allow. " +
		"Errors are RFC 9457 problems. " +
		"A POST with an Idempotency-Key does its work once. Lists are read page by page with the cursor in \"next\"."
	config.CreateHooks = nil // no "$schema" in the answers: their shapes are a contract
	config.Transformers = []huma.Transformer{refusal}
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.Servers = []*huma.Server{{URL: w.BaseURL.String() + Prefix}}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	config.Security = []map[string][]string{{"token": {}}, {}}
	a := &API{huma: humaecho.NewWithGroup(e, g, config), web: w}
	g.GET("/openapi.json", a.describe)
	return a
}

// Base is the address of the house, with which those of answers begin.
func (a *API) Base() string { return a.web.BaseURL.String() }

// Routes adds the page that shows the description to people.
func (a *API) Routes(pages *echo.Group) { pages.GET(Prefix+"/docs", a.docs) }

// contextKey is where a request's echo.Context waits for the operation, whose signature is huma's.
type contextKey struct{}

// Actors finds out who asks by the bearer token; without one it is a visitor. Neither cookies nor addresses, which
// end up in logs, may carry one. What the token's scope is good for is the matter of each operation.
func Actors(w *web.Web) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			ctx := c.Request().Context()
			actor, err := actorOf(ctx, w.DB, c.Request().Header.Get(echo.HeaderAuthorization))
			if errors.Is(err, models.ErrNotFound) {
				return web.ErrNoToken
			}
			if err != nil {
				return err
			}
			web.SetActor(c, actor)
			c.SetRequest(c.Request().WithContext(context.WithValue(ctx, contextKey{}, c)))
			return next(c)
		}
	}
}

func actorOf(ctx context.Context, db *models.DB, authorization string) (*models.Actor, error) {
	if authorization == "" {
		return db.Visitor(ctx)
	}
	return bearer(ctx, db, authorization)
}

// Bearer finds out who asks by an Authorization header, and notes the token's use. ErrNotFound means that it
// holds no token that serves, ErrForbidden that the token does not carry as far as is wanted.
func Bearer(ctx context.Context, db *models.DB, authorization string, wanted models.Scope) (*models.Actor, error) {
	actor, err := bearer(ctx, db, authorization)
	if err == nil && !actor.Scope.Allows(wanted) {
		return nil, fmt.Errorf("token of scope %s for %s: %w", actor.Scope, wanted, models.ErrForbidden)
	}
	return actor, err
}

func bearer(ctx context.Context, db *models.DB, authorization string) (*models.Actor, error) {
	scheme, secret, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") || strings.TrimSpace(secret) == "" {
		return nil, models.ErrNotFound
	}
	secret = strings.TrimSpace(secret)
	userID, token, err := db.UserByToken(ctx, secret)
	if errors.Is(err, models.ErrNotFound) {
		return nil, errors.Join(err, refused(ctx, db, secret))
	}
	if err != nil {
		return nil, err
	}
	if err := touch(ctx, db, token); err != nil && !models.Unavailable(err) { // while the disk is full one can still read
		return nil, err
	}
	actor, err := db.ActorByID(ctx, userID)
	if err != nil {
		return nil, err
	}
	if !token.Scope.OpenTo(actor.Role, actor.Service) { // the role that it was made with is gone
		return nil, models.ErrNotFound
	}
	actor.Scope = token.Scope
	return actor, nil
}

// refused notes for its person that a token was tried that has ended: a program of theirs is out, or somebody found it.
func refused(ctx context.Context, db *models.DB, secret string) error {
	ended, err := db.EndedToken(ctx, secret)
	if errors.Is(err, models.ErrNotFound) || err == nil && ended.UsedAt != nil && db.Now().Sub(*ended.UsedAt) < touchEvery {
		return nil
	}
	if err != nil {
		return err
	}
	return db.Tx(ctx, nil, func(tx *models.Tx) error {
		if _, err := tx.TouchToken(ended.ID); err != nil {
			return err
		}
		return tx.RecordBy(ended.UserID, models.TokenRefused, ended, map[string]string{"why": "ended"})
	})
}

// touchEvery is how exactly a token knows its last use: noting each would be a write per request.
const touchEvery = time.Hour

func touch(ctx context.Context, db *models.DB, token *models.Token) error {
	if token.UsedAt != nil && db.Now().Sub(*token.UsedAt) < touchEvery {
		return nil
	}
	return db.Tx(ctx, nil, func(tx *models.Tx) error {
		first, err := tx.TouchToken(token.ID)
		if err != nil || !first {
			return err
		}
		return tx.RecordBy(token.UserID, models.TokenUsed, token, nil)
	})
}

// problem is a web.Problem as huma wants errors.
type problem struct{ *web.Problem }

// Error is the problem's title.
func (p problem) Error() string { return p.Title }

// GetStatus is the problem's status.
func (p problem) GetStatus() int { return p.Status }

// ContentType is that of RFC 9457.
func (p problem) ContentType(string) string { return "application/problem+json" }

// Wants says which scope of token an operation needs, where it is not what its method tells: reading what is
// read, writing what changes something.
func Wants(scope models.Scope) []map[string][]string {
	return []map[string][]string{{"token": {string(scope)}}}
}

// scopeOf is the scope that an operation declares, and declares it where it does not.
func scopeOf(operation *huma.Operation) models.Scope {
	switch {
	case operation.Security != nil:
	case operation.Method == http.MethodGet:
		operation.Security = append(Wants(models.ScopeRead), map[string][]string{}) // what is public needs no token
	default:
		operation.Security = Wants(models.ScopeWrite)
	}
	return models.Scope(operation.Security[0]["token"][0])
}

// Register adds an operation. Its errors become problems as those of the pages become pages.
func Register[I, O any](a *API, operation huma.Operation, handle func(context.Context, *models.Actor, *I) (*O, error)) {
	operation.Errors = append(operation.Errors, http.StatusUnauthorized, http.StatusNotFound)
	// WholeBody has read it. A deadline on the connection would now hit the wait for the client to hang up, and end
	// this request and every later one of the connection.
	operation.BodyReadTimeout = -1
	wanted := scopeOf(&operation)
	huma.Register(a.huma, operation, func(ctx context.Context, in *I) (*O, error) {
		c, ok := ctx.Value(contextKey{}).(echo.Context)
		if !ok {
			return nil, errors.New("api: request without its context")
		}
		actor := web.Actor(c)
		if actor.SignedIn() && !actor.Scope.Allows(wanted) {
			return nil, a.insufficient(c, wanted)
		}
		out, err := handle(ctx, actor, in)
		if err != nil {
			return nil, a.problem(c, err)
		}
		return out, nil
	})
}

// insufficient tells a program that its token is too narrow, as RFC 6750 has it.
func (a *API) insufficient(c echo.Context, wanted models.Scope) error {
	c.Response().Header().Set(echo.HeaderWWWAuthenticate, fmt.Sprintf(`Bearer realm="Ruche", error="insufficient_scope", scope=%q`, wanted))
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	failure := web.Failure{Status: http.StatusForbidden, Key: "errors.scope"}
	return problem{web.NewProblem(web.Locale(c), failure, web.RequestID(c))}
}

func (a *API) problem(c echo.Context, err error) error {
	failure := a.web.Fail(c, err)
	if failure.Status == http.StatusForbidden && !web.Actor(c).SignedIn() {
		c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Bearer realm="Ruche"`)
		failure = web.Failure{Status: http.StatusUnauthorized, Key: "errors.unauthorized"}
	}
	told := web.NewProblem(web.Locale(c), failure, web.RequestID(c))
	for i, e := range told.Errors {
		told.Errors[i].Location = location(c, strings.TrimPrefix(e.Location, "body."))
	}
	return problem{told}
}

// location says where in the request a field stands.
func location(c echo.Context, field string) string {
	switch {
	case slices.Contains(c.ParamNames(), field):
		return "path." + field
	case c.Request().Method == http.MethodGet:
		return "query." + field
	}
	return "body." + field
}

// refusal words what huma itself refuses as every other problem, with the request's number and without the input:
// a body of a megabyte would come back whole.
func refusal(ctx huma.Context, _ string, answer any) (any, error) {
	refused, ok := answer.(*huma.ErrorModel)
	if !ok {
		return answer, nil
	}
	c := humaecho.Unwrap(ctx)
	failure := web.Failure{Status: refused.Status, Key: "errors.bad_request"}
	if refused.Status == http.StatusUnprocessableEntity {
		failure.Key = "errors.invalid"
	}
	told := web.NewProblem(web.Locale(c), failure, web.RequestID(c))
	told.Detail = refused.Detail
	for _, e := range refused.Errors {
		told.Errors = append(told.Errors, web.ProblemField{Location: e.Location, Message: e.Message})
		told.Detail = e.Message
	}
	return problem{told}, nil
}

// SignedIn refuses visitors.
func SignedIn(actor *models.Actor) error {
	if !actor.SignedIn() {
		return models.ErrForbidden
	}
	return nil
}

// Created is the answer to a POST that made something.
type Created[T any] struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     T
}

// Done is an answer without a body.
type Done struct{}

// Matches tells whether a list of ETags names the given one.
func Matches(list, tag string) bool {
	for _, one := range strings.Split(list, ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
			return true
		}
	}
	return false
}

// VersionTag is the ETag of what changes with its version alone, as far as changes are checked by it.
func VersionTag(version int) string { return fmt.Sprintf(`"%d"`, version) }

// OfVersion tells whether If-Match is absent, or was given for the version: what of an ETag follows the version, as counts do, does not
// stand in the way of a change.
func OfVersion(ifMatch string, version int) bool {
	return ifMatch == "" || slices.ContainsFunc(strings.Split(ifMatch, ","), func(one string) bool {
		one = strings.TrimSpace(one)
		number, _, _ := strings.Cut(strings.Trim(one, `"`), "-")
		return one == "*" || number == strconv.Itoa(version)
	})
}

func (a *API) describe(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=300")
	return c.JSON(http.StatusOK, a.huma.OpenAPI())
}
