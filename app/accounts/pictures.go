package accounts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/files"
	"ruche/app/jobs"
	"ruche/app/outside"
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
	pictureTimeout = 15 * time.Second
	maxPicture     = 2 << 20
)

// askPicture leaves it to a job to fetch the picture that the provider names, unless it is the one that was or the person has
// chosen theirs.
func askPicture(tx *models.Tx, user *models.User, address string) error {
	if !user.WantsPicture(address) || !outside.Leads(address, true) {
		return nil
	}
	err := tx.AddJob(&models.Job{Kind: pictureJob, Key: strconv.FormatInt(user.ID, 10)}, pictureArgs{user.ID, address})
	if errors.Is(err, models.ErrConflict) { // it is being fetched
		return nil
	}
	return err
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

// fetch asks for a picture.
func (f *Accounts) fetch(ctx context.Context, address string) ([]byte, error) {
	answer, err := f.outside.Get(ctx, outside.Wish{Address: address, Most: maxPicture})
	if outside.Lasting(err) {
		err = jobs.Permanent(err)
	}
	if err != nil {
		return nil, fmt.Errorf("fetch a picture: %w", err)
	}
	return answer.Body, nil
}

// newOutside returns the way to the pictures that providers name.
func newOutside(way http.RoundTripper) *outside.Client {
	return outside.New(outside.Options{Timeout: pictureTimeout, Secure: true, AnyPort: true, Way: way})
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
