// Command dev is the workshop: it tests, checks, generates and measures Ruche. It finds or installs what it needs, says what is missing,
// and never passes by leaving something out. It is not for running Ruche: that is cmd/ruche.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

const usage = `usage: go run ./cmd/dev COMMAND

  test [-db sqlite|postgres] [go test flags] [packages]
             everything: check, then every test on SQLite and on PostgreSQL, in a browser and against an OIDC provider;
             with arguments only those tests
  check [folders]
             formatting, vet, linters, house rules, generated code, modules and licences
  generate   format the templates and write their Go code
  bench      measure on grown data and write docs/benchmarks.md
  assets     bundle the editor and what draws diagrams from pinned npm packages
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if errors.Is(err, errUsage) {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "dev:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("wrong usage")

// run carries out one command in the module's folder, wherever it was called from.
func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	if err := os.Chdir(root); err != nil {
		return fmt.Errorf("enter the module: %w", err)
	}
	switch command, rest := args[0], args[1:]; command {
	case "test":
		return test(ctx, rest)
	case "check":
		return check(ctx, rest)
	case "generate":
		return generate(ctx, ".")
	case "assets":
		return assets(ctx)
	case "bench":
		return bench(ctx, rest)
	default:
		return errUsage
	}
}

// bench runs the measurements, a program of their own because they link the product.
func bench(ctx context.Context, args []string) error {
	cmd := exec.CommandContext(ctx, "go", append([]string{"run", "./cmd/dev/bench"}, args...)...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	group(cmd)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	return nil
}

func moduleRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	file := strings.TrimSpace(string(out))
	if file == "" || file == os.DevNull {
		return "", errors.New("find the module: call this inside the repository")
	}
	return filepath.Dir(file), nil
}
