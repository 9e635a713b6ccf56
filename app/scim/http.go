package scim

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/api"
	"ruche/app/web"
	"ruche/models"
)

// Routes adds what the directory asks for. Who asks is found out by Actors, before.
func (f *SCIM) Routes(g *echo.Group) {
	g.GET("/ServiceProviderConfig", f.serviceConfig)
	g.GET("/ResourceTypes", f.resourceTypes)
	g.GET("/ResourceTypes/:id", f.resourceType)
	g.GET("/Schemas", f.schemas)
	g.GET("/Schemas/:id", f.schema)
	g.GET("/Users", f.listUsers)
	g.POST("/Users", f.postUser)
	g.GET("/Users/:id", f.getUser)
	g.PUT("/Users/:id", f.putUser)
	g.PATCH("/Users/:id", f.patchUser)
	g.DELETE("/Users/:id", f.deleteUser)
	g.GET("/Groups", f.listGroups)
	g.POST("/Groups", f.postGroup)
	g.GET("/Groups/:id", f.getGroup)
	g.PUT("/Groups/:id", f.putGroup)
	g.PATCH("/Groups/:id", f.patchGroup)
	g.DELETE("/Groups/:id", f.deleteGroup)
	g.Any("/*", func(echo.Context) error { return models.ErrNotFound })
}

// Errors has everything that goes wrong below told in SCIM's way.
func Errors(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		web.TellFailures(c, tell)
		return next(c)
	}
}

// Actors lets in who brings a token for SCIM.
func (f *SCIM) Actors(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		actor, err := api.Bearer(c.Request().Context(), f.web.DB, c.Request().Header.Get(echo.HeaderAuthorization), models.ScopeSCIM)
		if errors.Is(err, models.ErrNotFound) {
			return echo.NewHTTPError(http.StatusUnauthorized)
		}
		if err != nil {
			return err
		}
		web.SetActor(c, actor)
		return next(c)
	}
}

// resource reads the body of a request.
func resource(c echo.Context) (attributes, error) {
	media := c.Request().Header.Get(echo.HeaderContentType)
	if !strings.HasPrefix(media, mediaType) && !strings.HasPrefix(media, echo.MIMEApplicationJSON) {
		return nil, &refusal{http.StatusUnsupportedMediaType, "", "send " + mediaType}
	}
	raw, err := io.ReadAll(c.Request().Body)
	var known *echo.HTTPError
	if errors.As(err, &known) {
		return nil, known
	}
	var body attributes
	if err != nil || json.Unmarshal(raw, &body) != nil || body == nil {
		return nil, &refusal{http.StatusBadRequest, "invalidSyntax", "the body is no JSON object"}
	}
	return body, nil
}

// matching refuses a change of what is no longer what the directory takes it for.
func matching(c echo.Context) func(version string) error {
	wanted := c.Request().Header.Get("If-Match")
	return func(version string) error {
		if wanted == "" || names(wanted, version) {
			return nil
		}
		return &refusal{http.StatusPreconditionFailed, "", "the resource has changed since: its version is " + version}
	}
}

// names tells whether a list of versions has the given one. Versions are weak.
func names(list, version string) bool {
	return slices.ContainsFunc(strings.Split(list, ","), func(one string) bool {
		one = strings.TrimSpace(one)
		return one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(version, "W/")
	})
}

// answer sends one resource with its version, or that it is the one that the directory has.
func (f *SCIM) answer(c echo.Context, status int, body attributes) error {
	tag := version(body)
	c.Response().Header().Set("ETag", tag)
	meta, _ := body["meta"].(attributes)
	location, _ := meta["location"].(string)
	if status == http.StatusCreated {
		c.Response().Header().Set(echo.HeaderLocation, location)
	}
	if have := c.Request().Header.Get("If-None-Match"); c.Request().Method == http.MethodGet && have != "" && names(have, tag) {
		return c.NoContent(http.StatusNotModified)
	}
	return send(c, status, project(c, body))
}

// page is what a list is asked for.
const maxPage = 100

func pageOf(c echo.Context, ask *question) (models.DirectoryQuery, int, error) {
	query := models.DirectoryQuery{Limit: maxPage, Descending: strings.EqualFold(c.QueryParam("sortOrder"), "descending")}
	start, err := number(c, "startIndex", 1)
	if err != nil {
		return query, 0, err
	}
	count, err := number(c, "count", maxPage)
	if err != nil {
		return query, 0, err
	}
	start = max(start, 1)
	query.Offset, query.Limit = start-1, min(max(count, 0), maxPage)
	if by := c.QueryParam("sortBy"); by != "" {
		name := strings.ToLower(strings.TrimPrefix(strings.TrimPrefix(by, userSchema+":"), groupSchema+":"))
		if query.Sort = ask.fields[name]; query.Sort == "" {
			return query, 0, invalidValue("lists are not sorted by " + strconv.Quote(clipped(by)))
		}
	}
	query.Where, err = ask.ask(c.QueryParam("filter"))
	return query, start, err
}

// maxStart bounds how far into a list a page may begin, so that sums stay numbers.
const maxStart = 1 << 40

func number(c echo.Context, name string, otherwise int) (int, error) {
	text := c.QueryParam(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n > maxStart {
		return 0, invalidValue(name + " is a number")
	}
	return n, nil
}

// id is the account or group of the address; what cannot be one is not found.
func id(c echo.Context) (int64, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil || id <= 0 {
		return 0, models.ErrNotFound
	}
	return id, nil
}

// listed are the attributes that a parameter names.
func listed(c echo.Context, parameter string) []string {
	var out []string
	for _, name := range strings.Split(c.QueryParam(parameter), ",") {
		if name = strings.TrimSpace(name); name != "" {
			for _, schema := range []string{userSchema, groupSchema} {
				name = strings.TrimPrefix(name, schema+":")
			}
			out = append(out, strings.ToLower(name))
		}
	}
	return out
}

// always are the attributes that every answer has.
var always = []string{"id", "schemas", "meta"}

// project leaves of a resource what was asked for.
func project(c echo.Context, body attributes) attributes {
	only, not := listed(c, "attributes"), listed(c, "excludedAttributes")
	if len(only) == 0 && len(not) == 0 {
		return body
	}
	out := attributes{}
	for name, value := range body {
		small := strings.ToLower(name)
		switch {
		case slices.Contains(always, small):
			out[name] = value
		case len(only) > 0:
			if part := chosen(only, small, value); part != nil {
				out[name] = part
			}
		case !slices.Contains(not, small):
			out[name] = value
		}
	}
	return out
}

// chosen is what of an attribute was asked for: all of it, or the parts that are named; nil if nothing.
func chosen(only []string, name string, value any) any {
	if slices.Contains(only, name) {
		return value
	}
	parts, isComplex := value.(attributes)
	if !isComplex {
		if slices.ContainsFunc(only, func(one string) bool { return strings.HasPrefix(one, name+".") }) {
			return value
		}
		return nil
	}
	out := attributes{}
	for part, own := range parts {
		small := strings.ToLower(part)
		if slices.ContainsFunc(only, func(one string) bool {
			return one == name+"."+small || one == name+":"+small || strings.HasPrefix(one, name+":"+small+".")
		}) {
			out[part] = own
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
