package scim

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	filter "github.com/scim2/filter-parser/v2"

	"ruche/models"
)

// A filter is at most this long, and makes at most so many comparisons.
const (
	maxFilter      = 2000
	maxComparisons = 30
)

// question turns a filter into a condition. Which attributes may be asked for is the matter of models; here the
// names that SCIM gives them are looked up, and everything else is refused.
type question struct {
	schema string
	fields map[string]string // attribute, in small letters, to field
	count  int
}

// userQuestion and groupQuestion are what may be asked of each.
func userQuestion() *question {
	return &question{schema: userSchema, fields: map[string]string{
		"id": "id", "username": "userName", "externalid": "externalId", "displayname": "displayName", "name.formatted": "displayName",
		"emails": "emails", "emails.value": "emails", "active": "active", "title": "title",
		"meta.created": "created", "meta.lastmodified": "lastModified", strings.ToLower(enterpriseSchema) + ":department": "department",
	}}
}

func groupQuestion() *question {
	return &question{schema: groupSchema, fields: map[string]string{
		"id": "id", "externalid": "externalId", "displayname": "displayName", "members": "members", "members.value": "members",
		"meta.created": "created", "meta.lastmodified": "lastModified",
	}}
}

// ask parses a filter; nil for an empty one.
func (q *question) ask(text string) (*models.Condition, error) {
	if text == "" {
		return nil, nil
	}
	if len(text) > maxFilter || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, invalidFilter("the filter is longer than " + strconv.Itoa(maxFilter) + " bytes or no text")
	}
	parsed, err := filter.ParseFilter([]byte(text))
	if err != nil {
		return nil, invalidFilter("the filter cannot be read")
	}
	condition, err := q.condition(parsed, "")
	return &condition, err
}

func (q *question) condition(parsed filter.Expression, within string) (models.Condition, error) {
	switch e := parsed.(type) {
	case *filter.LogicalExpression:
		join := models.All
		if e.Operator == filter.OR {
			join = models.Any
		}
		left, err := q.condition(e.Left, within)
		if err != nil {
			return left, err
		}
		right, err := q.condition(e.Right, within)
		return models.Condition{Join: join, Parts: []models.Condition{left, right}}, err
	case *filter.NotExpression:
		part, err := q.condition(e.Expression, within)
		return models.Condition{Join: models.Not, Parts: []models.Condition{part}}, err
	case *filter.ValuePath:
		if within != "" {
			break
		}
		return q.condition(e.ValueFilter, strings.ToLower(e.AttributePath.AttributeName))
	case *filter.AttributeExpression:
		return q.comparison(e, within)
	}
	return models.Condition{}, invalidFilter("the filter cannot be read")
}

// comparison turns "userName eq …" into a condition. Within "emails[…]" a type is the one that all addresses have.
func (q *question) comparison(e *filter.AttributeExpression, within string) (models.Condition, error) {
	if q.count++; q.count > maxComparisons {
		return models.Condition{}, invalidFilter("the filter makes more than " + strconv.Itoa(maxComparisons) + " comparisons")
	}
	name := strings.ToLower(e.AttributePath.AttributeName)
	if sub := e.AttributePath.SubAttributeName(); sub != "" {
		name += "." + strings.ToLower(sub)
	}
	if uri := e.AttributePath.URI(); uri != "" && !strings.EqualFold(uri, q.schema) {
		name = strings.ToLower(uri) + ":" + name
	}
	if within == "emails" && (name == "type" || name == "primary") && e.Operator == filter.EQ {
		return constant(within, e.CompareValue == any("work") || e.CompareValue == any(true)), nil
	}
	if within != "" {
		name = within + "." + name
	}
	field, known := q.fields[name]
	if !known {
		return models.Condition{}, invalidFilter("nothing can be filtered by " + strconv.Quote(clipped(name)))
	}
	condition := models.Condition{Field: field, Op: operator(e.Operator)}
	if e.Operator == filter.PR {
		return condition, nil
	}
	value, never, err := valueOf(field, compared(e))
	condition.Value = value
	if never {
		return constant(field, e.Operator == filter.NE), nil
	}
	return condition, err
}

// compared is what a comparison compares with. The parser leaves a text as it is written.
func compared(e *filter.AttributeExpression) any {
	written, isText := e.CompareValue.(string)
	if !isText {
		return e.CompareValue
	}
	var text string
	if json.Unmarshal([]byte(`"`+written+`"`), &text) != nil {
		return nil
	}
	return text
}

// constant is a condition that is true or false of everything: a field with a value or without one.
func constant(field string, truth bool) models.Condition {
	present := models.Condition{Field: "id", Op: models.Given}
	if truth && field == "emails" {
		return models.Condition{Field: "emails", Op: models.Given}
	}
	if truth {
		return present
	}
	return models.Condition{Join: models.Not, Parts: []models.Condition{present}}
}

func operator(op filter.CompareOperator) models.Op {
	switch op {
	case filter.PR:
		return models.Given
	case filter.EQ:
		return models.Equal
	case filter.NE:
		return models.Differs
	case filter.CO:
		return models.Holds
	case filter.SW:
		return models.BeginsWith
	case filter.EW:
		return models.EndsWith
	case filter.GT:
		return models.Above
	case filter.GE:
		return models.AtLeast
	case filter.LT:
		return models.Below
	}
	return models.AtMost
}

// valueOf reads what a field is compared with. An id that no record can have equals none: never tells so.
func valueOf(field string, raw any) (value any, never bool, err error) {
	text, isText := raw.(string)
	switch field {
	case "id", "members":
		if !isText {
			break
		}
		id, err := strconv.ParseInt(text, 10, 64)
		return id, err != nil, nil
	case "created", "lastModified":
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return nil, false, invalidFilter("times are written like 2026-03-12T09:00:00Z")
		}
		return at, false, nil
	case "active":
		switch truth := raw.(type) {
		case bool:
			return truth, false, nil
		case string: // one directory asks so
			if parsed, err := strconv.ParseBool(strings.ToLower(truth)); err == nil {
				return parsed, false, nil
			}
		}
	default:
		if isText && !strings.ContainsRune(text, 0) {
			return text, false, nil
		}
	}
	return nil, false, invalidFilter("an attribute is compared with what it cannot be")
}
