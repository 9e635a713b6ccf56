package models

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Op is how a condition compares.
type Op string

// Ways to compare. Texts that begin with, end with or hold another are found by reading, the others by an index.
const (
	Equal      Op = "="
	Differs    Op = "<>"
	Above      Op = ">"
	AtLeast    Op = ">="
	Below      Op = "<"
	AtMost     Op = "<="
	Holds      Op = "holds"
	BeginsWith Op = "begins with"
	EndsWith   Op = "ends with"
	Given      Op = "given" // there is a value
)

// Join is how the parts of a condition belong together.
type Join string

// All parts, any of them, or not the one.
const (
	All Join = "AND"
	Any Join = "OR"
	Not Join = "NOT"
)

// Condition is what a directory asks of records: a comparison, or several that belong together. Fields are looked up in
// a list of those that may be asked for, values only ever travel as parameters.
type Condition struct {
	Join  Join // empty: a comparison
	Parts []Condition
	Field string
	Op    Op
	Value any // string, bool, int64 or time.Time
}

// fieldKind says what values a field is compared with.
type fieldKind int

const (
	textField  fieldKind = iota
	smallField           // stored in small letters
	flagField
	idField
	timeField
	memberField // the id of someone who is in the group
)

// field is a field that may be asked for, as the database has it.
type field struct {
	sql  string
	kind fieldKind
}

// sql is the condition as SQL; one that asks for what cannot be asked is a mistake at the field "filter".
func (c *Condition) sql(fields map[string]field) (string, []any, error) {
	if c == nil {
		return "1 = 1", nil, nil
	}
	if c.Join == "" {
		return c.comparison(fields)
	}
	var parts []string
	var args []any
	for i := range c.Parts {
		part, own, err := c.Parts[i].sql(fields)
		if err != nil {
			return "", nil, err
		}
		parts = append(parts, "("+part+")")
		args = append(args, own...)
	}
	switch {
	case len(parts) == 1 && c.Join == Not:
		return "NOT " + parts[0], args, nil
	case len(parts) > 0 && (c.Join == All || c.Join == Any):
		return strings.Join(parts, " "+string(c.Join)+" "), args, nil
	}
	return "", nil, errFilter
}

// errFilter is the answer to a question that cannot be asked.
var errFilter error = Invalid{"filter": "lists.filter_invalid"}

func (c *Condition) comparison(fields map[string]field) (string, []any, error) {
	f, known := fields[c.Field]
	if !known {
		return "", nil, errFilter
	}
	ordered := []Op{Equal, Differs, Above, AtLeast, Below, AtMost}
	switch value := c.Value.(type) {
	case nil:
		if c.Op == Given {
			return f.given(), nil, nil
		}
	case string:
		if f.kind == textField || f.kind == smallField {
			return f.compareText(c.Op, value)
		}
	case bool:
		if f.kind == flagField && (c.Op == Equal || c.Op == Differs) {
			return "(" + f.sql + ") = ?", []any{value == (c.Op == Equal)}, nil
		}
	case int64:
		if f.kind == memberField && c.Op == Equal {
			return f.sql, []any{value}, nil
		}
		if f.kind == idField && (c.Op == Equal || c.Op == Differs) {
			return f.sql + " " + string(c.Op) + " ?", []any{value}, nil
		}
	case time.Time:
		if f.kind == timeField && slices.Contains(ordered, c.Op) {
			return f.sql + " " + string(c.Op) + " ?", []any{value.UTC()}, nil
		}
	}
	return "", nil, errFilter
}

// given is the condition that a field has a value; every account and group has those that are no text.
func (f field) given() string {
	if f.kind == textField || f.kind == smallField {
		return "coalesce(" + f.sql + ", '') <> ''"
	}
	return "1 = 1"
}

func (f field) compareText(op Op, value string) (string, []any, error) {
	if f.kind == smallField {
		value = strings.ToLower(value)
	}
	column := "coalesce(" + f.sql + ", '')"
	length := strconv.Itoa(utf8.RuneCountInString(value))
	switch op { // LIKE would take capitals for small letters on one database and not on the other
	case Equal:
		if value != "" { // the index of addresses holds those that are none as little as the list does
			return f.sql + " = ? AND " + f.sql + " <> ''", []any{value}, nil
		}
		return f.sql + " = ?", []any{value}, nil
	case Differs:
		return column + " <> ?", []any{value}, nil
	case Holds:
		return "(? = '' OR replace(" + column + ", ?, '') <> " + column + ")", []any{value, value}, nil
	case BeginsWith:
		return "substr(" + column + ", 1, " + length + ") = ?", []any{value}, nil
	case EndsWith:
		return "length(" + column + ") >= " + length + " AND substr(" + column + ", length(" + column + ") - " + length + " + 1) = ?", []any{value}, nil
	}
	return "", nil, errFilter
}
