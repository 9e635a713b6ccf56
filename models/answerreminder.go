package models

import "time"

// Of what those who decide were reminded about an idea, and when before or after the day that was promised.
var reminders = []struct {
	level   int
	after   time.Duration
	kind    Kind
	sponsor bool // hears it as well
}{
	{3, 7 * day, NoticeAnswersLong, true},
	{2, 0, NoticeAnswersLate, false},
	{1, -3 * day, NoticeAnswersSoon, false},
}

// RemindOfAnswers tells those who run campaigns of the ideas that have to be answered soon or are late, and the sponsors of
// what has been late for a week: each idea is a reason once for each of the three, and everyone gets one notice of a kind.
func (tx *Tx) RemindOfAnswers() error {
	var campaigns []Campaign
	err := tx.raw(tx.ctx, &campaigns, `SELECT c.* FROM campaigns c WHERE c.answer_days > 0 AND c.published_at IS NOT NULL
		AND EXISTS (SELECT 1 FROM ideas i WHERE i.campaign_id = c.id AND i.state = 'published' AND i.waiting_since IS NOT NULL AND i.waiting_since <= ?) ORDER BY c.id`, tx.now)
	if err != nil {
		return err
	}
	told := map[Kind]map[int64]bool{}
	for i := range campaigns {
		if err := tx.remindOf(&campaigns[i], told); err != nil {
			return err
		}
	}
	return nil
}

// remindOf tells the people of one campaign what they have not been told in this round.
func (tx *Tx) remindOf(c *Campaign, told map[Kind]map[int64]bool) error {
	for _, r := range reminders {
		since := tx.now.Add(-time.Duration(c.AnswerDays)*day - r.after)
		changed, err := tx.exec(`UPDATE ideas SET reminded = ? WHERE campaign_id = ? AND state = 'published' AND waiting_since IS NOT NULL AND waiting_since <= ? AND reminded < ?`, r.level, c.ID, since, r.level)
		if err != nil || changed == 0 {
			if err != nil {
				return err
			}
			continue
		}
		people, err := tx.accountable(c, r.sponsor)
		if err != nil {
			return err
		}
		for _, id := range people {
			if told[r.kind][id] {
				continue
			}
			if told[r.kind] == nil {
				told[r.kind] = map[int64]bool{}
			}
			told[r.kind][id] = true
			if err := tx.NotifyFromHouse(id, r.kind); err != nil {
				return err
			}
		}
	}
	return nil
}

// accountable are those who answer for a campaign's promise: who runs it, or if nobody is there any more, who runs its space.
func (tx *Tx) accountable(c *Campaign, sponsor bool) (people []int64, err error) {
	wanted := []int64{orZero(c.ManagerID)}
	if sponsor {
		wanted = append(wanted, orZero(c.SponsorID))
	}
	if people, err = tx.KnownPeople(wanted); err != nil || len(people) > 0 {
		return people, err
	}
	return people, tx.raw(tx.ctx, &people, `SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id
		WHERE m.space_id = ? AND m.role = 'manager' AND u.disabled_at IS NULL AND u.role NOT IN ('external', 'auditor') ORDER BY m.user_id`, c.SpaceID)
}
