package api

import "ruche/models"

// Author is who wrote something, as programs are told.
type Author struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	External bool   `json:"external"`
}

// AuthorOf is who wrote something, nil for somebody hidden.
func AuthorOf(id int64, name string, role models.Role) *Author {
	if role == models.RoleHidden {
		return nil
	}
	return &Author{id, name, role == models.RoleExternal}
}
