package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"ruche/app/apptest/peers"
)

// npmFiles say which npm packages the tests use, to the byte.
var npmFiles = []string{"app/apptest/oidcpeer/package.json", "app/apptest/oidcpeer/package-lock.json"}

// surroundings are the programs that run beside the tests, and how the tests find them.
type surroundings struct {
	env       []string
	databases map[string]string
	closers   []func() error
}

// startPeers starts what the suites need. What it returns is to be closed even after an error.
func startPeers(ctx context.Context, suites []suite) (*surroundings, error) {
	s := &surroundings{databases: map[string]string{"sqlite": "RUCHE_TEST_DATABASE_URL="}}
	if slices.ContainsFunc(suites, func(s suite) bool { return s.database == "postgres" }) {
		postgres, err := peers.StartPostgres(ctx, peers.Quick)
		if err != nil {
			return s, err
		}
		s.closers = append(s.closers, postgres.Close)
		s.databases["postgres"] = "RUCHE_TEST_DATABASE_URL=" + postgres.URL("")
	}
	folder, err := npmFolder(ctx)
	if err != nil {
		return s, err
	}
	s.env = append(s.env, "RUCHE_TEST_PEERS="+folder)
	if slices.ContainsFunc(suites, func(s suite) bool { return s.browser }) {
		chromium, err := peers.StartChromium(ctx)
		if err != nil {
			return s, err
		}
		s.closers = append(s.closers, chromium.Close)
		pictures, err := filepath.Abs(".cache/screenshots")
		if err != nil {
			return s, fmt.Errorf("find the folder for pictures: %w", err)
		}
		s.env = append(s.env, "RUCHE_CHROMIUM_URL="+chromium.URL)
		if os.Getenv("RUCHE_SCREENSHOTS") == "" {
			s.env = append(s.env, "RUCHE_SCREENSHOTS="+pictures)
		}
	}
	return s, nil
}

// close ends the programs, the last one first.
func (s *surroundings) close() error {
	var errs []error
	for _, end := range slices.Backward(s.closers) {
		errs = append(errs, end())
	}
	return errors.Join(errs...)
}

// npmFolder returns a folder whose node_modules hold exactly what the lock file says, installed once into the user's cache.
// No package's install script is run.
func npmFolder(ctx context.Context) (string, error) {
	sum := sha256.New()
	for _, file := range npmFiles {
		content, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("install npm packages: %w", err)
		}
		sum.Write(content)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("install npm packages: %w", err)
	}
	folder := filepath.Join(cache, "ruche", fmt.Sprintf("peers-%x", sum.Sum(nil)[:8]))
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	if err := npmInstall(ctx, folder); err != nil {
		return "", fmt.Errorf("install npm packages: %w", err)
	}
	return folder, nil
}

// npmInstall installs beside the folder and renames, so that an interrupted install leaves nothing half done.
func npmInstall(ctx context.Context, folder string) error {
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return err
	}
	temporary, err := os.MkdirTemp(filepath.Dir(folder), "installing-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	for _, file := range npmFiles {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(temporary, filepath.Base(file)), content, 0o644); err != nil {
			return err
		}
	}
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	npm.Dir = temporary
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	if err := os.Rename(temporary, folder); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}
