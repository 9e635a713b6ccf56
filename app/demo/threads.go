package demo

import (
	"slices"

	"ruche/models"
)

// Talk is what people discuss beside their ideas.
type Talk struct {
	Topics  []Topics
	Threads []Thread
}

// Topics are those that somebody makes in a space.
type Topics struct {
	Space  string
	By     string
	Ago    Age
	Titles []string
}

// Thread is a conversation.
type Thread struct {
	Key      string
	Space    string
	Topic    string // its title; empty for none
	Kind     models.ThreadKind
	Title    string
	Lang     string
	Author   string
	Hidden   bool // without the name of its author
	Ago      Age
	Tags     []string
	Body     string   // Markdown
	Same     []string // who ask the same
	Accepted *Acceptance
	Pinned   string // who pinned it; empty for nobody
	Given    []Sign // to what it begins with
	Posts    []Said
	Poll     *Asked // of a poll
	Whom     []Whom // its author asks to answer it
}

// Whom is somebody who is asked to answer a question.
type Whom struct {
	Ask      string
	Ago      Age
	Declined Age    // how long ago they said that they cannot; 0: they have not
	Word     string // with which they did
}

// Acceptance says which post answers a question.
type Acceptance struct {
	Post string
	By   string
	Ago  Age
}

// Said is a post in a thread.
type Said struct {
	Key     string
	By      string
	Ago     Age
	Lang    string // empty for that of the thread
	Answers string // the key of another post; empty for none
	Body    string
	Given   []Sign
}

// Sign is a reaction that some people have, from when the post was written on.
type Sign struct {
	Emoji string
	By    []string
}

// langOf is the language of a post.
func (t *Thread) langOf(s Said) string {
	if s.Lang != "" {
		return s.Lang
	}
	return t.Lang
}

// talk looks for what could not have been discussed so.
func (k *checker) talk() {
	for _, t := range k.company.Talk.Topics {
		if s := k.company.space(t.Space); s == nil || k.company.person(t.By) == nil || s.Opened < t.Ago {
			k.problem("topics of %q by %q", t.Space, t.By)
		}
	}
	for i := range k.company.Talk.Threads {
		k.thread(&k.company.Talk.Threads[i])
	}
}

func (k *checker) thread(t *Thread) {
	s := k.company.space(t.Space)
	if s == nil || k.company.person(t.Author) == nil || !t.Kind.Valid() || s.Opened < t.Ago || t.Title == "" {
		k.problem("thread %q: in %q by %q", t.Key, t.Space, t.Author)
	}
	said := map[string]Age{}
	k.given(t.Key, t.Author, t.Given)
	for _, p := range t.Posts {
		answered, known := said[p.Answers]
		if k.company.person(p.By) == nil || p.Ago >= t.Ago || p.Answers != "" && (!known || answered <= p.Ago) || p.Key == "" {
			k.problem("thread %q: %q by %q answers %q", t.Key, p.Key, p.By, p.Answers)
		}
		said[p.Key] = p.Ago
		k.given(t.Key, p.By, p.Given)
	}
	if a := t.Accepted; a != nil {
		if ago, known := said[a.Post]; !known || ago <= a.Ago || t.Kind != models.Question {
			k.problem("thread %q: accepts %q", t.Key, a.Post)
		}
	}
	for _, w := range t.Whom {
		if k.company.person(w.Ask) == nil || w.Ago >= t.Ago || w.Declined >= w.Ago || t.Kind != models.Question || w.Ask == t.Author {
			k.problem("thread %q: asks %q", t.Key, w.Ask)
		}
	}
	if (t.Poll != nil) != (t.Kind == models.Poll) {
		k.problem("thread %q: asks something if it is a poll", t.Key)
	}
	if t.Poll != nil {
		k.poll(t)
	}
	if t.Hidden && !s.Nameless {
		k.problem("thread %q: without a name in %q", t.Key, t.Space)
	}
	if slices.Contains(t.Same, t.Author) {
		k.problem("thread %q: its author asks the same", t.Key)
	}
}
