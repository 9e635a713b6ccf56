package models

import (
	"context"
	"database/sql"
	"sync"
)

// prepared is SQLite's read pool with its statements kept ready. Parsing and planning a list costs
// SQLite as much as running it; PostgreSQL's driver keeps statements by itself.
type prepared struct {
	*sql.DB
	mu         sync.RWMutex
	statements map[string]*sql.Stmt
}

// mostPrepared bounds the statements that are kept: each takes some kilobytes of every connection.
// There are fewer texts than that but for lists of ids of every length; what comes late is parsed each time.
const mostPrepared = 200

// QueryContext runs a query, from its second run on without parsing it.
func (p *prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if statement := p.statement(ctx, query); statement != nil {
		return statement.QueryContext(ctx, args...)
	}
	return p.DB.QueryContext(ctx, query, args...)
}

// statement returns a prepared statement, nil if there is no room or the query is wrong: running it says why.
func (p *prepared) statement(ctx context.Context, query string) *sql.Stmt {
	p.mu.RLock()
	statement, known := p.statements[query]
	full := len(p.statements) >= mostPrepared
	p.mu.RUnlock()
	if known || full {
		return statement
	}
	statement, err := p.DB.PrepareContext(ctx, query)
	if err != nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if first, known := p.statements[query]; known {
		_ = statement.Close() // someone else was faster
		return first
	}
	if p.statements == nil {
		p.statements = map[string]*sql.Stmt{}
	}
	p.statements[query] = statement
	return statement
}
