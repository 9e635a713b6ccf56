//go:build peers

package postgresql_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"ruche/app/apptest/peers"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func exec(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func setting(t *testing.T, conn *pgx.Conn, sql string) string {
	t.Helper()
	var value string
	if err := conn.QueryRow(t.Context(), sql).Scan(&value); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return value
}

func TestAPrivateClusterKeepsItsDataThroughStopsAndCrashes(t *testing.T) {
	cluster, err := peers.StartPostgres(t.Context(), peers.Durable)
	if err != nil {
		t.Fatal(err)
	}
	conn := connect(t, cluster.URL(""))
	exec(t, conn, "CREATE TABLE kept (word text)")
	exec(t, conn, "INSERT INTO kept VALUES ('propolis')")
	if got := setting(t, conn, "SHOW fsync") + setting(t, conn, "SHOW synchronous_commit"); got != "onon" {
		t.Errorf("a durable cluster has %s", got)
	}
	folder := setting(t, conn, "SHOW data_directory")
	for name, end := range map[string]func() error{"stop": cluster.Stop, "crash": cluster.Kill} {
		if err := end(); err != nil {
			t.Fatal(err)
		}
		if _, err := pgx.Connect(t.Context(), cluster.URL("")); err == nil {
			t.Errorf("somebody answers after a %s", name)
		}
		if err := cluster.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := setting(t, connect(t, cluster.URL("")), "SELECT word FROM kept"); got != "propolis" {
			t.Errorf("after a %s it holds %q", name, got)
		}
	}
	if err := cluster.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("the data are still there: %v", err)
	}
}

func TestTheSharedClusterLetsEachTestMakeADatabaseFromATemplate(t *testing.T) {
	url := os.Getenv("RUCHE_TEST_DATABASE_URL")
	conn := connect(t, url)
	exec(t, conn, "CREATE DATABASE peers_template")
	exec(t, conn, "CREATE DATABASE peers_copy TEMPLATE peers_template")
	for _, name := range []string{"peers_copy", "peers_template"} {
		exec(t, conn, "DROP DATABASE "+name)
	}
	if got := setting(t, conn, "SELECT lower('ÉTÉ') || current_setting('server_encoding') || current_setting('TimeZone')"); got != "étéUTF8UTC" {
		t.Errorf("the cluster speaks %s", got)
	}
	if _, err := pgx.Connect(t.Context(), strings.Replace(url, "ruche:", "ruche:x", 1)); err == nil {
		t.Error("anyone on this machine may enter without the password")
	}
}
