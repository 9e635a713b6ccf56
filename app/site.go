package app

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/accounts"
	"ruche/app/admin"
	"ruche/app/agenda"
	"ruche/app/agreements"
	"ruche/app/api"
	"ruche/app/boxes"
	"ruche/app/campaigns"
	"ruche/app/decisions"
	"ruche/app/discussions"
	"ruche/app/downloads"
	"ruche/app/evaluations"
	"ruche/app/experts"
	"ruche/app/follows"
	"ruche/app/forms"
	"ruche/app/glossary"
	"ruche/app/groups"
	"ruche/app/handbooks"
	"ruche/app/home"
	"ruche/app/ideas"
	"ruche/app/imports"
	"ruche/app/invitations"
	"ruche/app/knowledge"
	"ruche/app/links"
	"ruche/app/live"
	"ruche/app/members"
	"ruche/app/notifications"
	"ruche/app/papers"
	"ruche/app/passports"
	"ruche/app/people"
	"ruche/app/polls"
	"ruche/app/posts"
	"ruche/app/privacy"
	"ruche/app/projects"
	"ruche/app/reactions"
	"ruche/app/scim"
	"ruche/app/seals"
	"ruche/app/searches"
	"ruche/app/shifts"
	"ruche/app/signinrules"
	"ruche/app/spaces"
	"ruche/app/syndication"
	"ruche/app/ties"
	"ruche/app/viewing"
	"ruche/app/votes"
	"ruche/app/web"
	"ruche/app/writing"
	"ruche/static"
)

// Limits of a request: how long the work on it may take, and how large its body may be.
const (
	requestTimeout = 10 * time.Second
	bodyLimit      = 1 << 20
	textLimit      = 4 << 20  // a text of 1 MB as forms send it, to be told that it is too long
	uploadLimit    = 11 << 20 // a picture of 10 MB and its form
	formLimit      = 51 << 20 // an idea with five files
	tableLimit     = imports.MaxUpload + 1<<20
	handbookLimit  = handbooks.MaxUpload + 1<<20
	uploadTime     = time.Minute
	mergeTime      = 50 * time.Second // of two accounts with a hundred thousand contributions
)

// The routes that take long texts.
var textLimits = map[string]int64{"POST /ideas": textLimit, "POST /ideas/:id": textLimit, "POST /threads": textLimit, "POST /ideas/:id/comments": textLimit, "POST /ideas/:id/comments/:post": textLimit, "POST /threads/:id/posts": textLimit, "POST /threads/:id/posts/:post": textLimit, "POST /articles/:id/posts": textLimit, "POST /articles/:id/posts/:post": textLimit, "POST /events/:id/posts": textLimit, "POST /events/:id/posts/:post": textLimit, "POST /events": textLimit, "POST /events/:id": textLimit, "POST /articles": textLimit, "POST /articles/:id": textLimit}

// The routes that take pictures, files and tables, which come from phones over slow lines, and those that change very much at once.
var (
	uploadLimits = map[string]int64{"POST /files": uploadLimit, "POST /ideas": formLimit, "POST /ideas/:id": formLimit, "POST /threads": formLimit, "POST /ideas/:id/comments": formLimit, "POST /ideas/:id/comments/:post": formLimit, "POST /threads/:id/posts": formLimit, "POST /threads/:id/posts/:post": formLimit, "POST /articles/:id/posts": formLimit, "POST /articles/:id/posts/:post": formLimit, "POST /events/:id/posts": formLimit, "POST /events/:id/posts/:post": formLimit, "POST /account/picture": uploadLimit, "POST /campaigns/:id/banner": uploadLimit, "POST /imports": tableLimit, "POST /collections/:id/imports": handbookLimit, "POST " + api.Prefix + "/files": uploadLimit, "POST " + api.Prefix + "/campaigns/:id/form/:field/files": uploadLimit, "POST " + api.Prefix + "/imports": tableLimit, "POST " + api.Prefix + "/collections/:id/imports": handbookLimit}
	longTimes    = map[string]time.Duration{
		"POST /files": uploadTime, "POST /ideas": uploadTime, "POST /ideas/:id": uploadTime, "POST /threads": uploadTime, "POST /ideas/:id/comments": uploadTime, "POST /ideas/:id/comments/:post": uploadTime, "POST /threads/:id/posts": uploadTime, "POST /threads/:id/posts/:post": uploadTime, "POST /articles/:id/posts": uploadTime, "POST /articles/:id/posts/:post": uploadTime, "POST /events/:id/posts": uploadTime, "POST /events/:id/posts/:post": uploadTime, "POST /account/picture": uploadTime, "POST /campaigns/:id/banner": uploadTime, "POST /imports": uploadTime, "POST /collections/:id/imports": uploadTime, "POST " + api.Prefix + "/files": uploadTime, "POST " + api.Prefix + "/campaigns/:id/form/:field/files": uploadTime, "POST " + api.Prefix + "/imports": uploadTime, "POST " + api.Prefix + "/collections/:id/imports": uploadTime,
		"POST /members/:id/merge/:other": mergeTime, "POST /members/:id/merges/:merge/undo": mergeTime,
	}
)

