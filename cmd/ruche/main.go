// Command ruche is the platform: "ruche serve" runs it, "ruche demo" shows it with a sample company,
// the other commands look after it, beside a running server too.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"ruche/app"
	"ruche/models"
	"ruche/views/i18n"
)

// commands is the command line.
type commands struct {
	Serve          serveCommand          `cmd:"" help:"Run Ruche."`
	Demo           demoCommand           `cmd:"" help:"Run Ruche with a sample company on an embedded database."`
	User           userCommand           `cmd:"" help:"Look after accounts."`
	LoginLink      loginLinkCommand      `cmd:"" help:"Print a one-time sign-in link."`
	OwnerLink      ownerLinkCommand      `cmd:"" help:"Emergency access: print a one-time link for an owner, of which every owner is told."`
	Token          tokenCommand          `cmd:"" help:"Look after API tokens."`
	Import         importCommand         `cmd:"" help:"Take in a folder of spaces, ideas, comments and votes."`
	ImportArticles importArticlesCommand `cmd:"" help:"Take a folder, a ZIP or what another wiki exports into a collection."`
	ExportArticles exportArticlesCommand `cmd:"" help:"Write the articles that a person may see as a ZIP of Markdown."`
	Reindex        reindexCommand        `cmd:"" help:"Build the search index anew, without downtime."`
	Recount        recountCommand        `cmd:"" help:"Count the ballots of a vote again, and print the result."`
	Passport       passportCommand       `cmd:"" help:"Look at signed passports."`
	Doctor         doctorCommand         `cmd:"" help:"Check this deployment and say what to mend."`
}

// streams is what a command talks to, and the settings it runs under.
type streams struct {
	ctx         context.Context
	out, err    io.Writer
	environment map[string]string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(&streams{ctx, os.Stdout, os.Stderr, environment(os.Environ())}, os.Args[1:]))
}

func environment(pairs []string) map[string]string {
	variables := map[string]string{}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		variables[name] = value
	}
	return variables
}

// run executes one command line and returns the exit code: 0, 1 for a failure, 2 for wrong usage.
func run(s *streams, args []string) int {
	slog.SetDefault(slog.New(slog.NewJSONHandler(s.err, nil)))
	cli := commands{}
	ended := -1
	parser, err := kong.New(&cli, kong.Name("ruche"), kong.Description("Ruche, the platform on which a company thinks together. Settings are environment variables, see the README."),
		kong.Writers(s.out, s.err), kong.Exit(func(code int) { ended = code }), kong.UsageOnError())
	if err != nil {
		return fail(s, err)
	}
	command, err := parser.Parse(args)
	if ended >= 0 {
		return ended // --help
	}
	if err != nil {
		fmt.Fprintln(s.err, "ruche:", err)
		return 2
	}
	if err := command.Run(s); err != nil {
		return fail(s, err)
	}
	return 0
}

// fail says in one line what went wrong.
func fail(s *streams, err error) int {
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		l := i18n.For("en") // as everything else that the commands say
		for field, key := range invalid {
			fmt.Fprintf(s.err, "ruche: %s: %s\n", field, l.T(key))
		}
		return 1
	}
	fmt.Fprintln(s.err, "ruche:", oneLine(err.Error()))
	return 1
}

// oneLine joins the lines of a message, each once: drivers list an address that failed as often as they tried it.
func oneLine(message string) string {
	var lines []string
	for line := range strings.Lines(message) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return strings.ReplaceAll(strings.Join(lines, "; "), ":; ", ": ")
}

func (s *streams) config() (app.Config, error) { return app.LoadConfig(s.environment) }

// database opens the database alone, which works beside a running server.
func (s *streams) database() (app.Config, *models.DB, error) {
	config, err := s.config()
	if err != nil {
		return config, nil, err
	}
	db, err := config.OpenDatabase(s.ctx, models.Options{})
	return config, db, err
}
