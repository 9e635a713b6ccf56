package scim

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
)

// refusal is why a request is not carried out, in SCIM's words.
type refusal struct {
	status int
	kind   string // scimType of RFC 7644, table 9
	detail string
}

// Error is for the log.
func (r *refusal) Error() string { return r.kind + ": " + r.detail }

// Unwrap says which status the house answers with.
func (r *refusal) Unwrap() error { return echo.NewHTTPError(r.status) }

func invalidValue(detail string) error {
	return &refusal{http.StatusBadRequest, "invalidValue", detail}
}

func invalidPath(path string) error {
	return &refusal{http.StatusBadRequest, "invalidPath", "there is no attribute " + strconv.Quote(clipped(path))}
}

func readOnly(name string) error {
	return &refusal{http.StatusBadRequest, "mutability", name + " is read only"}
}

func invalidFilter(detail string) error {
	return &refusal{http.StatusBadRequest, "invalidFilter", detail}
}

// clipped is what a client sent as an answer may repeat it.
func clipped(text string) string { return text[:min(len(text), 100)] }

// refusalOf words any error in SCIM's way. What went wrong on our side is not told.
func refusalOf(failure web.Failure, err error) *refusal {
	var known *refusal
	var invalid models.Invalid
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &invalid):
		return refusalOfFields(invalid)
	}
	r := &refusal{status: failure.Status, detail: http.StatusText(failure.Status)}
	switch failure.Status {
	case http.StatusConflict:
		r.kind = "uniqueness"
	case http.StatusRequestEntityTooLarge:
		r.detail = "the body is larger than 1 MB"
	case http.StatusUnauthorized:
		r.detail = "send a token of scope scim: Authorization: Bearer ruche_…"
	case http.StatusForbidden:
		r.detail = "this token does not carry as far as SCIM"
	}
	return r
}

// refusalOfFields words what is wrong with fields.
func refusalOfFields(invalid models.Invalid) *refusal {
	for field, key := range invalid {
		switch key {
		case "lists.filter_invalid":
			return &refusal{http.StatusBadRequest, "invalidFilter", "filter by the attributes that the documentation lists, with the comparisons that fit them"}
		case "lists.sort_invalid":
			return &refusal{http.StatusBadRequest, "invalidValue", "sortBy names an attribute that lists cannot be sorted by"}
		case "users.email_taken", "users.user_name_taken", "users.external_id_taken", "groups.name_taken":
			return &refusal{http.StatusConflict, "uniqueness", "another resource has this " + field}
		case "users.last_owner":
			return &refusal{http.StatusForbidden, "", "the last owner of the house cannot be deactivated or deleted"}
		}
	}
	for field := range invalid {
		return &refusal{http.StatusBadRequest, "invalidValue", field + " is missing, unknown, malformed or too long"}
	}
	return &refusal{http.StatusBadRequest, "invalidValue", "a value is malformed"}
}

// tell answers with an error of SCIM.
func tell(c echo.Context, failure web.Failure, err error) error {
	r := refusalOf(failure, err)
	body := map[string]any{"schemas": []string{errorMessage}, "status": strconv.Itoa(r.status)}
	if r.detail != "" {
		body["detail"] = r.detail
	}
	if r.kind != "" {
		body["scimType"] = r.kind
	}
	if r.status == http.StatusUnauthorized {
		c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Bearer realm="Ruche"`)
	}
	return send(c, r.status, body)
}

// mediaType is that of RFC 7644.
const mediaType = "application/scim+json"

func send(c echo.Context, status int, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return c.Blob(status, mediaType, raw)
}
