package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"ruche/app/accounts"
	"ruche/models"
)

// person is someone who is signed in.
type person struct {
	actor  *models.Actor
	header http.Header
}

// people are those who ask.
type people struct {
	usual               []*person
	narrow, empty, wide *person
	bearer              http.Header // of a program that speaks for the first of the usual ones
}

// signIn opens a session for each, through one-time links.
func signIn(ctx context.Context, db *models.DB, url string) (*people, error) {
	all := &people{}
	for n := range benchPeople {
		one, err := signInOne(ctx, db, url, benchEmail(n))
		if err != nil {
			return nil, err
		}
		all.usual = append(all.usual, one)
	}
	for email, place := range map[string]**person{narrowPerson: &all.narrow, emptyPerson: &all.empty, widePerson: &all.wide} {
		one, err := signInOne(ctx, db, url, email)
		if err != nil {
			return nil, err
		}
		*place = one
	}
	token, err := accounts.CreateToken(ctx, db, benchEmail(0), &models.Token{Name: "bench", Scope: models.ScopeWrite}, models.TokenDays)
	all.bearer = http.Header{"Authorization": {"Bearer " + token}}
	return all, err
}

func signInOne(ctx context.Context, db *models.DB, base, email string) (*person, error) {
	user, err := db.UserByEmail(ctx, email)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", email, err)
	}
	one := &person{}
	if one.actor, err = db.ActorByID(ctx, user.ID); err != nil {
		return nil, err
	}
	secret, err := accounts.LoginLink(ctx, db, email)
	if err != nil {
		return nil, err
	}
	form := strings.NewReader(url.Values{"token": {secret}}.Encode())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/sign-in/link", form)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultTransport.RoundTrip(request) // a redirect is the answer
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var pairs []string
	for _, cookie := range response.Cookies() {
		pairs = append(pairs, cookie.Name+"="+cookie.Value)
	}
	if response.StatusCode != http.StatusSeeOther || len(pairs) == 0 {
		return nil, fmt.Errorf("sign in as %s: status %d", email, response.StatusCode)
	}
	one.header = http.Header{"Cookie": {strings.Join(pairs, "; ")}, "Accept-Language": {"fr"}}
	return one, nil
}
