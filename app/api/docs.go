package api

import (
	"net/http"
	"sort"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/web"
	views "ruche/views/api"
)

// docs shows the description to people.
func (a *API) docs(c echo.Context) error {
	page, err := a.web.Page(c, "", web.Locale(c).T("api.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Docs(page, Prefix, a.huma.OpenAPI().Info.Description, a.operations()))
}

func (a *API) operations() (out []views.Operation) {
	spec := a.huma.OpenAPI()
	for path, item := range spec.Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
			if op != nil {
				out = append(out, a.operation(spec.Components.Schemas, method, path, op))
			}
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Path != out[j].Path {
			return out[i].Path < out[j].Path
		}
		return order(out[i].Method) < order(out[j].Method)
	})
	return out
}

func order(method string) int {
	return map[string]int{"GET": 0, "POST": 1, "PUT": 2, "PATCH": 3, "DELETE": 4}[method]
}

func (a *API) operation(schemas huma.Registry, method, path string, op *huma.Operation) views.Operation {
	shown := views.Operation{ID: op.OperationID, Method: method, Path: path, Summary: op.Summary, Text: op.Description}
	for _, p := range op.Parameters {
		shown.Parameters = append(shown.Parameters, views.Field{Name: p.Name, Where: p.In, Type: typeOf(p.Schema), Text: p.Description, Required: p.Required})
	}
	if op.RequestBody != nil {
		for _, content := range op.RequestBody.Content {
			shown.Body = fields(schemas, content.Schema)
		}
	}
	for status, response := range op.Responses {
		if status[0] != '2' {
			continue
		}
		shown.Status = status
		for _, content := range response.Content {
			shown.Answer = fields(schemas, content.Schema)
		}
	}
	return shown
}

func fields(schemas huma.Registry, schema *huma.Schema) (out []views.Field) {
	if schema.Ref != "" {
		schema = schemas.SchemaFromRef(schema.Ref)
	}
	required := map[string]bool{}
	for _, name := range schema.Required {
		required[name] = true
	}
	for name, property := range schema.Properties {
		out = append(out, views.Field{Name: name, Type: typeOf(property), Text: property.Description, Required: required[name]})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

func typeOf(schema *huma.Schema) string {
	switch {
	case schema == nil:
		return ""
	case schema.Ref != "":
		return "object"
	case schema.Items != nil:
		return typeOf(schema.Items) + "[]"
	case schema.Format != "":
		return schema.Format
	}
	return schema.Type
}
