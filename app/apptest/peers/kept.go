package peers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// KeepPostgres starts the cluster that a folder holds, or creates it there: for data that take long to make and are used again.
// Close ends the server; its data stay. The folder must be one that the server's user can reach, beside other temporary ones.
func KeepPostgres(ctx context.Context, dir string, durability Durability) (*Postgres, error) {
	p, err := newPostgres(durability)
	if err != nil {
		return nil, err
	}
	secret, err := os.ReadFile(filepath.Join(dir, "password"))
	switch {
	case errors.Is(err, os.ErrNotExist):
		if err := p.keepIn(ctx, dir); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, fmt.Errorf("open cluster: %w", err)
	default:
		p.dir, p.password = dir, strings.TrimSpace(string(secret))
		if p.port, err = freePort(); err != nil {
			return nil, fmt.Errorf("open cluster: %w", err)
		}
	}
	p.kept = true
	if err := p.Start(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// keepIn creates the cluster elsewhere and renames it, so that an interruption leaves nothing half done.
func (p *Postgres) keepIn(ctx context.Context, dir string) error {
	err := p.create(ctx)
	if err == nil {
		err = os.Rename(p.dir, dir)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("keep cluster: %w", err), os.RemoveAll(p.dir))
	}
	p.dir = dir
	return nil
}

// PID is the process that all others of the server descend from.
func (p *Postgres) PID() int { return p.process.Process.Pid }
