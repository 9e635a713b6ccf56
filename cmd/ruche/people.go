package main

import (
	"fmt"

	"ruche/app/accounts"
	"ruche/app/jobs"
	"ruche/app/web"
	"ruche/models"
)

type userCommand struct {
	Create  userCreateCommand  `cmd:"" help:"Create an account."`
	Role    userRoleCommand    `cmd:"" help:"Change what a person is."`
	Link    userLinkCommand    `cmd:"" help:"Bind an account to a subject of the identity provider."`
	Disable userDisableCommand `cmd:"" help:"End a person's access at once; what they wrote stays."`
}

type userCreateCommand struct {
	Email string `arg:"" help:"E-mail address."`
	Name  string `help:"Full name." required:""`
	Role  string `help:"What the person is: ${enum}." enum:"owner,manager,moderator,hr,auditor,employee,external" default:"employee"`
}

// Run creates the account and prints its address.
func (c *userCreateCommand) Run(s *streams) error {
	_, db, err := s.database()
	if err != nil {
		return err
	}
	defer db.Close()
	user := &models.User{Email: c.Email, Name: c.Name, Role: models.Role(c.Role)}
	if err := accounts.CreateUser(s.ctx, db, user); err != nil {
		return err
	}
	fmt.Fprintln(s.out, user.Email)
	return nil
}

type userRoleCommand struct {
	Email string `arg:"" help:"E-mail address of the account."`
	Role  string `arg:"" help:"What the person is from now on: ${enum}." enum:"owner,manager,moderator,hr,auditor,employee,external"`
}

// Run changes the role.
func (c *userRoleCommand) Run(s *streams) error {
	_, db, err := s.database()
	if err != nil {
		return err
	}
	defer db.Close()
	return accounts.SetRole(s.ctx, db, c.Email, models.Role(c.Role))
}

type userLinkCommand struct {
	Email   string `arg:"" help:"E-mail address of the account."`
	Issuer  string `help:"Address of the identity provider." required:""`
	Subject string `help:"The person's \"sub\" there." required:""`
}

// Run binds the account.
func (c *userLinkCommand) Run(s *streams) error {
	_, db, err := s.database()
	if err != nil {
		return err
	}
	defer db.Close()
	return accounts.Link(s.ctx, db, c.Email, c.Issuer, c.Subject)
}

type userDisableCommand struct {
	Email  string `arg:"" help:"E-mail address of the account."`
	Anyway bool   `help:"Even if nobody is left who owns the house or runs one of its spaces."`
}

// Run ends the access.
func (c *userDisableCommand) Run(s *streams) error {
	_, db, err := s.database()
	if err != nil {
		return err
	}
	defer db.Close()
	return accounts.Disable(s.ctx, db, c.Email, c.Anyway)
}

type loginLinkCommand struct {
	Email string `arg:"" help:"E-mail address of the account."`
}

// Run prints a one-time link.
func (c *loginLinkCommand) Run(s *streams) error {
	config, db, err := s.database()
	if err != nil {
		return err
	}
	defer db.Close()
	secret, err := accounts.LoginLink(s.ctx, db, c.Email)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, web.LinkURL(config.BaseURL, secret))
	return nil
}

type ownerLinkCommand struct {
	Email string `arg:"" help:"E-mail address of the owner; their account is made or promoted if need be."`
	Name  string `help:"Full name, for an account that is made."`
}

// Run prints the link.
func (c *ownerLinkCommand) Run(s *streams) error {
	config, db, err := s.database()
	if err != nil {
		return err
	}
	defer db.Close()
	mailer, err := config.Mailer(jobs.New(db)) // which leaves the letters to the server
	if err != nil {
		return err
	}
	secret, err := accounts.OwnerLink(s.ctx, db, mailer, c.Email, c.Name)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, web.LinkURL(config.BaseURL, secret))
	return nil
}

type tokenCommand struct {
	Create tokenCreateCommand `cmd:"" help:"Create a token and print it."`
}

type tokenCreateCommand struct {
	Email string `arg:"" help:"E-mail address of the account."`
	Name  string `help:"What the token is for." default:"command line"`
	Scope string `help:"What it may be used for: ${enum}. Each of the first three allows what those before it do." enum:"read,write,manage,scim" default:"manage"`
	Days  int    `help:"For how many days it serves, 730 at most." default:"365"`
}

// Run prints a new token.
func (c *tokenCreateCommand) Run(s *streams) error {
	_, db, err := s.database()
	if err != nil {
		return err
	}
	defer db.Close()
	secret, err := accounts.CreateToken(s.ctx, db, c.Email, &models.Token{Name: c.Name, Scope: models.Scope(c.Scope)}, c.Days)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, secret)
	return nil
}
