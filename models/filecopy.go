package models

// CopyFiles makes files of their own for a text that is carried over from a place: of those that lie there among some which the actor has
// loaded. Whose they are stays, and their bytes are kept once. They lie nowhere before PlaceCopies, in the same transaction.
func (tx *Tx) CopyFiles(from About, files []File) (copies []File, other map[int64]int64, err error) {
	other = map[int64]int64{}
	for i := range files {
		if !files[i].liesAt(from) {
			continue
		}
		if tx.postgres() { // so that nobody takes the bytes away meanwhile
			var id int64
			if err := tx.one(tx.ctx, &id, "SELECT id FROM files WHERE id = ? FOR SHARE", files[i].ID); err != nil {
				return nil, nil, err
			}
		}
		file := files[i]
		file.ID, file.IdeaID, file.ThreadID, file.ArticleID, file.GatheringID, file.SpaceID, file.UploadID, file.CreatedAt = 0, nil, nil, nil, nil, nil, "", tx.now
		if err := tx.create(&file); err != nil {
			return nil, nil, err
		}
		other[files[i].ID] = file.ID
		copies = append(copies, file)
	}
	return copies, other, nil
}

// liesAt tells whether the texts of a place use the file.
func (f *File) liesAt(about About) bool {
	return about != (About{}) && orZero(f.IdeaID) == about.Idea && orZero(f.ThreadID) == about.Thread && orZero(f.ArticleID) == about.Article && orZero(f.GatheringID) == about.Gathering
}

// PlaceCopies gives the place that a text was carried over to the files that were copied for it. Where its space has no room for them the
// error is at the field "body".
func (tx *Tx) PlaceCopies(place Place, copies []File) error {
	if len(copies) == 0 {
		return nil
	}
	if err := tx.hold("spaces", place.SpaceID()); err != nil {
		return err
	}
	ids := make([]int64, len(copies))
	for i := range copies {
		ids[i] = copies[i].ID
	}
	in := place.ids()
	if _, err := tx.exec("UPDATE files SET idea_id = ?, thread_id = ?, article_id = ?, gathering_id = ?, space_id = ? WHERE id IN ?", in.idea, in.thread, in.article, in.gathering, place.SpaceID(), ids); err != nil {
		return err
	}
	return tx.roomFor(place.SpaceID(), "body")
}
