package scim

import (
	"net/http"
	"slices"
	"strings"

	filter "github.com/scim2/filter-parser/v2"
)

// operation is one step of a PATCH.
type operation struct {
	Op    string
	Path  string
	Value any
}

// maxOperations bounds the steps of one PATCH.
const maxOperations = 1000

// readPatch reads the steps of a PATCH.
func readPatch(a attributes) ([]operation, error) {
	names, _ := get(a, "schemas").([]any)
	if !slices.Contains(names, any(patchMessage)) {
		return nil, &refusal{http.StatusBadRequest, "invalidSyntax", "schemas names no " + patchMessage}
	}
	list, _ := get(a, "Operations").([]any)
	if len(list) == 0 || len(list) > maxOperations {
		return nil, &refusal{http.StatusBadRequest, "invalidSyntax", "Operations has between one and a thousand steps"}
	}
	var steps []operation
	for _, one := range list {
		item, ok := one.(attributes)
		if !ok {
			return nil, &refusal{http.StatusBadRequest, "invalidSyntax", "an operation is an object"}
		}
		op, _ := get(item, "op").(string)
		path, isText := get(item, "path").(string)
		step := operation{strings.ToLower(op), strings.TrimSpace(path), get(item, "value")}
		switch {
		case !slices.Contains([]string{"add", "replace", "remove"}, step.Op):
			return nil, &refusal{http.StatusBadRequest, "invalidSyntax", "op is add, replace or remove"}
		case !isText && get(item, "path") != nil:
			return nil, &refusal{http.StatusBadRequest, "invalidPath", "path is a text"}
		case step.Op == "remove" && step.Path == "":
			return nil, &refusal{http.StatusBadRequest, "noTarget", "remove wants a path"}
		case step.Op != "remove" && step.Value == nil:
			return nil, invalidValue(step.Op + " wants a value")
		}
		steps = append(steps, step)
	}
	return steps, nil
}

// place is where a step changes something: an attribute, or a part of it.
type place struct {
	schema, name, sub string
	filter            filter.Expression
}

func parsePlace(path string) (place, error) {
	if len(path) > maxFilter {
		return place{}, invalidPath(path)
	}
	parsed, err := filter.ParsePath([]byte(path))
	if err != nil {
		return place{}, invalidPath(path)
	}
	p := place{schema: parsed.AttributePath.URI(), name: parsed.AttributePath.AttributeName, sub: parsed.AttributePath.SubAttributeName(), filter: parsed.ValueExpression}
	if parsed.SubAttribute != nil {
		p.sub = *parsed.SubAttribute
	}
	return p, nil
}

// passedOver are attributes of accounts that directories send and Ruche does not keep.
var passedOver = []string{
	"nickname", "profileurl", "usertype", "timezone", "locale", "phonenumbers", "ims", "photos", "addresses", "entitlements", "roles", "x509certificates", "password", "schemas",
	"employeenumber", "costcenter", "organization", "division",
}

// kept are the attributes of accounts by their names in small letters.
func kept(schema string) map[string]string {
	if strings.EqualFold(schema, enterpriseSchema) {
		return map[string]string{"department": "department", "manager": "manager"}
	}
	return map[string]string{
		"username": "userName", "externalid": "externalId", "name": "name", "displayname": "displayName", "title": "title", "preferredlanguage": "preferredLanguage",
		"active": "active", "emails": "emails",
	}
}

// patchPerson carries out a step on the resource of an account.
func patchPerson(body attributes, step operation) error {
	if step.Path == "" || strings.EqualFold(step.Path, enterpriseSchema) || strings.EqualFold(step.Path, userSchema) {
		return patchParts(body, step)
	}
	at, err := parsePlace(step.Path)
	if err != nil {
		return err
	}
	target := body
	if strings.EqualFold(at.schema, enterpriseSchema) {
		if target, _ = get(body, enterpriseSchema).(attributes); target == nil {
			target = attributes{}
			body[enterpriseSchema] = target
		}
	} else if at.schema != "" && !strings.EqualFold(at.schema, userSchema) {
		return invalidPath(step.Path)
	}
	small := strings.ToLower(at.name)
	name, known := kept(at.schema)[small]
	switch {
	case slices.Contains([]string{"id", "meta", "groups"}, small) && at.schema != enterpriseSchema:
		return readOnly(at.name)
	case slices.Contains(passedOver, small):
		return nil
	case !known:
		return invalidPath(step.Path)
	}
	return patchAttribute(target, name, at, step)
}

// patchParts carries out a step that names several attributes in its value.
func patchParts(body attributes, step operation) error {
	parts, ok := step.Value.(attributes)
	if !ok && step.Op == "remove" && strings.EqualFold(step.Path, enterpriseSchema) {
		delete(body, enterpriseSchema)
		return nil
	}
	if !ok {
		return invalidValue("without a path the value is an object")
	}
	prefix := ""
	if strings.EqualFold(step.Path, enterpriseSchema) {
		prefix = enterpriseSchema + ":"
	}
	for name, value := range parts {
		if prefix == "" && slices.ContainsFunc([]string{"id", "meta", "groups", "schemas"}, func(own string) bool { return strings.EqualFold(own, name) }) {
			continue // what comes along with a whole resource
		}
		own := operation{step.Op, prefix + name, value}
		if value == nil {
			own.Op = "remove"
		}
		if err := patchPerson(body, own); err != nil {
			return err
		}
	}
	return nil
}

