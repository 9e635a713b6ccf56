package proof_test

import "ruche/models"

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

func anyone(*company, int, int) bool     { return true }
func nobody(*company, int, int) bool     { return false }
func signedIn(_ *company, p, _ int) bool { return p != visitor }
func animates(k *company, p, _ int) bool { return k.house(p) == "owner" || k.house(p) == "manager" }
func readsLog(k *company, p, _ int) bool { return k.house(p) == "owner" || k.house(p) == "auditor" }
func owns(k *company, p, _ int) bool     { return k.house(p) == "owner" }
func manages(k *company, p, r int) bool  { return k.manages(p, r) }
func admits(k *company, p, r int) bool   { return k.manages(p, r) && k.house(p) != "external" }
func joins(k *company, p, r int) bool    { return k.joins(p, r) }
func asks(k *company, p, r int) bool     { return k.asks(p, r) }
func runs(k *company, p, r int) bool     { return k.manages(p, r) && k.role(p, r) == models.SpaceManager }

// looks: whoever animates the house or runs a room.
func looks(k *company, p, _ int) bool {
	for r := range k.rooms {
		if k.manages(p, r) {
			return true
		}
	}
	return animates(k, p, 0)
}

func ofTheCompany(k *company, p, _ int) bool {
	return p != visitor && k.house(p) != "external" && k.house(p) != "auditor"
}

// runsSome: whoever runs campaigns in a room.
func runsSome(k *company, p, _ int) bool {
	for r := range k.rooms {
		if campaigns(k, p, r) {
			return true
		}
	}
	return false
}

// invites: whoever of the company runs a room.
func invites(k *company, p, _ int) bool {
	for r := range k.rooms {
		if admits(k, p, r) {
			return true
		}
	}
	return false
}

func invitesToFirst(k *company, p, _ int) bool { return admits(k, p, 0) && !k.rooms[0].archived } // which is public

// registers: strangers and people who may be let in. Who is in is led there; an auditor is let in nowhere.
func registers(k *company, p, r int) bool {
	return k.house(p) != "auditor" || k.sees(p, r) && k.role(p, r) != ""
}

func campaigns(k *company, p, r int) bool       { return k.may(p, models.RunCampaigns, r) }
func votes(k *company, p, r int) bool           { return k.writes(p, r) }
func decides(k *company, p, i int) bool         { return k.may(p, models.RunCampaigns, k.ideas[i].room) }
func settles(k *company, p, r int) bool         { return k.manages(p, r) && !k.rooms[r].archived }
func writesAgreement(k *company, p, r int) bool { return admits(k, p, r) && !k.rooms[r].archived }
func edits(k *company, p, i int) bool {
	return k.edits(p, i, k.ideas[i].author) || k.edits(p, i, k.ideas[i].coAuthor)
}
func coAuthors(k *company, p, i int) bool {
	return p == k.ideas[i].coAuthor && p != k.ideas[i].author
}
func asksCoAuthors(k *company, p, i int) bool { return k.asksCoAuthors(p, i) }
func removesCoAuthors(k *company, p, i int) bool {
	return k.asksCoAuthors(p, i) || k.moderates(p, k.ideas[i].room)
}
func editsComment(k *company, p, i int) bool { return k.edits(p, i, k.ideas[i].commenter) }
func stages(k *company, p, i int) bool       { return k.may(p, models.StageIdea, k.ideas[i].room) }
func follows(k *company, p, i int) bool      { return k.may(p, models.FollowIdea, k.ideas[i].room) }
func contributes(k *company, p, i int) bool  { return k.writes(p, k.ideas[i].room) }
func answers(k *company, p, i int) bool      { return k.takesPart(p, k.ideas[i].room) } // or is shown the form
func takesBack(k *company, p, i int) bool    { return k.takesBack(p, i, k.ideas[i].author) }
func removes(k *company, p, i int) bool      { return k.takesBack(p, i, k.ideas[i].commenter) }

// looksAfter: owners after everyone, community managers after those who have no say over the house.
func looksAfter(k *company, p, q int) bool {
	role := k.house(q)
	return k.house(p) == "owner" || k.house(p) == "manager" && role != "owner" && role != "manager" && role != "auditor"
}

