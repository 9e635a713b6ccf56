package proof_test

import "ruche/models"

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

// typesIn: whoever of the company runs campaigns in a room or moderates it, while it is written in.
func typesIn(k *company, p, r int) bool {
	return campaigns(k, p, r) || ofTheCompany(k, p, r) && k.moderates(p, r) && !k.rooms[r].archived
}

func campaigns(k *company, p, r int) bool       { return k.may(p, models.RunCampaigns, r) }
func hears(k *company, p, r int) bool           { return k.may(p, models.FollowIdea, r) }
func votes(k *company, p, r int) bool           { return k.writes(p, r) }
func takesVoteBack(k *company, p, r int) bool   { return k.takesPart(p, r) }
func tendsPoll(k *company, p, r int) bool       { return p == 0 && k.writes(p, r) || settles(k, p, r) }
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
func amends(k *company, p, i int) bool {
	x := k.ideas[i]
	return k.writes(p, x.room) && !x.withdrawn && p != x.author && p != x.coAuthor
}
func answersMerges(k *company, p, i int) bool {
	x := k.ideas[i]
	return (p == x.author || p == x.coAuthor) && k.takesPart(p, x.room)
}
func endsMerges(k *company, p, i int) bool { return decides(k, p, i) || answersMerges(k, p, i) }
func decidesAmendments(k *company, p, i int) bool {
	x := k.ideas[i]
	return edits(k, p, i) && (p == x.author || p == x.coAuthor) && p != x.commenter
}
func promotes(k *company, p, i int) bool {
	return p == k.ideas[i].commenter && k.writes(p, k.ideas[i].room)
}
func editsComment(k *company, p, i int) bool { return k.edits(p, i, k.ideas[i].commenter) }
func hidesTexts(k *company, p, i int) bool   { return k.reads(p, i) && k.moderates(p, k.ideas[i].room) }
func reacts(k *company, p, i int) bool {
	return k.writes(p, k.ideas[i].room) && p != k.ideas[i].commenter
}
func unreacts(k *company, p, i int) bool    { return k.takesPart(p, k.ideas[i].room) }
func stages(k *company, p, i int) bool      { return k.may(p, models.StageIdea, k.ideas[i].room) }
func follows(k *company, p, i int) bool     { return k.may(p, models.FollowIdea, k.ideas[i].room) }
func contributes(k *company, p, i int) bool { return k.writes(p, k.ideas[i].room) }
func answers(k *company, p, i int) bool     { return k.takesPart(p, k.ideas[i].room) } // or is shown the form
func takesBack(k *company, p, i int) bool   { return k.takesBack(p, i, k.ideas[i].author) }
func removes(k *company, p, i int) bool     { return k.takesBack(p, i, k.ideas[i].commenter) }
func carries(k *company, p, i int) bool {
	return ofTheCompany(k, p, i) && (k.may(p, models.RunCampaigns, k.ideas[i].room) || p == k.ideas[i].commenter && k.writes(p, k.ideas[i].room))
}

// judges: the author is the controller, unless they carry the project themselves.
func judges(k *company, p, i int) bool {
	x := k.ideas[i]
	return ofTheCompany(k, p, i) && p == x.author && x.author != x.commenter && k.writes(p, x.room)
}
func beginsProject(k *company, p, i int) bool { return k.may(p, models.RunCampaigns, k.ideas[i].room) }

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

// shelves: whoever of the company arranges the collections of a room.
func shelves(k *company, p, _ int) bool {
	for r := range k.rooms {
		if k.house(p) != "external" && (settles(k, p, r) || k.role(p, r) == models.SpaceExpert && k.writes(p, r)) {
			return true
		}
	}
	return false
}

// writesArticles: whoever of the company may write in a room.
func writesArticles(k *company, p, r int) bool {
	return k.house(p) != "external" && contributesAnywhere(k, p, r)
}