// patchAttribute changes one attribute, or a part of it.
func patchAttribute(target attributes, name string, at place, step operation) error {
	switch {
	case name == "emails":
		return patchEmails(target, at, step)
	case at.filter != nil:
		return invalidPath(step.Path)
	case step.Op == "remove" && (name == "userName" || name == "active"):
		return &refusal{http.StatusBadRequest, "mutability", name + " always has a value"}
	case name == "name" || name == "manager":
		return patchComplex(target, name, at, step)
	case at.sub != "":
		return invalidPath(step.Path)
	case step.Op == "remove":
		delete(target, name)
	default:
		target[name] = step.Value
	}
	return nil
}

// patchComplex changes an attribute that has parts.
func patchComplex(target attributes, name string, at place, step operation) error {
	parts, isWhole := step.Value.(attributes)
	current, _ := target[name].(attributes)
	switch {
	case at.sub == "" && step.Op == "remove":
		delete(target, name)
	case at.sub == "" && !isWhole: // the bare id of a manager
		target[name] = step.Value
	case at.sub == "" && (step.Op == "replace" || current == nil) && name == "manager":
		target[name] = parts
	case current == nil && step.Op == "remove":
	default:
		if current == nil {
			current = attributes{}
			target[name] = current
		}
		if at.sub != "" {
			parts = attributes{at.sub: step.Value}
		}
		for part, value := range parts {
			own, known := map[string]string{"formatted": "formatted", "givenname": "givenName", "familyname": "familyName", "value": "value"}[strings.ToLower(part)]
			switch {
			case !known && at.sub != "" && !slices.Contains([]string{"middlename", "honorificprefix", "honorificsuffix", "$ref", "displayname"}, strings.ToLower(part)):
				return invalidPath(step.Path)
			case !known:
			case step.Op == "remove":
				delete(current, own)
			default:
				current[own] = value
			}
		}
	}
	return nil
}

// patchEmails changes addresses. The list has at most one on its way in; which is kept in the end is the matter of readPerson.
func patchEmails(target attributes, at place, step operation) error {
	list, _ := target["emails"].([]any)
	if at.filter == nil && at.sub == "" {
		given, isList := step.Value.([]any)
		if !isList && step.Value != nil {
			given = []any{step.Value}
		}
		switch step.Op {
		case "remove":
			delete(target, "emails")
		case "add": // the newcomer comes first: it is the one to keep unless the other is marked
			target["emails"] = append(slices.Clone(given), list...)
		default:
			target["emails"] = given
		}
		return nil
	}
	left, found := []any{}, false
	for _, one := range list {
		email, _ := one.(attributes)
		if email == nil {
			return invalidValue("emails is not of its type")
		}
		if !holds(at.filter, email) {
			left = append(left, one)
			continue
		}
		found = true
		if changed := patchEmail(email, at.sub, step); changed != nil {
			left = append(left, changed)
		}
	}
	switch {
	case found || step.Op == "remove":
	case step.Op == "replace" && at.filter != nil:
		return &refusal{http.StatusBadRequest, "noTarget", "no address fits the path"}
	default:
		email := attributes{"type": "work"}
		if changed := patchEmail(email, at.sub, step); changed != nil {
			left = append(left, changed)
		}
	}
	target["emails"] = left
	return nil
}

// patchEmail changes one address; nil if nothing is left of it.
func patchEmail(email attributes, sub string, step operation) attributes {
	switch {
	case step.Op == "remove" && (sub == "" || strings.EqualFold(sub, "value")):
		return nil
	case step.Op == "remove":
		return email
	case sub == "":
		if whole, ok := step.Value.(attributes); ok {
			return whole
		}
		return attributes{"value": step.Value}
	}
	email[sub] = step.Value
	return email
}

// holds tells whether a filter in a path fits an item of a list. Directories compare for equality there; what else they
// may ask fits nothing.
func holds(e filter.Expression, item attributes) bool {
	switch e := e.(type) {
	case nil:
		return true
	case *filter.LogicalExpression:
		if e.Operator == filter.AND {
			return holds(e.Left, item) && holds(e.Right, item)
		}
		return holds(e.Left, item) || holds(e.Right, item)
	case *filter.NotExpression:
		return !holds(e.Expression, item)
	case *filter.AttributeExpression:
		value := get(item, e.AttributePath.AttributeName)
		text, isText := value.(string)
		asked, asksText := compared(e).(string)
		switch {
		case e.Operator == filter.PR:
			return value != nil
		case e.Operator == filter.EQ && isText && asksText:
			return strings.EqualFold(text, asked)
		case e.Operator == filter.EQ:
			return value == e.CompareValue
		case e.Operator == filter.NE && isText && asksText:
			return !strings.EqualFold(text, asked)
		}
	}
	return false
}
