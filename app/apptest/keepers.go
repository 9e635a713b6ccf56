package apptest

import "ruche/models"

// Passphrase is that of the keys which Keepers makes.
const Passphrase = "four words that nobody knows"

// Keepers names Kim and Kai of the company to keep the seals of a campaign, each with a key, which its manager does.
func (s *Site) Keepers(manager *models.User, campaignID int64) (kim, kai *models.User) {
	s.t.Helper()
	kim, kai = s.Person("Kim Quist", models.RoleHR), s.Person("Kai Kowal", models.RoleEmployee)
	campaign, err := s.DB.Campaign(s.t.Context(), s.Actor(manager), campaignID)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, keeper := range []*models.User{kim, kai} {
		s.Tx(nil, func(tx *models.Tx) error {
			return tx.SetMember(&models.Space{ID: campaign.SpaceID}, keeper, models.SpaceMember)
		})
		recipient, secret, err := models.NewSealSecret(Passphrase)
		if err != nil {
			s.t.Fatal(err)
		}
		s.Tx(s.Actor(keeper), func(tx *models.Tx) error { return tx.AddSealKey(recipient, secret) })
	}
	named := [2]models.NewKeeper{{Person: s.Actor(kim), Role: "Compliance"}, {Person: s.Actor(kai), Role: "Works council"}}
	s.Tx(s.Actor(manager), func(tx *models.Tx) error {
		_, err := tx.SetSealKeepers(campaign, named)
		return err
	})
	return kim, kai
}
