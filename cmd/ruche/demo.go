package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"ruche/app"
	"ruche/app/accounts"
	"ruche/app/demo"
	"ruche/app/web"
)

type demoCommand struct {
	Reset bool `help:"Start over with a fresh company."`
}

// Run serves the sample company from an embedded database, which it fills at the first start.
func (c *demoCommand) Run(s *streams) error {
	config, err := c.config(s)
	if err != nil {
		return err
	}
	if c.Reset || state(config) != moved {
		if err := fill(s, config); err != nil {
			return err
		}
	}
	return serve(s, config, func(house *app.App) error { return welcome(s, config, house) })
}

// The states of a demo's folder, as its mark says.
const (
	moving = "moving in"
	moved  = "moved in"
)

func mark(config app.Config) string { return filepath.Join(config.DataDir, "demo") }

// state reads the mark of a demo's folder; it is empty where there is none.
func state(config app.Config) string {
	text, err := os.ReadFile(mark(config))
	if err != nil {
		return ""
	}
	return string(text)
}

// makeRoom empties the folder of a demo. A folder that holds anything else is somebody's data.
func makeRoom(config app.Config) error {
	entries, err := os.ReadDir(config.DataDir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(entries) > 0 && state(config) == "" {
		return fmt.Errorf("RUCHE_DATA_DIR: %s holds data that is not a demo's, choose another folder", config.DataDir)
	}
	if err := os.RemoveAll(config.DataDir); err != nil {
		return err
	}
	return os.MkdirAll(config.DataDir, 0o700)
}

// fill starts over with a fresh company. One that was interrupted stays marked as moving in, so the
// next start fills it again.
func fill(s *streams, config app.Config) (err error) {
	if err := makeRoom(config); err != nil {
		return err
	}
	if err := os.WriteFile(mark(config), []byte(moving), 0o600); err != nil {
		return err
	}
	fmt.Fprintln(s.out, "Moving the sample company in, a few seconds…")
	house, err := app.New(s.ctx, config, app.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.Close()) }()
	if _, err := demo.Fill(s.ctx, demo.House{DB: house.DB, Files: house.Files, Notices: house.Notices}); err != nil {
		return err
	}
	if err := house.Settle(s.ctx); err != nil {
		return err
	}
	return os.WriteFile(mark(config), []byte(moved), 0o600)
}

// config puts the demo in a folder of its own and on the first free port from 8080, unless told otherwise.
func (c *demoCommand) config(s *streams) (app.Config, error) {
	environment := map[string]string{}
	for name, value := range s.environment {
		environment[name] = value
	}
	delete(environment, "RUCHE_DATABASE_URL") // the demo never touches a real database
	delete(environment, "RUCHE_S3_URL")       // nor real pictures
	if environment["RUCHE_DATA_DIR"] == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			cache = os.TempDir()
		}
		environment["RUCHE_DATA_DIR"] = filepath.Join(cache, "ruche-demo")
	}
	if environment["RUCHE_ADDR"] == "" {
		environment["RUCHE_ADDR"] = freeAddress()
	}
	company, err := demo.Load()
	if err != nil {
		return app.Config{}, err
	}
	environment["RUCHE_COMPANY"] = company.Name
	return app.LoadConfig(environment)
}

const (
	firstPort  = 8080
	triedPorts = 20
)

func freeAddress() string {
	for port := firstPort; port < firstPort+triedPorts; port++ {
		address := fmt.Sprintf("127.0.0.1:%d", port)
		if listener, err := net.Listen("tcp", address); err == nil {
			_ = listener.Close()
			return address
		}
	}
	return fmt.Sprintf("127.0.0.1:%d", firstPort)
}

// welcome prints where to go and as whom.
func welcome(s *streams, config app.Config, house *app.App) error {
	company, err := demo.Load()
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "\nRuche shows %s at %s\n\nSign in, once each, as\n", company.Name, config.BaseURL)
	for _, person := range company.SignIns() {
		secret, err := accounts.LoginLink(s.ctx, house.DB, person.Email)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "  %-18s %-20s %s\n", label(person.SignIn), person.Name, web.LinkURL(config.BaseURL, secret))
	}
	fmt.Fprintf(s.out, "\nIts data is in %s; stop with Ctrl-C, start over with --reset.\n\n", config.DataDir)
	return nil
}

func label(role demo.SignIn) string {
	switch role {
	case demo.AsManager:
		return "community manager"
	case demo.AsExternal:
		return "external customer"
	}
	return string(role)
}
