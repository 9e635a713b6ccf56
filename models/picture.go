package models

// pictureOfOwn marks the picture of somebody who has chosen it, or none, themselves: no provider says otherwise then.
const pictureOfOwn = "self"

// isPicture is the condition that the file f is what somebody looks like, or what a campaign shows.
const isPicture = "(EXISTS (SELECT 1 FROM users p WHERE p.picture_id = f.id) OR " + isBanner + ")"

// ChoosePicture makes one of a person's files the picture that others see of them; 0 for none.
func (tx *Tx) ChoosePicture(userID, fileID int64) error {
	_, err := tx.exec("UPDATE users SET picture_id = ?, picture_from = ?, changed_at = ? WHERE id = ?", orNull(fileID), pictureOfOwn, tx.now, userID)
	return err
}

// WantsPicture tells whether the picture at an address that somebody's provider gives is to be fetched: it is another than
// the one that was, and the person has not chosen theirs.
func (u *User) WantsPicture(address string) bool {
	return address != "" && u.PictureFrom != pictureOfOwn && u.PictureFrom != hash(address)
}

// TakePicture makes a file the picture of a person, as their provider has it; taken is false if they have chosen theirs meanwhile.
func (tx *Tx) TakePicture(userID, fileID int64, address string) (taken bool, err error) {
	changed, err := tx.exec("UPDATE users SET picture_id = ?, picture_from = ?, changed_at = ? WHERE id = ? AND picture_from <> ?", fileID, hash(address), tx.now, userID, pictureOfOwn)
	return changed > 0, err
}
