package files

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"runtime/debug"

	"github.com/disintegration/imaging"
	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/image/webp"
)

// What a picture may be, and what is kept of it.
const (
	maxSide    = 12_000     // pixels
	maxPixels  = 40_000_000 // whatever their kind
	maxWorking = 200 << 20  // bytes that decoding takes, which depends on the kind
	maxWidth   = 2000       // of what is kept
	maxHeight  = 8000       // of what is kept; screenshots of whole pages are tall
	smallWidth = 800        // of the variant for phones

	// decoders is how many pictures are worked on at once; one whose work takes more than largeWorking bytes is worked on alone.
	decoders     = 2
	largeWorking = 32 << 20

	jpegQuality = 82
	// maxPNG is the size up to which a picture that came without loss stays so: screenshots do, photographs become JPEG.
	maxPNG = 500 << 10
)

// A picture is an upload written anew.
type picture struct {
	large, small           []byte // small is nil when large is small enough for phones
	width, height          int    // of large
	contentType, extension string
}

// A format is a kind of picture that is taken.
type format struct {
	config  func(io.Reader) (image.Config, error)
	decode  func(io.Reader) (image.Image, error)
	working func(header []byte, config image.Config) int64 // bytes that decoding takes
}

// formatOf returns the decoder for what the content is, whatever the name says, or false. Of an animation the first frame is kept: motion that
// cannot be paused does not belong into a text (WCAG 2.2.2), and a still picture tells the author at once.
func formatOf(header []byte) (format, bool) {
	for kind := mimetype.Detect(header); kind != nil; kind = kind.Parent() {
		switch kind.String() {
		case "image/jpeg":
			return format{jpeg.DecodeConfig, jpeg.Decode, jpegWorking}, true
		case "image/png":
			return format{png.DecodeConfig, png.Decode, perPixel}, true
		case "image/gif":
			return format{gif.DecodeConfig, gif.Decode, perPixel}, true
		case "image/webp":
			return format{webp.DecodeConfig, webp.Decode, perPixel}, true
		}
	}
	return format{}, false
}

