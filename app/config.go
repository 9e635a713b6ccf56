package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/caarlos0/env/v11"

	"ruche/app/accounts"
	"ruche/app/jobs"
	"ruche/app/mail"
	"ruche/models"
)

// Config is what an operator sets, all of it by environment variables.
type Config struct {
	Addr             string `env:"RUCHE_ADDR" envDefault:"127.0.0.1:8080"`
	BaseURL          string `env:"RUCHE_BASE_URL"`
	DataDir          string `env:"RUCHE_DATA_DIR"`
	DatabaseURL      string `env:"RUCHE_DATABASE_URL"`
	Company          string `env:"RUCHE_COMPANY" envDefault:"Ruche"`
	OIDCIssuer       string `env:"RUCHE_OIDC_ISSUER"`
	OIDCClientID     string `env:"RUCHE_OIDC_CLIENT_ID"`
	OIDCClientSecret string `env:"RUCHE_OIDC_CLIENT_SECRET"`
	OIDCExternalID   string `env:"RUCHE_OIDC_EXTERNAL_ID"`
	OIDCUserName     string `env:"RUCHE_OIDC_USER_NAME"`
	OIDCFile         string `env:"RUCHE_OIDC_FILE"`
	S3URL            string `env:"RUCHE_S3_URL"`
	PersonFiles      string `env:"RUCHE_PERSON_FILES" envDefault:"1 GB"`
	SpaceFiles       string `env:"RUCHE_SPACE_FILES" envDefault:"20 GB"`
	MagicLinks       string `env:"RUCHE_MAGIC_LINKS"`
	SMTPURL          string `env:"RUCHE_SMTP_URL"`
	MailFrom         string `env:"RUCHE_MAIL_FROM"`
	MetricsToken     string `env:"RUCHE_METRICS_TOKEN"`
	OpenPassports    bool   `env:"RUCHE_OPEN_PASSPORTS"`
	LinkPreviews     bool   `env:"RUCHE_LINK_PREVIEWS" envDefault:"true"`
	RateLimit        bool   `env:"RUCHE_RATE_LIMIT" envDefault:"true"`
}

// LoadConfig reads and checks the environment. The error names the setting and says what is wrong with it.
func LoadConfig(environment map[string]string) (Config, error) {
	config, err := env.ParseAsWithOptions[Config](env.Options{Environment: environment})
	for _, name := range []string{"RUCHE_OPEN_PASSPORTS", "RUCHE_LINK_PREVIEWS", "RUCHE_RATE_LIMIT"} { // all others are texts
		if _, wrong := strconv.ParseBool(environment[name]); err != nil && wrong != nil && environment[name] != "" {
			return config, fmt.Errorf("%s: %q is neither true nor false", name, environment[name])
		}
	}
	if err != nil {
		return config, err
	}
	if err := misspelt(environment); err != nil {
		return config, err
	}
	if config.DataDir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return config, errors.New("RUCHE_DATA_DIR: set it, there is no home directory to put the data in")
		}
		config.DataDir = filepath.Join(home, ".local", "share", "ruche")
	}
	if config.BaseURL == "" {
		config.BaseURL = "http://" + reachable(config.Addr)
	}
	return config, config.check()
}

// reachable is where a browser on this machine finds what listens on the address, which may be all that the machine has.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return net.JoinHostPort("localhost", port)
	}
	return address
}

func (c *Config) check() error {
	if _, port, err := net.SplitHostPort(c.Addr); err != nil || port == "" {
		return fmt.Errorf("RUCHE_ADDR: %q is not an address such as 127.0.0.1:8080 or :8080", c.Addr)
	}
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || strings.Trim(base.Path, "/") != "" || base.RawQuery != "" {
		return fmt.Errorf("RUCHE_BASE_URL: %q is not an address such as https://ruche.example.com, without a path", c.BaseURL)
	}
	c.BaseURL = base.Scheme + "://" + base.Host
	if c.DatabaseURL != "" && !strings.HasPrefix(c.DatabaseURL, "postgres://") && !strings.HasPrefix(c.DatabaseURL, "postgresql://") && !strings.HasPrefix(c.DatabaseURL, "sqlite://") {
		return errors.New("RUCHE_DATABASE_URL: it must start with postgres:// (or be absent, for SQLite in the data directory)")
	}
	if (c.OIDCIssuer == "") != (c.OIDCClientID == "") {
		return errors.New("RUCHE_OIDC_ISSUER and RUCHE_OIDC_CLIENT_ID go together: set both or neither")
	}
	if c.OIDCClientSecret != "" && c.OIDCIssuer == "" {
		return errors.New("RUCHE_OIDC_CLIENT_SECRET is of no use without RUCHE_OIDC_ISSUER and RUCHE_OIDC_CLIENT_ID")
	}
	if c.OIDCExternalID != "" && c.OIDCUserName != "" {
		return errors.New("RUCHE_OIDC_EXTERNAL_ID and RUCHE_OIDC_USER_NAME: set one of them")
	}
	if c.OIDCExternalID+c.OIDCUserName != "" && c.OIDCIssuer == "" {
		return errors.New("RUCHE_OIDC_EXTERNAL_ID and RUCHE_OIDC_USER_NAME are of no use without RUCHE_OIDC_ISSUER; in a file they are claims")
	}
	if c.OIDCIssuer != "" {
		if issuer, err := url.Parse(c.OIDCIssuer); err != nil || issuer.Host == "" {
			return fmt.Errorf("RUCHE_OIDC_ISSUER: %q is not an address such as https://login.example.com", c.OIDCIssuer)
		}
	}
	if _, err := c.Providers(); err != nil {
		return err
	}
	if _, err := c.quotas(); err != nil {
		return err
	}
	if _, err := c.magicLinks(); err != nil {
		return fmt.Errorf("RUCHE_MAGIC_LINKS: %w", err)
	}
	return c.checkMail()
}

