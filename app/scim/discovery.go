package scim

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/models"
)

// schemas.json is what is known of accounts and groups, in SCIM's own form.
//
//go:embed schemas.json
var schemas []byte

// serviceConfig says what is understood here.
func (f *SCIM) serviceConfig(c echo.Context) error {
	yes, no := map[string]any{"supported": true}, map[string]any{"supported": false}
	return send(c, http.StatusOK, map[string]any{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"},
		"patch":   yes, "changePassword": no, "sort": yes, "etag": yes,
		"bulk":   map[string]any{"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
		"filter": map[string]any{"supported": true, "maxResults": maxPage},
		"authenticationSchemes": []map[string]any{{
			"type": "oauthbearertoken", "name": "Bearer token", "primary": true,
			"description": "A token for SCIM, made by an owner on the account page.", "specUri": "https://www.rfc-editor.org/info/rfc6750",
		}},
		"meta": f.meta("ServiceProviderConfig", "/ServiceProviderConfig"),
	})
}

func (f *SCIM) meta(kind, path string) map[string]any {
	return map[string]any{"resourceType": kind, "location": f.address(path)}
}

func (f *SCIM) address(path string) string { return f.web.BaseURL.String() + Prefix + path }

func (f *SCIM) resourceTypeList() []map[string]any {
	schema := []string{"urn:ietf:params:scim:schemas:core:2.0:ResourceType"}
	return []map[string]any{
		{
			"schemas": schema, "id": "User", "name": "User", "description": "An account of someone in the company", "endpoint": "/Users", "schema": userSchema,
			"schemaExtensions": []map[string]any{{"schema": enterpriseSchema, "required": false}}, "meta": f.meta("ResourceType", "/ResourceTypes/User"),
		},
		{
			"schemas": schema, "id": "Group", "name": "Group", "description": "People who are given roles in spaces together", "endpoint": "/Groups", "schema": groupSchema,
			"schemaExtensions": []map[string]any{}, "meta": f.meta("ResourceType", "/ResourceTypes/Group"),
		},
	}
}

func (f *SCIM) resourceTypes(c echo.Context) error { return f.describe(c, f.resourceTypeList()) }

func (f *SCIM) resourceType(c echo.Context) error { return one(c, f.resourceTypeList(), c.Param("id")) }

func (f *SCIM) schemaList() (list []map[string]any, err error) {
	if err := json.Unmarshal(schemas, &list); err != nil {
		return nil, err
	}
	for _, schema := range list {
		id, _ := schema["id"].(string)
		schema["schemas"] = []string{"urn:ietf:params:scim:schemas:core:2.0:Schema"}
		schema["meta"] = f.meta("Schema", "/Schemas/"+id)
	}
	return list, nil
}

func (f *SCIM) schemas(c echo.Context) error {
	list, err := f.schemaList()
	if err != nil {
		return err
	}
	return f.describe(c, list)
}

func (f *SCIM) schema(c echo.Context) error {
	list, err := f.schemaList()
	if err != nil {
		return err
	}
	return one(c, list, c.Param("id"))
}

// describe lists what does not change. RFC 7644 wants a filter here to be refused.
func (f *SCIM) describe(c echo.Context, list []map[string]any) error {
	if c.QueryParam("filter") != "" {
		return &refusal{http.StatusForbidden, "", "descriptions are not filtered"}
	}
	return send(c, http.StatusOK, listOf(list, len(list), 1))
}

// one finds a description by its id.
func one(c echo.Context, list []map[string]any, id string) error {
	for _, item := range list {
		if known, _ := item["id"].(string); strings.EqualFold(known, id) {
			return send(c, http.StatusOK, item)
		}
	}
	return models.ErrNotFound
}

func listOf(items []map[string]any, total, start int) map[string]any {
	if items == nil {
		items = []map[string]any{}
	}
	return map[string]any{"schemas": []string{listMessage}, "totalResults": total, "itemsPerPage": len(items), "startIndex": start, "Resources": items}
}
