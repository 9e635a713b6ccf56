// Package peers starts the programs that Ruche is tested against: a private PostgreSQL cluster and a Chromium.
// It knows nothing of the product and needs only the standard library, so that cmd/dev stays quick to build.
// It installs nothing: that is cmd/dev's work.
package peers

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// ErrMissing says that a program is not on this machine.
var ErrMissing = errors.New("not found")

// FindChromium returns the path of a Chromium or Chrome: RUCHE_CHROMIUM when it is set, or else the first one in the PATH.
func FindChromium() (string, error) {
	if path := os.Getenv("RUCHE_CHROMIUM"); path != "" {
		return exec.LookPath(path)
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("chromium: %w", ErrMissing)
}

// FindPostgres returns the folder of PostgreSQL's server binaries, the newest where there are several.
func FindPostgres() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil && hasServer(filepath.Dir(path)) {
			return filepath.Dir(path), nil
		}
	}
	// Debian keeps the server out of the PATH, one folder a version.
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", fmt.Errorf("find postgresql: %w", err)
	}
	slices.SortFunc(dirs, func(a, b string) int { return version(b) - version(a) })
	for _, dir := range dirs {
		if hasServer(dir) {
			return dir, nil
		}
	}
	return "", fmt.Errorf("postgresql server: %w", ErrMissing)
}

// FindNode returns the path of Node.js 18 or newer.
func FindNode() (string, error) {
	path, err := exec.LookPath("node")
	if err != nil {
		return "", fmt.Errorf("node: %w", ErrMissing)
	}
	out, err := exec.Command(path, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("ask node for its version: %w", err)
	}
	text := strings.TrimSpace(string(out))
	major, _, _ := strings.Cut(strings.TrimPrefix(text, "v"), ".")
	if n, err := strconv.Atoi(major); err != nil || n < 18 {
		return "", fmt.Errorf("node 18 or newer: %w, this is %s", ErrMissing, text)
	}
	return path, nil
}

// Start starts a program that ends when this one does, even by kill -9 where the system can do that.
func Start(cmd *exec.Cmd) error {
	tie(cmd, syscall.SIGKILL)
	return cmd.Start()
}

func hasServer(dir string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		if _, err := exec.LookPath(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}

// version reads the 15 of /usr/lib/postgresql/15/bin.
func version(dir string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	return n
}