// site is the map of the house: the way of every request, then one line per feature.
func (a *App) site(ctx context.Context) error {
	e := echo.New()
	a.Echo = e
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = a.Web.HandleError
	// Behind a proxy on the same machine the address is the one it names; anyone else's word is not taken.
	e.IPExtractor = echo.ExtractIPFromXFFHeader(echo.TrustLoopback(true), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false))

	e.Use(web.Number, web.Log, web.Headers(a.Config.Secure()), web.Recover)
	e.GET("/static/*", echo.WrapHandler(static.Handler()))
	a.health(e)

	common := []echo.MiddlewareFunc{web.Compress, web.BodyLimit(bodyLimit, textLimits, uploadLimits), web.Timeout(requestTimeout, longTimes)}
	pages := e.Group("", append(slices.Clone(common), a.Web.WithSession, a.Web.Actors, web.SameOrigin, web.LookOnly)...)
	bearers := api.Actors(a.Web)
	if a.Config.RateLimit {
		bearers = a.Web.TokenLimit(bearers)
	}
	programs := e.Group(api.Prefix, append(slices.Clone(common), bearers)...)
	if a.Config.RateLimit {
		limit := web.NewLimit()
		pages.Use(limit.Middleware)
		programs.Use(limit.Middleware)
	}
	pages.Use(web.Forms(uploadLimits))
	programs.Use(api.WholeBody)
	directory := scim.New(a.Web)
	provisioning := e.Group(scim.Prefix, append([]echo.MiddlewareFunc{scim.Errors}, common...)...)
	if a.Config.RateLimit { // by address, since it stands before the door: attempts to guess a token count too
		provisioning.Use(web.NewLimit().Middleware)
	}
	provisioning.Use(directory.Actors)
	directory.Routes(provisioning)
	contract := api.New(a.Web, e, programs)
	contract.Routes(pages)

	magic, err := a.Config.magicLinks()
	if err != nil {
		return fmt.Errorf("RUCHE_MAGIC_LINKS: %w", err)
	}
	providers, err := a.Config.Providers()
	if err != nil {
		return err
	}
	door := accounts.New(a.Web, a.Mail, a.Jobs, a.Files, accounts.Options{
		Pictures:   a.pictures,
		Providers:  providers,
		MagicLinks: magic,
		RateLimit:  a.Config.RateLimit,
	})
	signinrules.New(a.Web, known(providers)).Routes(pages)
	covenants := agreements.New(a.Web)
	covenants.Routes(pages)
	covenants.API(contract)
	carrying := projects.New(a.Web)
	carrying.Routes(pages)
	carrying.API(contract)
	asking := polls.New(a.Web, a.Jobs)
	asking.Routes(pages)
	asking.API(contract)
	contributions := passports.New(a.Web, a.Config.OpenPassports)
	contributions.Routes(pages)
	contributions.API(contract)
	boxes.New(a.Web, a.Config.RateLimit).Routes(pages)
	notices, rooms, answers, open := notifications.New(a.Web), spaces.New(a.Web), decisions.New(a.Web), live.New(a.Web)
	a.Jobs.Register(spaces.Look())
	a.Jobs.Register(agenda.Look())
	a.Jobs.Register(decisions.Look())
	a.Jobs.Register(knowledge.Look(a.Mail))
	judging := evaluations.New(a.Web, a.Mail)
	a.Jobs.Register(judging.Look())
	a.Jobs.Register(evaluations.Graduating())
	a.Jobs.Register(ideas.CarryOut())
	a.Jobs.Register(campaigns.Look())
	a.Jobs.Register(seals.Tidy())
	guests := invitations.New(a.Web, a.Mail, a.Jobs, invitations.Door{LetsIn: door.LetsIn, SignIn: door.SignIn, Owns: door.Owns, RateLimit: a.Config.RateLimit})
	door.MeetStrangers(guests.OfferTo)
	cards := links.New(a.Web, a.Jobs, a.Files, a.outside)
	cards.Routes(pages)
	drafting := writing.New(a.Web)
	messages := posts.New(a.Web, drafting, a.Files)
	terms := glossary.New(a.Web, drafting)
	bonds := ties.New(a.Web, a.Index)
	knowing := experts.New(a.Web)
	proposals := ideas.New(a.Web, drafting, a.Files, a.Index, ideas.Beside{Tied: bonds.Idea, Terms: terms.Mark})
	if a.Config.RateLimit {
		proposals.Limit()
	}
	for _, feature := range []interface{ Routes(*echo.Group) }{door, groups.New(a.Web), people.New(a.Web, knowing.OfPerson), knowing, follows.New(a.Web), syndication.New(a.Web), admin.New(a.Web), members.New(a.Web, a.Mail, a.Jobs, len(providers) > 0), guests, rooms, campaigns.New(a.Web, a.Files), forms.New(a.Web, a.Files), votes.New(a.Web, a.Jobs), judging, answers, drafting, messages, proposals, discussions.New(a.Web, drafting, a.Files, a.Index, discussions.Beside{Poll: asking.Card, Tied: bonds.Thread, Terms: terms.Mark}), shifts.New(a.Web, drafting), bonds, terms, knowledge.New(a.Web, drafting, a.Index, terms.Mark), agenda.New(a.Web, drafting), handbooks.NewDesk(a.Web, a.Files, a.Jobs), reactions.New(a.Web, a.Jobs), downloads.New(a.Web, a.Files, a.Jobs, handbooks.New(a.DB, a.Files, a.Web.BaseURL.String()).Pack), imports.New(a.Web, a.Files, a.Jobs), papers.New(a.Web, a.Config.RateLimit), seals.New(a.Web), searches.New(a.Web, a.Index), home.New(a.Web), viewing.New(a.Web), privacy.New(a.Web, a.Files, a.Jobs, a.Mail), notices, open, a.Files} {
		feature.Routes(pages)
		if operations, ok := feature.(interface{ API(*api.API) }); ok {
			operations.API(contract)
		}
	}
	a.Notices = notices
	a.readers = append(a.readers, notices, rooms, door, answers, cards, knowing)
	a.followers = append(a.followers, open.Follow, open.FollowPresence, proposals.FollowViews, terms.Follow)
	a.settles = append(a.settles, proposals.KeepViews)
	pages.Any("/*", a.nowhere)
	programs.RouteNotFound("/*", a.nowhere)
	return nil
}

// nowhere answers what no route takes, as a page with the house around it. A path that is asked in a way
// it does not know gets 405 with those it does, which the routes alone decide: it says nothing of what exists.
func (a *App) nowhere(c echo.Context) error {
	other := a.Echo.AcquireContext()
	defer a.Echo.ReleaseContext(other)
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		a.Echo.Router().Find(method, echo.GetPath(c.Request()), other)
		if other.Path() != c.Path() {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	if allowed[0] == http.MethodGet {
		allowed = append(allowed, http.MethodHead)
	}
	c.Response().Header().Set(echo.HeaderAllow, strings.Join(allowed, ", "))
	return echo.NewHTTPError(http.StatusMethodNotAllowed)
}

// known are the providers as those see them who make rules about what they say.
func known(providers []accounts.OIDC) (known []signinrules.Provider) {
	for _, p := range providers {
		known = append(known, signinrules.Provider{Issuer: p.Issuer, Name: p.Name})
	}
	return known
}
