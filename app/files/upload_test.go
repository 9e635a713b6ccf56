package files_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"ruche/app/files"
	"ruche/models"
)

const pdf = "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

// take sends a file for a text.
func (d *desk) take(name, id, content string) (*models.File, error) {
	return d.Take(d.t.Context(), d.alice, files.Upload{Name: name, ID: id, Content: strings.NewReader(content)})
}

// taken sends one that must be taken.
func (d *desk) taken(name, id, content string) *models.File {
	d.t.Helper()
	file, err := d.take(name, id, content)
	if err != nil {
		d.t.Fatalf("%s: %v", name, err)
	}
	return file
}

// objects counts what the store holds.
func (d *desk) objects() (n int) {
	d.t.Helper()
	_ = filepath.WalkDir(filepath.Join(d.dir, "files"), func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			n++
		}
		return err
	})
	return n
}

func TestAFileIsWhatIsInItWhateverItIsCalled(t *testing.T) {
	d := newDesk(t)
	for sent, want := range map[[2]string][2]string{
		{"report.exe", pdf}: {"report.pdf", "application/pdf"}, {"photo.pdf", string(asPNG(halves(4, 4)))}: {"photo.png", "image/png"},
		{"page.png", "Bonjour"}: {"page.txt", "text/plain"}, {"values.CSV", "a;b\n1;2\n"}: {"values.csv", "text/csv"},
		{"../../etc/passwd", "Bonjour !"}: {"passwd.txt", "text/plain"}, {`C:\Users\alice\plan.txt`, "Plan"}: {"plan.txt", "text/plain"},
		{"facture\u202Efdp.exe", pdf + " "}: {"facturefdp.pdf", "application/pdf"}, {"a\x00\r\nb\x1b[31m.txt", "b"}: {"a  b31m.txt", "text/plain"},
		{strings.Repeat("é", 300) + ".txt", "c"}: {strings.Repeat("é", 80) + ".txt", "text/plain"}, {"...", "d"}: {"file.txt", "text/plain"},
	} {
		file := d.taken(sent[0], "", sent[1])
		if file.Name != want[0] || file.ContentType != want[1] {
			t.Errorf("%q is kept as %q, %s; want %q", sent[0], file.Name, file.ContentType, want)
		}
	}
	for name, content := range map[string]string{
		"drawing.png": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "page.pdf": "<!doctype html><script>alert(1)</script>", "run.pdf": "MZ\x90\x00\x03",
		"old.doc": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), "latin.txt": "caf\xe9", "zero.txt": "a\x00b", "huge.png": string(bomb(10_000, 10_000)), "empty.pdf": "",
	} {
		_, err := d.take(name, "", content)
		var invalid models.Invalid
		if !errors.As(err, &invalid) || invalid["file"] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.spoolIsEmpty()
}

