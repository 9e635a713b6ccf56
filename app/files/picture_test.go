package files_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"ruche/app/files"
	"ruche/models"
	"ruche/models/modelstest"
)

// A desk is the feature with a person who uploads.
type desk struct {
	*files.Files
	db    *models.DB
	store files.Store
	alice *models.Actor
	dir   string
	t     testing.TB
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	dir := t.TempDir()
	store, err := files.OpenStore(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	return newDeskOn(t, dir, store)
}

func newDeskOn(t testing.TB, dir string, store files.Store, options ...models.Options) *desk {
	t.Helper()
	d := &desk{db: modelstest.Open(t, options...), store: store, dir: dir, t: t}
	d.alice = d.person("alice")
	var err error
	if d.Files, err = files.New(d.db, store, dir); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) person(name string) *models.Actor {
	d.t.Helper()
	user := &models.User{Name: name, Email: name + "@example.test", Role: models.RoleEmployee}
	if err := d.db.Tx(d.t.Context(), nil, func(tx *models.Tx) error { return tx.CreateUser(user) }); err != nil {
		d.t.Fatal(err)
	}
	actor, err := d.db.ActorByID(d.t.Context(), user.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	return actor
}

// save uploads a picture that must be taken and returns what the store keeps of it.
func (d *desk) save(name string, data []byte) (*models.File, []byte) {
	d.t.Helper()
	file, err := d.Save(d.t.Context(), d.alice, name, bytes.NewReader(data))
	if err != nil {
		d.t.Fatalf("%s: %v", name, err)
	}
	return file, d.stored(file.Key)
}

func (d *desk) stored(key string) []byte {
	d.t.Helper()
	object, size, err := d.store.Open(d.t.Context(), key)
	if err != nil {
		d.t.Fatal(err)
	}
	defer object.Close()
	data, err := io.ReadAll(object)
	if err != nil || int64(len(data)) != size {
		d.t.Fatalf("%d of %d bytes, %v", len(data), size, err)
	}
	return data
}

// refused uploads what must not be taken and checks why.
func (d *desk) refused(name string, data []byte, key string) {
	d.t.Helper()
	_, err := d.Save(d.t.Context(), d.alice, name, bytes.NewReader(data))
	var invalid models.Invalid
	if !errors.As(err, &invalid) || invalid["file"] != key {
		d.t.Errorf("%s: %v, want %s", name, err, key)
	}
}

// halves is a picture whose left half is red and whose right half is blue.
func halves(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.NRGBA{R: 230, A: 255}
			if x >= width/2 {
				c = color.NRGBA{B: 230, A: 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func noise(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(img.Pix)
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	return img
}

func asPNG(img image.Image) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

func asJPEG(img image.Image) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, nil)
	return b.Bytes()
}

// withEXIF puts a camera's metadata into a JPEG: an orientation and a place.
func withEXIF(picture []byte, orientation uint16) []byte {
	order := binary.BigEndian
	tiff := []byte("MM\x00\x2A\x00\x00\x00\x08")
	tiff = order.AppendUint16(tiff, 2)
	tiff = append(order.AppendUint16(append(tiff, 0x01, 0x12, 0, 3, 0, 0, 0, 1), orientation), 0, 0)
	tiff = order.AppendUint32(append(tiff, 0x88, 0x25, 0, 4, 0, 0, 0, 1), 38) // GPS directory
	tiff = append(tiff, 0, 0, 0, 0)
	tiff = append(tiff, "N 47.2184 W 1.5536 SECRET PLACE"...)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, picture[:2]...)
	out = order.AppendUint16(append(out, 0xFF, 0xE1), uint16(len(segment)+2))
	return append(append(out, segment...), picture[2:]...)
}

// bomb is the beginning of a PNG that claims a size.
func bomb(width, height uint32) []byte {
	header := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)...)
	header = append(header, 8, 6, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, header...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(header))
}

