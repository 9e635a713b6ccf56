package files

import (
	"bytes"
	"context"
	"fmt"
	"image"

	"github.com/disintegration/imaging"
)

// How large the picture of a page outside is kept, in pixels: sharp in a card on any screen. Smaller ones count visits and show nothing.
const (
	thumbnailSide    = 480
	thumbnailMinSide = 48
)

// Thumbnail is a picture that belongs to nobody of the house.
type Thumbnail struct {
	ContentType   string
	Width, Height int // pixels
}

// KeepThumbnail stores a picture from outside, written anew and small, under a key of the caller's, in the place of what was there. A
// refusal is a models.Invalid as that of Save.
func (f *Files) KeepThumbnail(ctx context.Context, key string, content []byte) (*Thumbnail, error) {
	spooled, err := f.receive(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	defer spooled.Remove()
	picture, err := f.encode(ctx, spooled.File)
	if err == nil {
		picture, err = thumbnail(picture)
	}
	if err != nil {
		return nil, err
	}
	if err := f.putBytes(ctx, key, picture.contentType, picture.large); err != nil {
		return nil, fmt.Errorf("store thumbnail: %w", err)
	}
	return &Thumbnail{picture.contentType, picture.width, picture.height}, nil
}

// thumbnail is a picture in that size.
func thumbnail(p *picture) (*picture, error) {
	if p.width < thumbnailMinSide || p.height < thumbnailMinSide {
		return nil, invalid("not_a_picture")
	}
	if p.width <= thumbnailSide && p.height <= thumbnailSide {
		return p, nil
	}
	img, _, err := image.Decode(bytes.NewReader(p.large))
	if err != nil {
		return nil, fmt.Errorf("decode what was encoded: %w", err)
	}
	return write(imaging.Fit(img, thumbnailSide, thumbnailSide, imaging.CatmullRom), p.contentType == "image/jpeg")
}