// zeros is an archive whose last entry is much of nothing.
func zeros(t *testing.T, entries ...string) string {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for i, name := range entries {
		entry, err := archive.Create(name)
		if err == nil && i == len(entries)-1 {
			_, err = io.CopyN(entry, zeroReader{}, 150<<20)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestAnArchiveIsNeverUnpacked(t *testing.T) {
	d := newDesk(t)
	bomb, document := zeros(t, "zeros"), zeros(t, "[Content_Types].xml", "word/document.xml", "word/media/zeros")
	stop, peak := watchMemory()
	began := time.Now()
	archive := d.taken("bomb.zip", "", bomb)
	office := d.taken("bomb.docx", "", document)
	took := time.Since(began)
	close(stop)
	if most := <-peak >> 20; most > 100 || took > 2*time.Second {
		t.Errorf("the heap grew to %d MB within %v", most, took)
	}
	if string(d.stored(archive.Key)) != bomb || string(d.stored(office.Key)) != document || office.Name != "bomb.docx" {
		t.Error("they are not kept as they came")
	}
}

func TestAnUploadIsTriedAgainUnderItsName(t *testing.T) {
	d := newDesk(t)
	broken := files.Upload{Name: "plan.pdf", ID: "one", Content: io.MultiReader(strings.NewReader(pdf[:20]), iotest.ErrReader(io.ErrUnexpectedEOF))}
	if _, err := d.Take(t.Context(), d.alice, broken); err == nil {
		t.Fatal("a broken upload is taken")
	}
	d.storeIsEmpty()
	d.spoolIsEmpty()
	first := d.taken("plan.pdf", "one", pdf)
	if again := d.taken("plan.pdf", "one", pdf); again.ID != first.ID || again.Key != first.Key {
		t.Errorf("sent again it is file %d, not %d", again.ID, first.ID)
	}
	if _, err := d.take("plan.pdf", "one", pdf+"changed"); !errors.Is(err, models.ErrConflict) {
		t.Errorf("another file under the same name: %v", err)
	}
	bob := d.person("bob")
	other, err := d.Take(t.Context(), bob, files.Upload{Name: "plan.pdf", ID: "one", Content: strings.NewReader(pdf)})
	if err != nil || other.ID == first.ID || other.Key == first.Key {
		t.Errorf("Bob's file is %+v, %v", other, err)
	}
	photo := string(asJPEG(noise(900, 600)))
	ids := make([]int64, 4)
	var sendings sync.WaitGroup
	for i := range ids {
		sendings.Go(func() { ids[i] = d.taken("photo.jpg", "two", photo).ID })
	}
	sendings.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("four sendings at once make the files %v", ids)
		}
	}
	if n := d.objects(); n != 4 { // two documents, and a picture in two sizes
		t.Errorf("the store holds %d objects", n)
	}
}

func TestTheSameBytesAreKeptOnceAsLongAsOneFileNeedsThem(t *testing.T) {
	d := newDesk(t)
	first, second := d.taken("plan.pdf", "", pdf), d.taken("the plan.pdf", "", pdf)
	if first.ID == second.ID || first.Key != second.Key || second.Name != "the plan.pdf" || second.Size != int64(len(pdf)) || d.objects() != 1 {
		t.Errorf("%+v\n%+v", first, second)
	}
	idea := d.idea()
	if err := d.db.Tx(t.Context(), d.alice, func(tx *models.Tx) error {
		return tx.AttachFiles(d.alice.ID, models.Place{Idea: idea}, []int64{second.ID})
	}); err != nil {
		t.Fatal(err)
	}
	if n, err := d.Sweep(t.Context(), -time.Hour); n != 1 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	if string(d.stored(second.Key)) != pdf {
		t.Error("the bytes of the other are gone")
	}
	if shared, err := d.db.SharedKeys(t.Context(), []models.File{*second}); err != nil || len(shared) > 0 {
		t.Errorf("shared: %v, %v", shared, err)
	}
}

func TestTwoUploadsAtOnceDoNotExceedTheRoomOfAPerson(t *testing.T) {
	dir := t.TempDir()
	store, err := files.OpenStore(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	d := newDeskOn(t, dir, store, models.Options{Quotas: &models.Quotas{Person: 250}})
	var mu sync.Mutex
	var taken, refused int
	var sendings sync.WaitGroup
	for i := range 4 {
		sendings.Go(func() {
			_, err := d.take("a.txt", "", strings.Repeat("abcd"[i:i+1], 100))
			var invalid models.Invalid
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				taken++
			case errors.As(err, &invalid) && invalid["file"] == "files.person_full":
				refused++
			default:
				t.Error(err)
			}
		})
	}
	sendings.Wait()
	use, err := d.db.FilesOfPerson(t.Context(), d.alice.ID)
	if taken != 2 || refused != 2 || err != nil || use != (models.FileUse{Used: 200, Quota: 250}) || use.Part() != 80 || d.objects() != 2 {
		t.Errorf("%d taken, %d refused, %+v, %d objects, %v", taken, refused, use, d.objects(), err)
	}
}

func TestTwoTextsAtOnceDoNotExceedTheRoomOfASpace(t *testing.T) {
	dir := t.TempDir()
	store, err := files.OpenStore(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	d := newDeskOn(t, dir, store, models.Options{Quotas: &models.Quotas{Space: 150}})
	idea := d.idea()
	ids := []int64{d.taken("a.txt", "", strings.Repeat("a", 100)).ID, d.taken("b.txt", "", strings.Repeat("b", 100)).ID}
	errs := make([]error, len(ids))
	var writers sync.WaitGroup
	for i := range ids {
		writers.Go(func() {
			errs[i] = d.db.Tx(t.Context(), d.alice, func(tx *models.Tx) error { return tx.AttachFiles(d.alice.ID, models.Place{Idea: idea}, ids[i:i+1]) })
		})
	}
	writers.Wait()
	var invalid models.Invalid
	if errors.Join(errs...) == nil || errs[0] != nil && errs[1] != nil || !errors.As(errors.Join(errs...), &invalid) || invalid["body"] != "files.space_full" {
		t.Errorf("%v", errs)
	}
	if use, err := d.db.FilesOfSpace(t.Context(), idea.SpaceID); err != nil || use.Used != 100 {
		t.Errorf("%+v, %v", use, err)
	}
}
