package accounts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"syscall"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/files"
	"ruche/app/jobs"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/accounts"
	"ruche/views/layout"
)

// SetPicture makes what the actor sends the picture that others see of them.
func (f *Accounts) SetPicture(ctx context.Context, actor *models.Actor, content io.Reader) error {
	file, err := f.files.SavePortrait(ctx, actor, content)
	if err != nil {
		return err
	}
	return f.choosePicture(ctx, actor, file.ID)
}

// RemovePicture leaves the actor's initials in the place of their picture, whatever their provider has.
func (f *Accounts) RemovePicture(ctx context.Context, actor *models.Actor) error {
	return f.choosePicture(ctx, actor, 0)
}

// choosePicture leaves the picture that was there to the sweep.
func (f *Accounts) choosePicture(ctx context.Context, actor *models.Actor, file int64) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.ChoosePicture(actor.ID, file); err != nil {
			return err
		}
		return tx.Record(models.UserEdited, &models.User{ID: actor.ID}, nil)
	})
}

// pictureJob fetches the picture that a provider names for somebody who has signed in.
const pictureJob = "picture"

type pictureArgs struct {
	User int64  `json:"user"`
	URL  string `json:"url"`
}

// Bounds of fetching a picture. An address is the provider's word, which may be somebody else's: what it leads to is asked
// for as if it were hostile.
const (
	pictureTimeout   = 15 * time.Second
	dialTimeout      = 5 * time.Second
	maxPicture       = 2 << 20
	pictureRedirects = 3
)

var errNotOutside = errors.New("the address is not one of the public internet by https")

// askPicture leaves it to a job to fetch the picture that the provider names, unless it is the one that was or the person has
// chosen theirs.
func askPicture(tx *models.Tx, user *models.User, address string) error {
	if !user.WantsPicture(address) || !leadsOutside(address) {
		return nil
	}
	err := tx.AddJob(&models.Job{Kind: pictureJob, Key: strconv.FormatInt(user.ID, 10)}, pictureArgs{user.ID, address})
	if errors.Is(err, models.ErrConflict) { // it is being fetched
		return nil
	}
	return err
}

// leadsOutside tells whether an address can be asked for at all.
func leadsOutside(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil
}

// fetchPicture is the job.
func (f *Accounts) fetchPicture(ctx context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
	var args pictureArgs
	if err := run.Args(&args); err != nil {
		return nil, err
	}
	person, err := f.web.DB.ActorByID(ctx, args.User)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil // they have left
	}
	if err != nil {
		return nil, err
	}
	content, err := f.fetch(ctx, args.URL)
	if err != nil {
		return nil, err
	}
	file, err := f.files.SavePortrait(ctx, person, bytes.NewReader(content))
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return nil, jobs.Permanent(err)
	}
	if err != nil {
		return nil, err
	}
	return func(tx *models.Tx) error {
		taken, err := tx.TakePicture(args.User, file.ID, args.URL)
		if err != nil || !taken {
			return err
		}
		return tx.Record(models.UserEdited, &models.User{ID: args.User}, map[string]string{"by": "provider"})
	}, nil
}

// fetch asks for a picture. Its errors do not tell the address, which may tell who it is.
func (f *Accounts) fetch(ctx context.Context, address string) ([]byte, error) {
	if !leadsOutside(address) {
		return nil, jobs.Permanent(errNotOutside)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, jobs.Permanent(errNotOutside)
	}
	answer, err := f.outside.Do(request)
	if err != nil {
		var told *url.Error
		if errors.As(err, &told) {
			err = told.Err
		}
		if errors.Is(err, errNotOutside) {
			err = jobs.Permanent(errNotOutside)
		}
		return nil, fmt.Errorf("fetch a picture: %w", err)
	}
	defer answer.Body.Close()
	switch {
	case answer.StatusCode >= http.StatusInternalServerError:
		return nil, fmt.Errorf("fetch a picture: status %d", answer.StatusCode)
	case answer.StatusCode != http.StatusOK:
		return nil, jobs.Permanent(fmt.Errorf("fetch a picture: status %d", answer.StatusCode))
	}
	content, err := io.ReadAll(io.LimitReader(answer.Body, maxPicture+1))
	if err != nil {
		return nil, fmt.Errorf("read a picture: %w", err)
	}
	if len(content) > maxPicture {
		return nil, jobs.Permanent(errors.New("the picture is too large"))
	}
	return content, nil
}

// newOutside returns a client that reaches public addresses only, by https, wherever a name or a redirect leads.
func newOutside(way http.RoundTripper) *http.Client {
	if way == nil {
		dialer := &net.Dialer{Timeout: dialTimeout, Control: publicOnly}
		way = &http.Transport{ // no proxy: it would dial for us
			DialContext: dialer.DialContext, TLSHandshakeTimeout: dialTimeout, ResponseHeaderTimeout: pictureTimeout, MaxResponseHeaderBytes: 64 << 10, DisableKeepAlives: true,
		}
	}
	return &http.Client{
		Transport: way, Timeout: pictureTimeout,
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			if len(via) > pictureRedirects || !leadsOutside(next.URL.String()) {
				return errNotOutside
			}
			return nil
		},
	}
}

// publicOnly looks at the address that a connection is about to be made to, after its name was resolved.
func publicOnly(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !public(at.Addr().Unmap()) {
		return errNotOutside
	}
	return nil
}

// inside are networks that IsGlobalUnicast and IsPrivate let pass and that may lead to one's own machines.
var inside = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/32"),
	netip.MustParsePrefix("fec0::/10"), netip.MustParsePrefix("::/96"),
}

func public(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.Zone() != "" {
		return false
	}
	for _, network := range inside {
		if network.Contains(ip) {
			return false
		}
	}
	return true
}

func (f *Accounts) postPicture(c echo.Context) error {
	err := files.Received(c, func(_ string, content io.Reader) error {
		return f.SetPicture(c.Request().Context(), web.Actor(c), content)
	})
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.renderAccount(c, http.StatusUnprocessableEntity, views.Account{Problems: invalid})
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("pictures.saved")})
	return web.Redirect(c, "/account#picture")
}

func (f *Accounts) postPictureRemoval(c echo.Context) error {
	if err := f.RemovePicture(c.Request().Context(), web.Actor(c)); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("pictures.removed")})
	return web.Redirect(c, "/account#picture")
}
