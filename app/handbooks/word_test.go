package handbooks_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

const wordprocessing = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"`

// document is a small document of Word: a title, a heading, a paragraph and a picture.
func document(t *testing.T) string {
	line := func(style, words string) string {
		return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t>` + words + `</w:t></w:r></w:p>`
	}
	return string(packed(t, "[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/_rels/document.xml.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="p1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/image1.png"/></Relationships>`,
		"word/styles.xml", `<?xml version="1.0"?><w:styles `+wordprocessing+`><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style><w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style></w:styles>`,
		"word/document.xml", `<?xml version="1.0"?><w:document `+wordprocessing+`><w:body>`+line("Title", "Brewing &amp; more")+line("Heading1", "Steps")+line("", "Water first.")+
			`<w:p><w:r><w:drawing><wp:inline><wp:extent cx="100" cy="100"/><wp:docPr id="1" name="x" descr="A vat"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:blipFill><a:blip r:embed="p1"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p></w:body></w:document>`,
		"word/media/image1.png", pixels(t),
		"docProps/core.xml", `<?xml version="1.0"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"><dc:creator>Jane Doe</dc:creator><dcterms:created>2023-01-02T10:00:00Z</dcterms:created><cp:keywords>beer, hops</cp:keywords></cp:coreProperties>`))
}

// pandocIs puts a program in the place of pandoc: a script of the shell, or none.
func pandocIs(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if script != "" {
		if err := os.WriteFile(filepath.Join(dir, "pandoc"), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
			t.Fatal(err)
		}
		dir += string(os.PathListSeparator) + os.Getenv("PATH")
	}
	t.Setenv("PATH", dir)
}

// reads stands for pandoc: it writes what pandoc makes of the document above, if it is asked as it has to be.
const reads = `case "$*" in *"+RTS -M512m -RTS --sandbox --from=docx --to=html --standalone"*) ;; *) exit 9;; esac
head -c 2 | grep -q PK || exit 8
cat > /dev/null
echo '<html><head><title>Brewing &amp; more</title></head><body><header id="title-block-header"><h1 class="title">Brewing &amp; more</h1></header>'
echo '<h1 id="steps">Steps</h1><p>Water first.</p><p><img src="media/image1.png" alt="A vat" /></p></body></html>'`

func TestDocumentsOfWordBecomeArticles(t *testing.T) {
	h := open(t)
	shelf := h.collection("ateliers", "Beer")
	pandocIs(t, reads)
	_, answer := h.taken(shelf, packed(t, "docs/brewing.docx", document(t), "docs/~$brewing.docx", "x"))
	answer.See("Read as Word", "1 article")
	made := h.articles(shelf)["Brewing & more"]
	if made == nil || made.CreatedAt.Format("2006-01-02") != "2023-01-02" || len(made.Tags) != 2 {
		t.Fatalf("it has %+v", h.articles(shelf))
	}
	h.holds(made.Body, "# Steps", "Water first.", "![A vat](/files/")
	h.As(h.alice).Get(made.Path()).See("Jane Doe")
	address := h.sendAs(h.mona, shelf, "alone.docx", "", []byte(document(t))).Status(http.StatusSeeOther).Header.Get("Location")
	h.Settle()
	h.As(h.mona).Get(address).See("Read as Word", "1 article")
}

func TestDocumentsThatCannotBeReadAreNamed(t *testing.T) {
	h := open(t)
	shelf, path := h.collection("ateliers", "Beer"), os.Getenv("PATH")
	whole := packed(t, "a.docx", document(t))
	for _, row := range [][2]string{{"exit 1", "no Word document that can be read"}, {"cat > /dev/null; yes | head -c 20000000", "no Word document that can be read"}, {reads, "in order"}, {"", "pandoc, which is not installed"}} {
		pandocIs(t, row[0])
		_, page := h.read(shelf, whole)
		page.See(row[1])
		if row[0] != "" {
			t.Setenv("PATH", path)
		}
	}
	form := fmt.Sprintf("/collections/%d/imports", shelf)
	h.As(h.mona).Get(form).See("pandoc, which is not installed")
	t.Setenv("PATH", path)
	pandocIs(t, reads)
	h.As(h.mona).Get(form).See("Word (.docx)").NotSee("not installed")
	_, page := h.read(shelf, packed(t, "a.docx", "no archive"))
	page.See("no Word document that can be read")
}
