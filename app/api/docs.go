package api

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sort"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/web"
	views "ruche/views/api"
)

// docs shows the description to people.
func (a *API) docs(c echo.Context) error {
	page, err := a.web.Page(c, "api", web.Locale(c).T("api.title"))
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
		parameter := field(p.Name, p.Schema, p.Description, p.Required)
		parameter.Where = p.In
		shown.Parameters = append(shown.Parameters, parameter)
	}
	if op.RequestBody != nil {
		for _, content := range op.RequestBody.Content {
			shown.Body = fields(schemas, content.Schema, "")
		}
	}
	for status, response := range op.Responses {
		if status[0] != '2' {
			continue
		}
		shown.Status = status
		for _, content := range response.Content {
			shown.Answer = fields(schemas, content.Schema, "")
		}
		for i := range shown.Answer {
			shown.Answer[i].Required = false // all of it always comes
		}
	}
	return shown
}

// fields lists the properties of a schema, those of what is inside it too: "items[].author.name".
func fields(schemas huma.Registry, schema *huma.Schema, prefix string) (out []views.Field) {
	schema = resolve(schemas, schema)
	names := slices.Sorted(maps.Keys(schema.Properties))
	for _, name := range names {
		property := schema.Properties[name]
		out = append(out, field(prefix+name, property, property.Description, slices.Contains(schema.Required, name)))
		inside := prefix + name + "."
		if property.Items != nil {
			property, inside = property.Items, prefix+name+"[]."
		}
		out = append(out, fields(schemas, property, inside)...)
	}
	return out
}

// resolve follows the name of a schema to the schema.
func resolve(schemas huma.Registry, schema *huma.Schema) *huma.Schema {
	if schema.Ref != "" {
		return schemas.SchemaFromRef(schema.Ref)
	}
	return schema
}

func field(name string, schema *huma.Schema, text string, required bool) views.Field {
	f := views.Field{Name: name, Type: typeOf(schema), Text: text, Required: required}
	if schema == nil {
		return f
	}
	for _, value := range schema.Enum {
		f.Values = append(f.Values, fmt.Sprint(value))
	}
	if schema.Default != nil {
		f.Default = fmt.Sprint(schema.Default)
	}
	return f
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
