package sheets

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// WriteRows keeps rows for later, in a form of the house's own that needs no guessing.
func WriteRows(to io.Writer) (take func(*Row) error, done func() error) {
	packed := gzip.NewWriter(to)
	out := json.NewEncoder(packed)
	return func(row *Row) error { return out.Encode(row) }, packed.Close
}

// EachRow hands out kept rows again.
func EachRow(from io.Reader, do func(*Row) error) error {
	packed, err := gzip.NewReader(from)
	if err != nil {
		return fmt.Errorf("read kept rows: %w", err)
	}
	in := json.NewDecoder(packed)
	for {
		row := &Row{}
		if err := in.Decode(row); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read kept rows: %w", err)
		}
		if err := do(row); err != nil {
			return err
		}
	}
}
