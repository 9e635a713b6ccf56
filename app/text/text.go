// Package text is what Ruche knows about words people write: cleaning what arrives, turning Markdown into HTML that is safe to
// show, and reading facts out of a text (its summary, its language, whom it mentions, which pictures it shows, what changed).
// It stores nothing, asks nobody and knows no record: a text goes in, an answer comes out, in bounded time whatever the text.
package text

// The longest texts that are taken. Titles are counted in characters, because a person counts those; bodies in bytes, because
// these limits protect the machine (the longest of 3,193 real ideas has 61,670).
const (
	MaxTitle   = 160
	MaxBody    = 100_000
	MaxComment = 20_000
)

// MaxNamed is how many people and groups a text may name: more is shouting, and each one is a notice to somebody.
const MaxNamed = 50

// A Problem is what is wrong with a text a person sent. It is an error whose text is the key of the sentence to show.
type Problem string

// What can be wrong with a text.
const (
	Blank       Problem = "text.blank"        // nothing visible in it
	NoLetters   Problem = "text.no_letters"   // a title without one letter or digit: nothing to find it by
	TooLong     Problem = "text.too_long"     // more than the limit of its place
	BodyLong    Problem = "text.body_long"    // more than MaxBody
	CommentLong Problem = "text.comment_long" // more than MaxComment
	TitleLong   Problem = "text.title_long"   // more than MaxTitle
	SummaryLong Problem = "text.summary_long" // more than MaxSummary
	InvalidUTF8 Problem = "text.invalid_utf8" // not text at all
	Control     Problem = "text.control"      // a NUL, which no keyboard types and PostgreSQL refuses
	TooComplex  Problem = "text.too_complex"  // nested or crossed so much that showing it would cost seconds
	TooMany     Problem = "text.too_many"     // more people and groups named than MaxNamed
)

// Error returns the key of the sentence that explains the problem.
func (p Problem) Error() string { return string(p) }
