package proof_test

// about is what a route's parameters name.
type about string

const (
	nothing       about = ""
	aSpace        about = "space"
	anAgreement   about = "agreement"    // of a space
	aRegistration about = "registration" // at a space
	aCampaign     about = "campaign"
	aDraft        about = "campaign that is not published" // for those who run it
	aVote         about = "campaign that votes"
	aPoll         about = "poll of a thread" // of the first person's
	aProject      about = "project"          // of an idea
	aStep         about = "step of a project"
	anUpdate      about = "update of a project"
	aBenefit      about = "benefit of a project" // claimed by its owner
	anIdea        about = "idea"
	aListed       about = "idea that is there" // for all who see its room
	aComment      about = "comment"
	anAnswer      about = "comment to answer" // under an idea that is still there for all
	aRemoved      about = "removed comment"
	aFile         about = "file"
	aPerson       about = "person"
	aGroup        about = "group"
	somebodys     about = "somebody's own" // a thing of one person's, which is nobody else's business
)

// rule is what the model says about a route: what it is about, who may ask, and the body that is right for it.
type rule struct {
	about about
	// allowed tells whether p may, where they see what it is about; n is its place in the list. Without it only hidden words are looked for.
	allowed func(k *company, p, n int) bool
	body    map[string]any // of a program's request
	form    string         // of a page's
	query   string
	known   bool // tells of what one may only know of, too
	stream  bool // has no end, so only the refusals are asked for
}
