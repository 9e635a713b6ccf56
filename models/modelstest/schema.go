package modelstest

import (
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// Column is a column of the real schema.
type Column struct {
	Table, Name string
	Text        bool   // holds words or bytes
	Key         bool   // part of the primary key
	References  string // the table whose ids it holds, empty where the database does not check
}

// connect opens a database past models, to look at it from outside.
func connect(t testing.TB, address string) (db *sql.DB, postgres bool) {
	t.Helper()
	driver, source := "pgx", address
	if path, ok := strings.CutPrefix(address, "sqlite://"); ok {
		driver, source = "sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db, driver == "pgx"
}

const sqliteSchema = `SELECT m.name, c.name, upper(c.type) IN ('TEXT', 'BLOB'), c.pk > 0, coalesce((SELECT f."table" FROM pragma_foreign_key_list(m.name) f WHERE f."from" = c.name), '')
	FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%' ORDER BY m.name, c.cid`

const postgresSchema = `SELECT t.relname, a.attname, a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'bytea'::regtype, 'json'::regtype, 'jsonb'::regtype),
		EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'p' AND a.attnum = ANY (k.conkey)),
		coalesce((SELECT f.relname FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid WHERE k.conrelid = t.oid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum] LIMIT 1), '')
	FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
	WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE 'goose_%' ORDER BY t.relname, a.attnum`

// Schema lists every column of every table, as the database itself tells them.
func Schema(t testing.TB, address string) (columns []Column) {
	t.Helper()
	db, postgres := connect(t, address)
	query := sqliteSchema
	if postgres {
		query = postgresSchema
	}
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var c Column
		if err := rows.Scan(&c.Table, &c.Name, &c.Text, &c.Key, &c.References); err != nil {
			t.Fatal(err)
		}
		columns = append(columns, c)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return columns
}

// Find searches every text of every table for some words, whatever their capitals, and says where they stand.
func Find(t testing.TB, address string, words ...string) (places []string) {
	t.Helper()
	db, _ := connect(t, address)
	for _, column := range Schema(t, address) {
		if !column.Text {
			continue
		}
		query := `SELECT "` + column.Name + `" FROM "` + column.Table + `" WHERE "` + column.Name + `" IS NOT NULL`
		rows, err := db.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		for rows.Next() {
			var raw []byte
			if err := rows.Scan(&raw); err != nil {
				t.Fatal(err)
			}
			text := strings.ToLower(string(raw))
			for _, word := range words {
				if strings.Contains(text, strings.ToLower(word)) {
					places = append(places, column.Table+"."+column.Name+": "+text)
				}
			}
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return places
}

// Rows are all rows of every table, each as one text of its columns but for those that leave says, as "table.column", or whole tables.
func Rows(t testing.TB, address string, leave ...string) map[string][]string {
	t.Helper()
	db, _ := connect(t, address)
	columns := map[string][]string{}
	for _, column := range Schema(t, address) {
		if !slices.Contains(leave, column.Table) && !slices.Contains(leave, column.Table+"."+column.Name) {
			columns[column.Table] = append(columns[column.Table], column.Name)
		}
	}
	all := map[string][]string{}
	for table, names := range columns {
		rows, err := db.QueryContext(t.Context(), `SELECT "`+strings.Join(names, `", "`)+`" FROM "`+table+`"`)
		if err != nil {
			t.Fatalf("read %s: %v", table, err)
		}
		for rows.Next() {
			values, into := make([]any, len(names)), make([]any, len(names))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			text := ""
			for i, name := range names {
				text += fmt.Sprintf("%s=%v ", name, values[i])
			}
			all[table] = append(all[table], text)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		slices.Sort(all[table])
	}
	return all
}

// Exec runs statements past models, such as part of a migration on what an older version would have stored.
func Exec(t testing.TB, address, statements string) {
	t.Helper()
	db, _ := connect(t, address)
	if _, err := db.ExecContext(t.Context(), statements); err != nil {
		t.Fatal(err)
	}
}
