package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"ruche/app/apptest/peers"
)

// need is a program that tests talk to, how it is found and which Debian packages bring it.
type need struct {
	name     string
	why      string
	find     func() (string, error)
	packages []string
}

func needs() []need {
	return []need{
		{"PostgreSQL server", "the same tests run on it as on SQLite", peers.FindPostgres, []string{"postgresql"}},
		{"Chromium", "pages are tested in a real browser", peers.FindChromium, []string{"chromium", "fonts-liberation"}},
		{"Node.js 18 or newer", "it runs the OIDC provider that sign-in is tested against", peers.FindNode, []string{"nodejs"}},
		{"npm", "it installs the OIDC provider and axe", func() (string, error) { return exec.LookPath("npm") }, []string{"npm"}},
	}
}

// provide finds what the tests need. Where it may, it installs what is missing, which takes a while: the returned function waits for it.
// Otherwise it fails at once, with what is missing and how to get it.
func provide(ctx context.Context) (wait func() error, err error) {
	absent := missing(needs())
	if len(absent) == 0 {
		return func() error { return nil }, nil
	}
	root, err := asRoot(ctx)
	if err != nil {
		return nil, lack(absent, err)
	}
	var packages []string
	for _, n := range absent {
		packages = append(packages, n.packages...)
	}
	fmt.Println("installing", strings.Join(packages, " "))
	installed := make(chan error, 1)
	go func() { installed <- install(ctx, root, packages) }()
	return func() error {
		if err := <-installed; err != nil {
			return lack(absent, err)
		}
		if absent = missing(absent); len(absent) > 0 {
			return lack(absent, errors.New("the packages were installed and did not bring it"))
		}
		return nil
	}, nil
}

func missing(all []need) []need {
	var absent []need
	for _, n := range all {
		if _, err := n.find(); err != nil {
			absent = append(absent, n)
		}
	}
	return absent
}

// lack says plainly what is missing, why it matters and what to do.
func lack(absent []need, cause error) error {
	text := &strings.Builder{}
	fmt.Fprintf(text, "the tests cannot run: this machine lacks what they need, and it could not be installed (%v)\n", cause)
	var packages []string
	for _, n := range absent {
		_, err := n.find()
		fmt.Fprintf(text, "  %s: %s (%v)\n", n.name, n.why, err)
		packages = append(packages, n.packages...)
	}
	fmt.Fprintf(text, "On Debian or Ubuntu: apt-get install %s\n", strings.Join(packages, " "))
	fmt.Fprint(text, "`go test ./...` runs the tests that need nothing installed.")
	return errors.New(text.String())
}

// asRoot returns what to put before a command so that it may install packages: nothing for root, sudo where it asks no password.
func asRoot(ctx context.Context) ([]string, error) {
	if _, err := exec.LookPath("apt-get"); err != nil {
		return nil, errors.New("there is no apt-get here")
	}
	if os.Getuid() == 0 {
		return nil, nil
	}
	if err := exec.CommandContext(ctx, "sudo", "-n", "true").Run(); err != nil {
		return nil, errors.New("neither root nor sudo without a password")
	}
	return []string{"sudo", "-n"}, nil
}

// install runs apt-get. A PostgreSQL that is new to the machine gets no system cluster: the tests start one of their own.
func install(ctx context.Context, root, packages []string) error {
	const noCluster = `f=/etc/postgresql-common/createcluster.conf
[ -e $f ] || { mkdir -p ${f%/*} && echo "create_main_cluster = false" >$f; }`
	apt := []string{"env", "DEBIAN_FRONTEND=noninteractive", "UCF_FORCE_CONFFOLD=1", "apt-get", "-qq", "-y",
		"-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=300"}
	steps := [][]string{
		{"sh", "-c", noCluster},
		append(apt[:len(apt):len(apt)], "update"),
		append(append(apt[:len(apt):len(apt)], "install", "--no-install-recommends"), packages...),
	}
	for _, step := range steps {
		step = append(root[:len(root):len(root)], step...)
		if out, err := exec.CommandContext(ctx, step[0], step[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(step, " "), err, out)
		}
	}
	return nil
}