// Providers are the identity providers that people sign in at: the one of the environment, then those of the file.
func (c *Config) Providers() (providers []accounts.OIDC, err error) {
	if c.OIDCIssuer != "" {
		providers = append(providers, accounts.OIDC{Issuer: c.OIDCIssuer, ClientID: c.OIDCClientID, ClientSecret: c.OIDCClientSecret,
			Claims: accounts.ClaimNames{ExternalID: c.OIDCExternalID, UserName: c.OIDCUserName}})
	}
	if c.OIDCFile == "" {
		return providers, nil
	}
	more, err := accounts.ReadProviders(c.OIDCFile)
	if err == nil {
		providers = append(providers, more...)
		err = accounts.CheckProviders(providers)
	}
	if err != nil {
		return nil, fmt.Errorf("RUCHE_OIDC_FILE: %w", err)
	}
	return providers, nil
}

// magicLinks is who may sign in by a link that is sent to them.
func (c *Config) magicLinks() (accounts.MagicLinks, error) {
	return accounts.ParseMagicLinks(c.MagicLinks, c.OIDCIssuer != "" || c.OIDCFile != "")
}

func (c *Config) checkMail() error {
	if c.SMTPURL == "" {
		return nil
	}
	if err := mail.CheckURL(c.SMTPURL); err != nil {
		return fmt.Errorf("RUCHE_SMTP_URL: %w", err)
	}
	if c.MailFrom == "" {
		return errors.New("RUCHE_MAIL_FROM: with RUCHE_SMTP_URL it is needed, such as Ruche <ruche@example.com>")
	}
	if err := mail.CheckFrom(c.MailFrom); err != nil {
		return fmt.Errorf("RUCHE_MAIL_FROM: %w", err)
	}
	return nil
}

// Mailer is who sends the mail of the house, by these jobs.
func (c *Config) Mailer(j *jobs.Jobs) (*mail.Mailer, error) {
	return mail.New(j, mail.Options{SMTPURL: c.SMTPURL, From: c.MailFrom, Company: c.Company, BaseURL: c.BaseURL})
}

// misspelt finds a setting that is almost one that there is. Passing over it would be worse than not
// starting: with RUCHE_DATABSE_URL people's ideas would go into a file instead of the company's database.
func misspelt(environment map[string]string) error {
	known, err := env.GetFieldParams(&Config{})
	if err != nil {
		return err
	}
	names := make([]string, len(known))
	for i, field := range known {
		names[i] = field.Key
	}
	for given := range environment {
		if !strings.HasPrefix(given, "RUCHE") || slices.Contains(names, given) {
			continue
		}
		for _, name := range names {
			if distance(given, name) <= 2 {
				return fmt.Errorf("%s: there is no such setting, is %s meant?", given, name)
			}
		}
	}
	return nil
}

// distance is in how many letters two words differ (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// OpenDatabase opens the database, and names the setting that says where it is if that fails.
func (c *Config) OpenDatabase(ctx context.Context, options models.Options) (*models.DB, error) {
	setting := "RUCHE_DATABASE_URL"
	if c.DatabaseURL == "" {
		setting = "RUCHE_DATA_DIR " + c.DataDir
	}
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("RUCHE_DATA_DIR: %w", err)
	}
	quotas, err := c.quotas()
	if err != nil {
		return nil, err
	}
	options.Quotas = &quotas
	db, err := models.Open(ctx, c.Database(), options)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", setting, err)
	}
	return db, nil
}

// Database is the address of the database: the one set, or SQLite in the data directory.
func (c *Config) Database() string {
	if c.DatabaseURL != "" {
		return c.DatabaseURL
	}
	return "sqlite://" + filepath.Join(c.DataDir, "ruche.db")
}

// Secure tells whether people reach the house over TLS.
func (c *Config) Secure() bool { return strings.HasPrefix(c.BaseURL, "https://") }
