package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/labstack/echo/v4"
)

// Levels beyond which a smaller page is not worth the time: brotli's newer compressor takes 0.32 ms for a
// list of thirty real ideas at level 1, 0.51 ms for 9 % less at level 3.
const (
	brotliLevel = 1
	gzipLevel   = 1
)

// leastCompressed is the size under which compressing is not worth its header.
const leastCompressed = 860

type encoder interface {
	io.WriteCloser
	Reset(io.Writer)
}

var encoders = map[string]*sync.Pool{
	"br": {New: func() any { return brotli.NewWriterV2(nil, brotliLevel) }},
	"gzip": {New: func() any {
		writer, _ := gzip.NewWriterLevel(nil, gzipLevel) // fails for an unknown level only
		return writer
	}},
}

// Compress sends texts as brotli or gzip to clients that take it.
func Compress(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		header := c.Response().Header()
		header.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
		encoding := preferred(c.Request().Header.Get(echo.HeaderAcceptEncoding))
		if encoding == "" || c.Request().Method == http.MethodHead {
			return next(c)
		}
		original := c.Response().Writer
		writer := &compressor{ResponseWriter: original, encoding: encoding}
		c.Response().Writer = writer
		err := next(c)
		if err != nil && !c.Response().Committed {
			c.Error(err) // the error's page goes through the compressor as well
			err = nil
		}
		if closeErr := writer.close(); err == nil {
			err = closeErr
		}
		c.Response().Writer = original
		return err
	}
}

func preferred(accept string) string {
	for _, encoding := range []string{"br", "gzip"} {
		for _, offer := range strings.Split(accept, ",") {
			name, weight, _ := strings.Cut(strings.TrimSpace(offer), ";")
			if name == encoding && strings.ReplaceAll(weight, " ", "") != "q=0" {
				return encoding
			}
		}
	}
	return ""
}

// compressor decides at the first write, when the type and size of the answer are known.
type compressor struct {
	http.ResponseWriter
	encoding string
	status   int
	decided  bool
	encoder  encoder
}

func (w *compressor) WriteHeader(status int) { w.status = status }

func (w *compressor) Write(data []byte) (int, error) {
	if !w.decided {
		w.decide(len(data))
	}
	if w.encoder != nil {
		return w.encoder.Write(data)
	}
	return w.ResponseWriter.Write(data)
}

func (w *compressor) decide(size int) {
	w.decided = true
	header := w.Header()
	if size >= leastCompressed && header.Get(echo.HeaderContentEncoding) == "" && compressible(header.Get(echo.HeaderContentType)) {
		header.Set(echo.HeaderContentEncoding, w.encoding)
		header.Del(echo.HeaderContentLength)
		w.encoder = encoders[w.encoding].Get().(encoder)
		w.encoder.Reset(w.ResponseWriter)
	}
	if w.status != 0 {
		w.ResponseWriter.WriteHeader(w.status)
	}
}

func compressible(contentType string) bool {
	return strings.HasPrefix(contentType, "text/html") || strings.HasPrefix(contentType, "text/plain") || strings.Contains(contentType, "json") || strings.Contains(contentType, "yaml")
}

func (w *compressor) close() error {
	if !w.decided {
		w.decide(0)
	}
	if w.encoder == nil {
		return nil
	}
	err := w.encoder.Close()
	encoders[w.encoding].Put(w.encoder)
	w.encoder = nil
	return err
}

// Flush sends what there is of an answer that goes on; those are not compressed.
func (w *compressor) Flush() {
	if !w.decided {
		w.decide(0)
	}
	_ = http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController reach the connection.
func (w *compressor) Unwrap() http.ResponseWriter { return w.ResponseWriter }
