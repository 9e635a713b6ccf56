package boxes

import (
	"fmt"
	"strings"

	"rsc.io/qr"

	views "ruche/views/boxes"
)

// drawn is the code of an address as one path of squares, so that it is sharp at any size.
func drawn(address string) (views.Code, error) {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return views.Code{}, fmt.Errorf("draw the code of a poster: %w", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			if !code.Black(x, y) {
				continue
			}
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
		}
	}
	return views.Code{Size: code.Size + 2*quiet, Path: path.String()}, nil
}

// quiet is the width of the white edge that readers want around a code, in squares.
const quiet = 4
