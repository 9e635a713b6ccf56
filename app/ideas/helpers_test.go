package ideas_test

import (
	"bytes"
	"image"
	imagepng "image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"testing"
)

func escape(text string) string { return url.QueryEscape(text) }

// multipartForm is a form with a file, as browsers without scripts send it.
func multipartForm(t *testing.T, fields map[string]string, name string, content []byte) (io.Reader, http.Header) {
	t.Helper()
	body := &bytes.Buffer{}
	form := multipart.NewWriter(body)
	for field, value := range fields {
		if err := form.WriteField(field, value); err != nil {
			t.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("picture", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return body, http.Header{"Content-Type": {form.FormDataContentType()}}
}

func png(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := imagepng.Encode(&out, image.NewRGBA(image.Rect(0, 0, 2, 3))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
