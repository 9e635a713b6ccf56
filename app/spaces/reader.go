package spaces

import "ruche/models"

// Name is the reader's cursor.
func (f *Spaces) Name() string { return "spaces" }

// Read looks for spaces without a manager whenever something has happened to a person or to who is in a space: a
// directory that closes an account asks nobody.
func (f *Spaces) Read(tx *models.Tx, events []models.Event) error {
	for i := range events {
		if mayLeaveUnmanaged(&events[i]) {
			return noteUnmanaged(tx)
		}
	}
	return nil
}

func mayLeaveUnmanaged(e *models.Event) bool {
	switch e.Verb {
	case models.UserSignedIn, models.UserSignedOut, models.SignInRefused:
		return false // so often that it must cost nothing
	}
	return e.Subject == "user" || e.Subject == "space" && e.Verb != models.SpaceUnmanaged
}