func TestPicturesOfEveryKindAreTaken(t *testing.T) {
	d := newDesk(t)
	var moving bytes.Buffer
	frame := func(c color.Color) *image.Paletted {
		return image.NewPaletted(image.Rect(0, 0, 30, 20), color.Palette{c})
	}
	if err := gif.EncodeAll(&moving, &gif.GIF{Image: []*image.Paletted{frame(color.White), frame(color.Black)}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	transparent := halves(60, 20)
	transparent.Set(3, 3, color.Transparent)
	for name, c := range map[string]struct {
		data        []byte
		contentType string
		width       int
	}{
		"photo.JPG":           {asJPEG(halves(60, 20)), "image/jpeg", 60},
		"screenshot.png":      {asPNG(halves(60, 20)), "image/png", 60},
		"transparent.png":     {asPNG(transparent), "image/png", 60},
		"grey.png":            {asPNG(image.NewGray(image.Rect(0, 0, 60, 20))), "image/png", 60},
		"deep.png":            {asPNG(image.NewNRGBA64(image.Rect(0, 0, 60, 20))), "image/png", 60},
		"photo as PNG.png":    {asPNG(noise(900, 600)), "image/jpeg", 900},
		"moving.gif":          {moving.Bytes(), "image/png", 30},
		"lossy.webp":          {lossyWebP, "image/jpeg", 1},
		"lossless.webp":       {losslessWebP, "image/png", 1},
		"wrong extension.png": {asJPEG(halves(60, 20)), "image/jpeg", 60},
		"no extension":        {asPNG(halves(60, 20)), "image/png", 60},
	} {
		t.Run(name, func(t *testing.T) {
			file, stored := d.save(name, c.data)
			img, kind, err := image.Decode(bytes.NewReader(stored))
			if err != nil {
				t.Fatal(err)
			}
			if file.ContentType != c.contentType || "image/"+kind != c.contentType || file.Width != c.width || img.Bounds().Dx() != c.width ||
				img.Bounds().Dy() != file.Height || file.Size != int64(len(stored)) || file.UserID != d.alice.ID {
				t.Errorf("%+v for %v %s", file, img.Bounds(), kind)
			}
		})
	}
}

// The smallest WebP pictures, one of each kind; Go cannot write any.
var (
	lossyWebP    = []byte("RIFF\x22\x00\x00\x00WEBPVP8 \x16\x00\x00\x00\x30\x01\x00\x9d\x01\x2a\x01\x00\x01\x00\x0e\xc0\xfe\x25\xa4\x00\x03\x70\x00\x00\x00\x00")
	losslessWebP = []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
)

func TestLargePicturesAreMadeSmaller(t *testing.T) {
	d := newDesk(t)
	file, _ := d.save("large.jpg", asJPEG(halves(4000, 1000)))
	if file.Width != 2000 || file.Height != 500 {
		t.Errorf("kept %d × %d", file.Width, file.Height)
	}
	small, _, err := image.DecodeConfig(bytes.NewReader(d.stored(strings.TrimSuffix(file.Key, ".jpg") + "-small.jpg")))
	if err != nil || small.Width != 800 || small.Height != 200 {
		t.Errorf("for phones %d × %d, %v", small.Width, small.Height, err)
	}
	tall, _ := d.save("tall.png", asPNG(halves(100, 10_000)))
	if tall.Width != 80 || tall.Height != 8000 {
		t.Errorf("kept %d × %d of a tall one", tall.Width, tall.Height)
	}
}

func TestPicturesLoseTheirMetadataAndStandUpright(t *testing.T) {
	d := newDesk(t)
	red := func(c color.Color) bool { r, _, b, _ := c.RGBA(); return r > b }
	for orientation, c := range map[uint16]struct {
		width    int
		redPoint image.Point
	}{
		0: {40, image.Pt(5, 10)}, 1: {40, image.Pt(5, 10)}, 2: {40, image.Pt(35, 10)}, 3: {40, image.Pt(35, 10)}, 4: {40, image.Pt(5, 10)},
		5: {20, image.Pt(10, 5)}, 6: {20, image.Pt(10, 5)}, 7: {20, image.Pt(10, 35)}, 8: {20, image.Pt(10, 35)}, 9: {40, image.Pt(5, 10)},
	} {
		t.Run(fmt.Sprintf("orientation %d", orientation), func(t *testing.T) {
			sent := withEXIF(asJPEG(halves(40, 20)), orientation)
			file, stored := d.save("IMG_0001.jpg", sent)
			if !bytes.Contains(sent, []byte("SECRET")) || bytes.Contains(stored, []byte("SECRET")) || bytes.Contains(stored, []byte("Exif")) {
				t.Error("the place is still in the picture")
			}
			img, _, err := image.Decode(bytes.NewReader(stored))
			if err != nil || file.Width != c.width || img.Bounds().Dx() != c.width || !red(img.At(c.redPoint.X, c.redPoint.Y)) {
				t.Errorf("%v, red at %v: %v, %v", img.Bounds(), c.redPoint, red(img.At(c.redPoint.X, c.redPoint.Y)), err)
			}
		})
	}
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	d := newDesk(t)
	whole := asJPEG(noise(300, 200))
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"nothing.png":        {nil, "files.missing"},
		"text.png":           {[]byte("bonjour"), "files.not_a_picture"},
		"page.jpg":           {[]byte("<html><script>alert(1)</script>"), "files.not_a_picture"},
		"script.svg":         {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "files.not_a_picture"},
		"svg as.png":         {[]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "files.not_a_picture"},
		"archive.png":        {[]byte("PK\x03\x04\x14\x00\x00\x00"), "files.not_a_picture"},
		"report.pdf":         {[]byte("%PDF-1.7\n"), "files.not_a_picture"},
		"photo.heic":         {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "files.not_a_picture"},
		"photo.tiff":         {[]byte("II\x2a\x00\x08\x00\x00\x00"), "files.not_a_picture"},
		"eicar.jpg":          {[]byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`), "files.not_a_picture"},
		"cut in half.jpg":    {whole[:len(whole)/2], "files.damaged"},
		"cut in header.jpg":  {whole[:12], "files.damaged"},
		"cut.png":            {asPNG(noise(300, 200))[:5000], "files.damaged"},
		"magic only.gif":     {[]byte("GIF89a"), "files.damaged"},
		"magic and page.gif": {[]byte("GIF89a=1;<script>alert(1)</script>"), "files.too_many_pixels"}, // the words read as a size
		"magic only.webp":    {[]byte("RIFF\x10\x00\x00\x00WEBPVP8 "), "files.damaged"},
		"moving.webp":        {[]byte("RIFF\x20\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x0f\x00\x00\x0f\x00\x00ANIM"), "files.animated"},
		"50,000 × 50,000":    {bomb(50_000, 50_000), "files.too_many_pixels"},
		"2³¹ wide":           {bomb(1<<31-1, 1), "files.too_many_pixels"},
		"13,000 wide":        {bomb(13_000, 10), "files.too_many_pixels"},
		"41 megapixels":      {bomb(8200, 5000), "files.too_many_pixels"},
		"claims 39 MP.png":   {bomb(7800, 5000), "files.damaged"},
		"10 MB and a byte":   {make([]byte, files.MaxUpload+1), "files.too_large"},
	} {
		t.Run(name, func(t *testing.T) { d.refused(name, c.data, c.key) })
	}
	d.storeIsEmpty()
	d.spoolIsEmpty()
}

func TestProgressivePicturesThatWouldFillTheMemoryAreRefused(t *testing.T) {
	frame := func(marker byte) []byte { // 6000 × 6000, three components sampled alike
		return []byte{0xFF, 0xD8, 0xFF, marker, 0, 17, 8, 0x17, 0x70, 0x17, 0x70, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 0xFF, 0xDA, 0, 2}
	}
	d := newDesk(t)
	d.refused("progressive.jpg", frame(0xC2), "files.too_many_pixels")
	d.refused("baseline.jpg", frame(0xC0), "files.damaged") // its size is fine, its content is missing
}

func TestASecondFormatBehindThePictureIsNotKept(t *testing.T) {
	d := newDesk(t)
	for name, picture := range map[string][]byte{"a.jpg": asJPEG(halves(40, 20)), "a.png": asPNG(halves(40, 20))} {
		for _, hidden := range []string{"<script>alert(1)</script>", "PK\x03\x04 archive", "<?php system($_GET[0]) ?>"} {
			_, stored := d.save(name, append(picture, hidden...))
			if bytes.Contains(stored, []byte(hidden)) {
				t.Errorf("%s still carries %q", name, hidden)
			}
		}
	}
}

func TestNamesAreMadeSafe(t *testing.T) {
	d := newDesk(t)
	for sent, want := range map[string]string{
		"Été à Nantes (1).HEIC.png":        "Été à Nantes (1).HEIC.png",
		`C:\Users\zoe\secret\plan.PNG`:     "plan.png",
		"../../etc/passwd":                 "passwd.png",
		"a\r\nSet-Cookie: x=1\".png":       "a  Set-Cookie x1.png",
		"\u202egnp.exe.png":                "gnp.exe.png",
		"":                                 "image.png",
		"<script>.png":                     "script.png",
		"..":                               "image.png",
		strings.Repeat("é", 300) + ".jpeg": strings.Repeat("é", 80) + ".png",
		"\xff\xfe.png":                     "image.png",
	} {
		if file, _ := d.save(sent, asPNG(halves(4, 4))); file.Name != want {
			t.Errorf("%q became %q, want %q", sent, file.Name, want)
		}
	}
}