// looksAfterBoth: of two accounts the one that is asked about, and the one that follows.
func looksAfterBoth(k *company, p, q int) bool {
	return looksAfter(k, p, q) && looksAfter(k, p, (q+1)%len(k.people))
}

// contributesAnywhere: whoever may post in at least one room.
func contributesAnywhere(k *company, p, _ int) bool {
	for r := range k.rooms {
		if k.writes(p, r) {
			return true
		}
	}
	return false
}

// begins: whoever may post in at least one room, if need be once they have accepted its agreement.
func begins(k *company, p, _ int) bool {
	for r := range k.rooms {
		if k.takesPart(p, r) {
			return true
		}
	}
	return false
}

// rules has a line for each route of the house. A route without one fails the test: say here who may ask for it.
var rules = map[string]rule{
	"GET /":                                 {allowed: anyone},
	"GET /livez":                            {allowed: anyone},
	"GET /readyz":                           {allowed: anyone},
	"GET /metrics":                          {allowed: anyone}, // from this machine
	"GET /live":                             {allowed: signedIn, stream: true},
	"GET /sign-in":                          {allowed: anyone},
	"GET /sign-in/link":                     {query: "?token=unknown"},
	"POST /sign-in/link":                    {allowed: anyone},
	"GET /sign-in/oidc":                     {allowed: anyone},
	"GET /sign-in/oidc/callback":            {query: "?state=unknown&code=c"}, // see TestWhoComesInByTheProviderIsAnEmployeeOfNoRoom
	"POST /sign-in/oidc/logout":             {form: "logout_token=unknown"},
	"GET /sign-in/mail":                     {allowed: anyone},
	"POST /sign-in/mail":                    {allowed: anyone},
	"POST /sign-in/passkey/challenge":       {allowed: anyone},
	"POST /sign-in/passkey":                 {allowed: anyone},
	"POST /account/passkeys/challenge":      {allowed: signedIn},
	"POST /account/passkeys":                {allowed: signedIn},
	"POST /account/passkeys/:id/removal":    {about: somebodys, allowed: signedIn},
	"POST /sign-out":                        {allowed: anyone},
	"POST /preferences":                     {allowed: anyone},
	"GET /account":                          {allowed: signedIn},
	"POST /account":                         {allowed: signedIn},
	"POST /account/correction":              {allowed: signedIn, form: "wish=My+department+is+another"},
	"POST /account/picture":                 {allowed: signedIn},
	"POST /account/picture/removal":         {allowed: signedIn},
	"POST /account/tokens":                  {allowed: signedIn},
	"POST /account/tokens/:id/revocation":   {about: somebodys, allowed: signedIn},
	"GET /privacy":                          {allowed: signedIn},
	"POST /account/data/erasure":            {allowed: signedIn},
	"POST /account/data/erasure/withdrawal": {}, // nobody has asked for one
	"GET /privacy/settings":                 {allowed: owns},
	"POST /privacy/settings":                {allowed: owns},
	"GET /account/data":                     {allowed: signedIn},
	"POST /account/data/exports":            {allowed: signedIn},
	"GET /account/data/exports/:id":         {}, // nobody has asked for one,
	"GET /audit":                            {allowed: readsLog},
	"GET /notifications":                    {allowed: signedIn, known: true}, // that nobody runs it
	"GET /notifications/count":              {allowed: signedIn},
	"POST /notifications/read":              {allowed: signedIn},
	"PUT /drafts/*":                         {allowed: signedIn},
	"DELETE /drafts/*":                      {allowed: signedIn},
	"GET /sign-in-rules":                    {allowed: owns},
	"POST /sign-in-rules":                   {allowed: owns, form: "claim=groups&value=staff&role=hr"},
	"POST /sign-in-rules/trial":             {allowed: owns, form: "claims=%7B%7D"},
	"GET /sign-in-rules/:id":                {}, // nobody has made any
	"POST /sign-in-rules/:id":               {allowed: owns},
	"POST /sign-in-rules/:id/position":      {allowed: owns},
	"POST /sign-in-rules/:id/removal":       {allowed: owns},
	"POST /sign-in-rules/:id/restoration":   {allowed: owns},
	"GET /view":                             {allowed: looks},
	"POST /view":                            {allowed: looks, form: "role=visitor"},
	"POST /view/end":                        {allowed: signedIn},

	"GET /people/suggestions":                 {allowed: signedIn, query: "?q=person"},
	"GET /people/:id":                         {about: aPerson, allowed: anyone},
	"GET /people/:id/erasure":                 {about: aPerson, allowed: owns},
	"POST /people/:id/erasure":                {about: aPerson, allowed: owns},
	"GET /sign-out":                           {allowed: anyone},
	"POST /account/sessions/removal":          {allowed: signedIn},
	"POST /account/sessions/:session/removal": {about: somebodys, allowed: signedIn},
	"GET /account/security":                   {allowed: signedIn},

	"GET /spaces":                {allowed: anyone, known: true},
	"GET /spaces/new":            {allowed: animates},
	"POST /spaces":               {allowed: animates},
	"GET /spaces/:slug":          {about: aSpace, allowed: anyone, known: true},
	"POST /spaces/:slug":         {about: aSpace, allowed: settles},
	"GET /spaces/:slug/settings": {about: aSpace, allowed: manages},
	"GET /spaces/:slug/members":  {about: aSpace, allowed: signedIn},
	"POST /spaces/:slug/members": {about: aSpace, allowed: manages},

	"GET /campaigns":                  {allowed: anyone},
	"GET /campaigns/new":              {allowed: runsSome},
	"POST /campaigns":                 {about: nothing},
	"GET /campaigns/:id":              {about: aDraft, allowed: anyone},
	"GET /campaigns/:id/brief":        {about: aCampaign, allowed: anyone},
	"GET /campaigns/:id/edit":         {about: aCampaign, allowed: campaigns},
	"POST /campaigns/:id":             {about: aCampaign, allowed: campaigns},
	"GET /campaigns/:id/stages":       {about: aCampaign, allowed: campaigns},
	"POST /campaigns/:id/stages":      {about: aCampaign, allowed: campaigns},
	"GET /campaigns/:id/people":       {about: aCampaign, allowed: campaigns},
	"POST /campaigns/:id/people":      {about: aCampaign, allowed: campaigns},
	"GET /campaigns/:id/copies/new":   {about: aCampaign, allowed: runsSome},
	"POST /campaigns/:id/copies":      {about: aCampaign, allowed: campaigns},
	"POST /campaigns/:id/publication": {about: aCampaign, allowed: campaigns},
	"POST /campaigns/:id/pause":       {about: aCampaign, allowed: campaigns},
	"POST /campaigns/:id/resumption":  {about: aDraft, allowed: anyone},
	"GET /campaigns/:id/figures":      {about: aDraft, allowed: anyone},

	"GET /answers":               {allowed: runsSome}, // nobody is given a campaign
	"GET /answers/prepared":      {allowed: runsSome},
	"POST /answers/publications": {about: nothing}, // none is prepared
	"GET /answers/templates":     {allowed: animates},
	"POST /answers/templates":    {allowed: animates, form: "selected_en=Thank+you."},

	"GET /campaigns/:id/vote":                 {about: aVote, allowed: campaigns},
	"POST /campaigns/:id/vote":                {about: aVote, allowed: campaigns},
	"GET /campaigns/:id/ballot":               {about: aVote, allowed: anyone},
	"POST /campaigns/:id/ballot":              {about: aVote, allowed: votes, form: "base=0"},
	"POST /campaigns/:id/duels":               {about: aVote, allowed: votes},
	"GET /campaigns/:id/results":              {about: aVote, allowed: anyone},
	"GET /campaigns/:id/results.csv":          {about: aVote}, // not before it is counted
	"GET /campaigns/:id/results.xlsx":         {about: aVote},
	"GET /campaigns/:id/results.json":         {about: aVote},
	"GET /campaigns/:id/ballots.csv":          {about: aVote},
	"GET /api/v1/campaigns/:id/ballot":        {about: aVote, allowed: signedIn},
	"PUT /api/v1/campaigns/:id/ballot":        {about: aVote, allowed: votes, body: map[string]any{"lines": []any{}}},
	"PUT /api/v1/campaigns/:id/duels/:number": {about: aVote, allowed: votes, body: map[string]any{}},
	"GET /api/v1/campaigns/:id/results":       {about: aVote, allowed: anyone},
	"GET /api/v1/campaigns/:id/ballots":       {about: aVote},

	"GET /spaces/:slug/agreement":                   {about: aSpace, allowed: anyone},
	"POST /spaces/:slug/agreement":                  {about: aSpace, allowed: writesAgreement},
	"GET /spaces/:slug/agreement/edit":              {about: aSpace, allowed: writesAgreement},
	"POST /spaces/:slug/agreement/acceptance":       {about: aSpace, allowed: signedIn}, // whoever need not is told so
	"POST /spaces/:slug/agreement/withdrawal":       {about: aSpace, allowed: writesAgreement},
	"GET /spaces/:slug/agreement/versions":          {about: aSpace, allowed: anyone},
	"GET /spaces/:slug/agreement/versions/:number":  {about: anAgreement, allowed: anyone},
	"GET /api/v1/spaces/:slug/agreement":            {about: anAgreement, allowed: anyone},
	"PUT /api/v1/spaces/:slug/agreement/acceptance": {about: aSpace, allowed: signedIn, body: map[string]any{"version": 1}},

	"GET /spaces/unmanaged":                           {allowed: animates, known: true},
	"POST /spaces/unmanaged/:id":                      {allowed: animates},
	"POST /spaces/:slug/archive":                      {about: aSpace, allowed: manages},
	"POST /spaces/:slug/reopening":                    {about: aSpace, allowed: manages},
	"POST /spaces/:slug/membership":                   {about: aSpace, allowed: joins, known: true},
	"POST /spaces/:slug/membership/removal":           {about: aSpace, allowed: signedIn},
	"POST /spaces/:slug/membership/return":            {about: aSpace, allowed: signedIn},
	"GET /spaces/:slug/requests":                      {about: aSpace, allowed: manages},
	"POST /spaces/:slug/requests":                     {about: aSpace, allowed: asks, known: true},
	"POST /spaces/:slug/requests/withdrawal":          {about: aSpace, allowed: signedIn, known: true},
	"POST /spaces/:slug/requests/:id":                 {about: aSpace, allowed: settles, form: "decision=approve"},
	"POST /spaces/:slug/members/:id":                  {about: aSpace, allowed: manages},
	"POST /spaces/:slug/members/:id/removal":          {about: aSpace, allowed: manages},
	"GET /spaces/:slug/members/:id/succession":        {about: aSpace, allowed: runs, stream: true}, // about a person who is not there
	"POST /spaces/:slug/members/:id/succession":       {about: aSpace, allowed: runs},
	"GET /members":                                    {allowed: animates},
	"GET /members/:id":                                {about: aPerson, allowed: animates},
	"POST /members/:id/role":                          {about: aPerson, allowed: looksAfter, form: "role=employee&sure=1"},
	"POST /members/:id/suspension":                    {about: aPerson, allowed: looksAfter, form: "suspended=1"},
	"POST /members/:id/terms":                         {about: aPerson, allowed: looksAfter, form: "until=&sponsor="},
	"POST /members/:id/sign-out":                      {about: aPerson, allowed: looksAfter},
	"POST /members/:id/undo":                          {about: aPerson, allowed: looksAfter, form: "at=1"},
	"GET /members/:id/merge":                          {about: aPerson, allowed: looksAfter},
	"GET /members/:id/merge/:other":                   {about: aPerson, allowed: looksAfterBoth},
	"POST /members/:id/merge/:other":                  {about: aPerson, allowed: looksAfterBoth}, // unsure, so that the company stays what it is
	"GET /members/:id/merges/:merge":                  {about: aPerson},                          // nothing is merged
	"POST /members/:id/merges/:merge/undo":            {about: aPerson},
	"GET /guests":                                     {allowed: ofTheCompany},
	"POST /guests/:id/extension":                      {about: aPerson}, // nobody's access ends
	"POST /guests/:id/sponsor":                        {about: aPerson, form: "sponsor=nobody@example.test"},
	"GET /spaces/:slug/links":                         {about: aSpace, allowed: admits},
	"POST /spaces/:slug/links":                        {about: aSpace, allowed: admits, form: "role=member&places=5&days=5"},
	"POST /spaces/:slug/links/:id/revocation":         {about: aSpace, allowed: admits},
	"GET /spaces/:slug/registration":                  {about: aRegistration, allowed: registers},
	"POST /spaces/:slug/registration":                 {about: aRegistration, allowed: registers, form: "message=Please"},
	"GET /spaces/:slug/registrations":                 {about: aSpace, allowed: admits},
	"POST /spaces/:slug/registrations":                {about: aSpace, allowed: admits, form: "open=1"},
	"POST /spaces/:slug/registrations/:id/acceptance": {about: aSpace, allowed: admits, form: "role=member"},
	"POST /spaces/:slug/registrations/:id/refusal":    {about: aSpace, allowed: admits, form: "answer=No"},
	"GET /registration":                               {query: "?token=unknown"},
	"POST /registration":                              {allowed: anyone},
	"GET /registration/mail":                          {allowed: anyone},
	"GET /registration/waiting":                       {allowed: anyone},
	"GET /join":                                       {allowed: anyone},
	"POST /join":                                      {allowed: anyone},
	"GET /join/mail":                                  {allowed: anyone},
	"GET /invitations":                                {allowed: invites},
	"POST /invitations":                               {allowed: invitesToFirst, form: "addresses=new@customer.example&space=room-0&role=member"},
	"GET /invitations/new":                            {allowed: invites},
	"POST /invitations/:id/letter":                    {}, // nobody has been invited
	"POST /invitations/:id/revocation":                {},
	"GET /invitation":                                 {query: "?token=unknown"},
	"POST /invitation":                                {allowed: anyone},
	"GET /api/v1/people":                              {allowed: animates},
	"PATCH /api/v1/people/:id":                        {about: aPerson, allowed: looksAfter, body: map[string]any{"suspended": true}},
	"GET /members/new":                                {allowed: animates},
	"GET /members/export":                             {allowed: animates},
	"GET /members/rosters/new":                        {allowed: animates},
	"POST /members/rosters":                           {allowed: animates},
	"GET /members/rosters/:id":                        {}, // nobody has sent one
	"POST /members/rosters/:id/import":                {},
	"POST /members/rosters/:id/links":                 {},
	"POST /members/rosters/:id/removal":               {},
	"POST /members":                                   {allowed: animates, form: "name=New&email=new@example.test&role=employee"},
	"POST /members/:id/link":                          {about: aPerson, allowed: looksAfter},
	"POST /members/:id/correction":                    {about: aPerson, allowed: looksAfter},

	"GET /services":                               {allowed: owns},
	"POST /services":                              {allowed: owns},
	"GET /services/:id":                           {}, // there is none
	"POST /services/:id/tokens":                   {},
	"POST /services/:id/tokens/:token/revocation": {},
	"POST /services/:id/suspension":               {},

	"GET /ideas":                                    {allowed: anyone},
	"GET /downloads":                                {allowed: signedIn},
	"POST /downloads":                               {allowed: signedIn, form: "what=ideas&format=csv&separator=comma"},
	"GET /downloads/new":                            {allowed: signedIn},
	"GET /downloads/:id":                            {}, // nobody has asked for one before
	"GET /downloads/:id/file":                       {},
	"GET /ideas/similar":                            {allowed: signedIn, query: "?title=About+zqall"},
	"GET /ideas/new":                                {allowed: begins},
	"POST /ideas":                                   {allowed: begins},
	"GET /ideas/:id":                                {about: anIdea, allowed: anyone},
	"GET /ideas/:id/edit":                           {about: anIdea, allowed: edits},
	"POST /ideas/:id":                               {about: anIdea, allowed: edits, form: "title=Another+title&body=Another.&base=1"},
	"POST /ideas/:id/withdrawal":                    {about: anIdea, allowed: takesBack},
	"POST /ideas/:id/restoration":                   {about: anIdea, allowed: takesBack},
	"POST /ideas/:id/supports":                      {about: anIdea, allowed: contributes, form: "supported=1"},
	"POST /ideas/:id/follow":                        {about: anIdea, allowed: follows, form: "following=1"},
	"POST /ideas/:id/stage":                         {about: anIdea, allowed: stages, form: "stage=discussed"},
	"GET /ideas/:id/answer":                         {about: aListed, allowed: decides},
	"POST /ideas/:id/answer":                        {about: aListed, allowed: decides, form: "decision=declined.cost&body=No.&answer=0&version=0&publish=1"},
	"GET /ideas/:id/answers":                        {about: anIdea, allowed: anyone},
	"GET /ideas/:id/coauthors":                      {about: anIdea, allowed: signedIn},
	"POST /ideas/:id/coauthors":                     {about: anIdea, allowed: asksCoAuthors, form: "who=nobody"},
	"POST /ideas/:id/coauthors/answer":              {about: anIdea, allowed: coAuthors, form: "answer=join"},
	"POST /ideas/:id/coauthors/departure":           {about: anIdea, allowed: coAuthors},
	"POST /ideas/:id/coauthors/:person/removal":     {about: anIdea, allowed: removesCoAuthors},
	"GET /ideas/:id/versions":                       {about: anIdea, allowed: anyone},
	"GET /ideas/:id/versions/:number":               {about: anIdea, allowed: anyone},
	"POST /ideas/:id/comments":                      {about: anIdea, allowed: contributes, form: "body=Another.&once=proof-proof-proof-1"},
	"GET /ideas/:id/comments/:comment":              {about: aComment, allowed: anyone},
	"GET /ideas/:id/comments/:comment/reply":        {about: anAnswer, allowed: answers},
	"GET /ideas/:id/comments/:comment/edit":         {about: aComment, allowed: editsComment},
	"POST /ideas/:id/comments/:comment":             {about: aComment, allowed: editsComment, form: "body=Another."},
	"POST /ideas/:id/comments/:comment/removal":     {about: aComment, allowed: removes},
	"POST /ideas/:id/comments/:comment/restoration": {about: aRemoved, allowed: removes},

	"POST /files":    {allowed: signedIn},
	"GET /files/:id": {about: aFile, allowed: anyone},

	"GET /search":             {allowed: anyone, query: "?q=zqall"},
	"GET /search/suggestions": {allowed: anyone, query: "?q=zq"},
	"GET /*":                  {},

	"GET /groups":                       {allowed: animates},
	"POST /groups":                      {allowed: animates},
	"GET /groups/:id":                   {about: aGroup, allowed: animates},
	"POST /groups/:id":                  {about: aGroup, allowed: animates},
	"POST /groups/:id/deletion":         {about: aGroup, allowed: animates},
	"POST /groups/:id/restoration":      {about: aGroup, allowed: animates},
	"POST /groups/:id/members":          {about: aGroup, allowed: animates},
	"POST /groups/:id/members/removal":  {about: aGroup, allowed: animates},
	"GET /spaces/:slug/groups":          {about: aSpace, allowed: admits},
	"POST /spaces/:slug/groups":         {about: aSpace, allowed: admits},
	"POST /spaces/:slug/groups/removal": {about: aSpace, allowed: admits},

	"GET /api/v1/groups":                       {allowed: animates},
	"POST /api/v1/groups":                      {allowed: animates, body: map[string]any{"name": "Another"}},
	"GET /api/v1/groups/:id/members":           {about: aGroup, allowed: animates},
	"PUT /api/v1/groups/:id/members/:email":    {about: aGroup, allowed: animates},
	"DELETE /api/v1/groups/:id/members/:email": {about: aGroup, allowed: animates},
	"GET /api/v1/spaces/:slug/groups":          {about: aSpace, allowed: admits},
	"PUT /api/v1/spaces/:slug/groups/:id":      {about: aSpace, allowed: admits, body: map[string]any{"role": "member"}},
	"DELETE /api/v1/spaces/:slug/groups/:id":   {about: aSpace, allowed: admits},

	// Nobody's own token opens the directory's door.
	"GET /scim/v2/ServiceProviderConfig": {allowed: nobody},
	"GET /scim/v2/ResourceTypes":         {allowed: nobody},
	"GET /scim/v2/ResourceTypes/:id":     {allowed: nobody},
	"GET /scim/v2/Schemas":               {allowed: nobody},
	"GET /scim/v2/Schemas/:id":           {allowed: nobody},
	"GET /scim/v2/Users":                 {allowed: nobody},
	"POST /scim/v2/Users":                {allowed: nobody, body: map[string]any{"userName": "another"}},
	"GET /scim/v2/Users/:id":             {about: aPerson, allowed: nobody},
	"PUT /scim/v2/Users/:id":             {about: aPerson, allowed: nobody, body: map[string]any{"userName": "another"}},
	"PATCH /scim/v2/Users/:id":           {about: aPerson, allowed: nobody},
	"DELETE /scim/v2/Users/:id":          {about: aPerson, allowed: nobody},
	"GET /scim/v2/Groups":                {allowed: nobody},
	"POST /scim/v2/Groups":               {allowed: nobody, body: map[string]any{"displayName": "another"}},
	"GET /scim/v2/Groups/:id":            {allowed: nobody},
	"PUT /scim/v2/Groups/:id":            {allowed: nobody, body: map[string]any{"displayName": "another"}},
	"PATCH /scim/v2/Groups/:id":          {allowed: nobody},
	"DELETE /scim/v2/Groups/:id":         {allowed: nobody},
	"GET /scim/v2/*":                     {allowed: nobody},

	"GET /api/v1/docs":                                    {allowed: anyone},
	"GET /api/v1/openapi.json":                            {allowed: anyone},
	"GET /api/v1/me":                                      {allowed: signedIn},
	"GET /api/v1/search":                                  {allowed: anyone, query: "?q=zqall"},
	"GET /api/v1/campaigns":                               {allowed: anyone},
	"POST /api/v1/campaigns":                              {about: nothing},
	"GET /api/v1/campaigns/:id":                           {about: aDraft, allowed: anyone},
	"PATCH /api/v1/campaigns/:id":                         {about: aCampaign, allowed: campaigns, body: map[string]any{"question": "Which one?"}},
	"PUT /api/v1/campaigns/:id/stages":                    {about: aCampaign, allowed: campaigns, body: map[string]any{"kind": "channel"}},
	"PUT /api/v1/campaigns/:id/publication":               {about: aCampaign, allowed: campaigns},
	"PUT /api/v1/campaigns/:id/pause":                     {about: aCampaign, allowed: campaigns, body: map[string]any{"reason": "A holiday"}},
	"DELETE /api/v1/campaigns/:id/pause":                  {about: aCampaign, allowed: campaigns},
	"GET /api/v1/spaces":                                  {allowed: anyone},
	"POST /api/v1/spaces":                                 {allowed: animates, body: map[string]any{"slug": "another", "title": "Another", "visibility": "company"}},
	"GET /api/v1/spaces/:slug":                            {about: aSpace, allowed: anyone, known: true},
	"PATCH /api/v1/spaces/:slug":                          {about: aSpace, allowed: settles, body: map[string]any{"title": "Another"}},
	"PUT /api/v1/spaces/:slug/archive":                    {about: aSpace, allowed: manages},
	"DELETE /api/v1/spaces/:slug/archive":                 {about: aSpace, allowed: manages},
	"PUT /api/v1/spaces/:slug/membership":                 {about: aSpace, allowed: joins, known: true},
	"DELETE /api/v1/spaces/:slug/membership":              {about: aSpace, allowed: signedIn},
	"POST /api/v1/spaces/:slug/requests":                  {about: aSpace, allowed: asks, body: map[string]any{"message": "Please."}, known: true},
	"DELETE /api/v1/spaces/:slug/request":                 {about: aSpace, allowed: signedIn, known: true},
	"GET /api/v1/spaces/:slug/requests":                   {about: aSpace, allowed: manages},
	"PUT /api/v1/spaces/:slug/requests/:id/decision":      {about: aSpace, allowed: settles, body: map[string]any{"decision": "approve"}},
	"GET /api/v1/spaces/:slug/invitations":                {about: aSpace, allowed: admits},
	"POST /api/v1/spaces/:slug/invitations":               {about: aSpace, allowed: admits, body: map[string]any{"addresses": []string{"new@customer.example"}, "role": "member"}},
	"DELETE /api/v1/spaces/:slug/invitations/:id":         {about: aSpace, allowed: admits},
	"POST /api/v1/spaces/:slug/invitations/:id/letter":    {about: aSpace, allowed: admits},
	"POST /api/v1/spaces/:slug/invitations/:id/extension": {about: aSpace, allowed: admits, body: map[string]any{}},
	"GET /api/v1/spaces/:slug/links":                      {about: aSpace, allowed: admits},
	"POST /api/v1/spaces/:slug/links":                     {about: aSpace, allowed: admits, body: map[string]any{"role": "member", "places": 5, "days": 5}},
	"DELETE /api/v1/spaces/:slug/links/:id":               {about: aSpace, allowed: admits},
	"GET /api/v1/spaces/:slug/registrations":              {about: aSpace, allowed: admits},
	"PUT /api/v1/spaces/:slug/registration":               {about: aSpace, allowed: admits, body: map[string]any{"open": true}},
	"PUT /api/v1/spaces/:slug/registrations/:id/decision": {about: aSpace, allowed: admits, body: map[string]any{"decision": "refuse", "answer": "No"}},
	"GET /api/v1/spaces/:slug/members":                    {about: aSpace, allowed: signedIn},
	"POST /api/v1/spaces/:slug/succession":                {about: aSpace, allowed: runs, body: map[string]any{"person": 987654321}},
	"PUT /api/v1/spaces/:slug/members/:email":             {about: aSpace, allowed: manages, body: map[string]any{"role": "member"}},
	"DELETE /api/v1/spaces/:slug/members/:email":          {about: aSpace, allowed: manages},
	"GET /api/v1/ideas":                                   {allowed: anyone},
	"POST /api/v1/downloads":                              {allowed: signedIn, body: map[string]any{"what": "ideas", "format": "csv"}},
	"GET /api/v1/downloads/:id":                           {},
	"GET /api/v1/downloads/:id/file":                      {},
	"POST /api/v1/ideas":                                  {allowed: contributesAnywhere, body: map[string]any{"space": "room-0", "title": "Another", "body": "Another.", "tags": []string{}}},
	"GET /api/v1/ideas/:id":                               {about: anIdea, allowed: anyone},
	"PATCH /api/v1/ideas/:id":                             {about: anIdea, allowed: edits, body: map[string]any{"title": "Another"}},
	"DELETE /api/v1/ideas/:id":                            {about: anIdea, allowed: takesBack},
	"GET /api/v1/ideas/:id/coauthors":                     {about: anIdea, allowed: anyone},
	"POST /api/v1/ideas/:id/coauthors":                    {about: anIdea, allowed: asksCoAuthors, body: map[string]any{"person": 987654321}},
	"PUT /api/v1/ideas/:id/coauthors/answer":              {about: anIdea, allowed: coAuthors, body: map[string]any{"answer": "join"}},
	"DELETE /api/v1/ideas/:id/coauthors/:person":          {about: anIdea, allowed: removesCoAuthors},
	"PUT /api/v1/ideas/:id/support":                       {about: anIdea, allowed: contributes},
	"DELETE /api/v1/ideas/:id/support":                    {about: anIdea, allowed: answers},
	"GET /api/v1/ideas/:id/decision":                      {about: anIdea}, // most have none
	"PUT /api/v1/ideas/:id/decision":                      {about: aListed, allowed: decides, body: map[string]any{"kind": "declined", "reason": "cost", "body": "No."}},
	"GET /api/v1/ideas/:id/comments":                      {about: anIdea, allowed: anyone},
	"POST /api/v1/ideas/:id/comments":                     {about: anIdea, allowed: contributes, body: map[string]any{"body": "Another."}},
}
