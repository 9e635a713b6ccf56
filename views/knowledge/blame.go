package knowledge

import (
	"ruche/models"
	"ruche/views/parts"
)

// Blame is a page of who last changed each block of an article.
type Blame struct {
	Article     *models.Article
	Space       models.SpaceAccess
	Stretches   []Stretch
	Open        bool // some of them are older than what was looked at
	LookedTo    int  // the oldest version that was looked at
	Versions    int  // how many there are
	Next, Start string
}

// Stretch is some blocks that follow each other and are from one version.
type Stretch struct {
	Version models.ArticleVersionCard // of number 0 where that is not found yet
	Editor  parts.Named
	Blocks  []BlameBlock
}

// BlockKind says how a block is shown, where it is no paragraph.
type BlockKind int

// Kinds of blocks.
const (
	Paragraph BlockKind = iota
	Heading
	Item
	Quote
	Code
)

// BlameBlock is a block of an article as its source has it.
type BlameBlock struct {
	Kind  BlockKind
	Words string
}