// encode reads an uploaded picture and writes it anew. It looks at the header first and refuses there what would take too much memory.
func (f *Files) encode(ctx context.Context, upload *os.File) (*picture, error) {
	header := make([]byte, headerSize)
	n, err := upload.ReadAt(header, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	header = header[:n]
	kind, ok := formatOf(header)
	switch {
	case !ok:
		return nil, invalid("not_a_picture")
	case isAnimatedWebP(header):
		return nil, invalid("animated") // our decoder has no first frame to offer
	}
	config, err := kind.config(reader(upload))
	if err != nil {
		return nil, invalid("damaged")
	}
	working := kind.working(header, config)
	if config.Width > maxSide || config.Height > maxSide || config.Width*config.Height > maxPixels || working > maxWorking {
		return nil, invalid("too_many_pixels")
	}
	done, err := f.decoder(ctx, working)
	if err != nil {
		return nil, fmt.Errorf("wait to decode a picture: %w", err)
	}
	defer done()
	decoded, err := kind.decode(reader(upload))
	if err != nil || decoded.Bounds().Empty() {
		return nil, invalid("damaged")
	}
	_, lossy := decoded.(*image.YCbCr)
	return write(fit(decoded, readJPEG(header).orientation), lossy)
}

// decoder waits for room to work on a picture. What a large one took goes back to the system at once instead of within minutes.
func (f *Files) decoder(ctx context.Context, working int64) (done func(), err error) {
	if working <= largeWorking {
		return func() { f.decoding.Release(1) }, f.decoding.Acquire(ctx, 1)
	}
	return func() {
		debug.FreeOSMemory()
		f.decoding.Release(decoders)
	}, f.decoding.Acquire(ctx, decoders)
}

// reader starts again at the beginning of the upload.
func reader(upload *os.File) io.Reader {
	return bufio.NewReaderSize(io.NewSectionReader(upload, 0, MaxUpload), 64<<10)
}

// perPixel is the memory of the decoded pixels, and what WebP's transparency takes beside them.
func perPixel(_ []byte, config image.Config) int64 {
	bytes := 4
	switch config.ColorModel {
	case color.GrayModel:
		bytes = 1
	case color.RGBA64Model, color.NRGBA64Model:
		bytes = 8
	}
	if _, ok := config.ColorModel.(color.Palette); ok {
		bytes = 1
	}
	return int64(config.Width) * int64(config.Height) * int64(bytes)
}

// fit turns the picture upright and makes it no larger than what is kept.
func fit(img image.Image, orientation int) *image.NRGBA {
	width, height := maxWidth, maxHeight
	if orientation >= 5 { // it lies on its side
		width, height = height, width
	}
	upright := imaging.Fit(img, width, height, imaging.CatmullRom) // first smaller, then turned: less to turn
	switch orientation {
	case 2:
		return imaging.FlipH(upright)
	case 3:
		return imaging.Rotate180(upright)
	case 4:
		return imaging.FlipV(upright)
	case 5:
		return imaging.Transpose(upright)
	case 6:
		return imaging.Rotate270(upright)
	case 7:
		return imaging.Transverse(upright)
	case 8:
		return imaging.Rotate90(upright)
	}
	return upright
}

// write encodes both variants. Only pixels are written: every metadatum stays behind.
func write(img *image.NRGBA, lossy bool) (*picture, error) {
	p := &picture{width: img.Bounds().Dx(), height: img.Bounds().Dy()}
	var err error
	if !lossy {
		if p.large, err = encodePNG(img); err != nil {
			return nil, err
		}
		lossy = len(p.large) > maxPNG && img.Opaque()
	}
	encoder := encodePNG
	p.contentType, p.extension = "image/png", ".png"
	if lossy {
		encoder = encodeJPEG
		p.contentType, p.extension = "image/jpeg", ".jpg"
		if p.large, err = encodeJPEG(img); err != nil {
			return nil, err
		}
	}
	if p.width > smallWidth {
		p.small, err = encoder(imaging.Resize(img, smallWidth, 0, imaging.CatmullRom))
	}
	return p, err
}

// portraitSide is how large the picture of a person is kept, in pixels: sharp beside a name on any screen, and small to send.
const portraitSide = 128

// portrait is the square in the middle of a picture.
func portrait(p *picture) (*picture, error) {
	img, _, err := image.Decode(bytes.NewReader(p.large))
	if err != nil {
		return nil, fmt.Errorf("decode what was encoded: %w", err)
	}
	return write(imaging.Fill(img, portraitSide, portraitSide, imaging.Center, imaging.CatmullRom), p.contentType == "image/jpeg")
}

// How large the banner of a campaign is kept, in pixels: sharp across a page on any screen.
const (
	bannerWidth    = 1600
	bannerMinWidth = 800
	bannerHeight   = 1600
)

// banner is a picture in that size.
func banner(p *picture) (*picture, error) {
	if p.width < bannerMinWidth || p.height > 2*p.width {
		return nil, invalid("narrow")
	}
	if p.width <= bannerWidth && p.height <= bannerHeight {
		return p, nil
	}
	img, _, err := image.Decode(bytes.NewReader(p.large))
	if err != nil {
		return nil, fmt.Errorf("decode what was encoded: %w", err)
	}
	return write(imaging.Fit(img, bannerWidth, bannerHeight, imaging.CatmullRom), p.contentType == "image/jpeg")
}

func encodeJPEG(img *image.NRGBA) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return nil, fmt.Errorf("encode JPEG: %w", err)
	}
	return b.Bytes(), nil
}

func encodePNG(img *image.NRGBA) ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("encode PNG: %w", err)
	}
	return b.Bytes(), nil
}
