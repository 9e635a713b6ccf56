package app_test

import (
	"testing"

	"ruche/app"
)

func TestTheAddressInALinkIsOneThatABrowserFinds(t *testing.T) {
	for address, want := range map[string]string{
		"127.0.0.1:8080": "http://127.0.0.1:8080", ":8080": "http://localhost:8080", "0.0.0.0:8080": "http://localhost:8080",
		"[::]:8080": "http://localhost:8080", "[::1]:8080": "http://[::1]:8080", "10.0.0.0:8080": "http://10.0.0.0:8080", "ruche.example:80": "http://ruche.example:80",
	} {
		config, err := app.LoadConfig(map[string]string{"RUCHE_ADDR": address, "RUCHE_DATA_DIR": t.TempDir()})
		if err != nil || config.BaseURL != want {
			t.Errorf("%s: %s, %v", address, config.BaseURL, err)
		}
	}
}
