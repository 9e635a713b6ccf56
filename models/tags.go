package models

import (
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Tags are the tags of an idea, kept in one column beside it so that a list needs no second
// query; idea_tags holds the same for looking up.
type Tags []string

// MaxTags and MaxTag bound what an idea may carry: tags, and characters in one.
const (
	MaxTags = 8
	MaxTag  = 40
)

// Value stores the tags in one text.
func (t Tags) Value() (driver.Value, error) { return strings.Join(t, "\n"), nil }

// Scan reads the stored text.
func (t *Tags) Scan(value any) error {
	var text string
	switch v := value.(type) {
	case string:
		text = v
	case []byte:
		text = string(v)
	default:
		return fmt.Errorf("tags: unexpected %T", value)
	}
	*t = nil
	if text != "" {
		*t = strings.Split(text, "\n")
	}
	return nil
}

// ParseTags reads tags from a form field, separated by commas, or from a list: trimmed, in lower
// case, each once. A mistake is at the field "tags".
func ParseTags(texts ...string) (Tags, error) {
	var tags Tags
	for _, text := range strings.Split(strings.Join(texts, ","), ",") {
		tag := strings.ToLower(strings.Join(strings.Fields(Calm(strings.TrimPrefix(strings.TrimSpace(text), "#"))), " "))
		if tag == "" || slices.Contains(tags, tag) {
			continue
		}
		if !utf8.ValidString(tag) || strings.ContainsRune(tag, 0) || utf8.RuneCountInString(tag) > MaxTag {
			return nil, Invalid{"tags": "ideas.tag_invalid"}
		}
		tags = append(tags, tag)
	}
	if len(tags) > MaxTags {
		return nil, Invalid{"tags": "ideas.tags_too_many"}
	}
	return tags, nil
}

// ParseTag is one tag as it is stored, empty for none. A mistake is at the field "tag".
func ParseTag(text string) (string, error) {
	tags, err := ParseTags(text)
	if err != nil || len(tags) > 1 {
		return "", Invalid{"tag": "ideas.tag_invalid"}
	}
	return strings.Join(tags, ""), nil
}

// TagCount is a tag and the number of ideas that carry it.
type TagCount struct {
	Tag   string
	Ideas int
}

// within is the actor with only one of their spaces and what they see of the enclosures in it.
func (a *Actor) within(spaceID int64) *Actor {
	only := &Actor{ID: a.ID, Role: a.Role}
	if access := a.Access(spaceID); access != nil {
		only.Spaces = []SpaceAccess{*access}
	}
	for i := range a.Inner {
		if a.Inner[i].Within == spaceID {
			only.Inner = append(only.Inner, a.Inner[i])
		}
	}
	return only
}
