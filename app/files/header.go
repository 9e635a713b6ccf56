package files

import (
	"bytes"
	"encoding/binary"
	"image"
)

// headerSize is how much of an upload is looked at before decoding. Cameras write the orientation into the first 64 kB segment.
const headerSize = 256 << 10

// isAnimatedWebP reads the flags of the extended WebP header.
func isAnimatedWebP(header []byte) bool {
	const animation = 1 << 1
	return len(header) > 20 && string(header[:4]) == "RIFF" && string(header[8:16]) == "WEBPVP8X" && header[20]&animation != 0
}

// jpegFacts are what a JPEG says of itself that Go's decoder does not tell.
type jpegFacts struct {
	orientation int // 1 to 8 as in EXIF; 1 is upright
	progressive bool
	samples     float64 // per pixel: 1 for grey, 1.5 to 3 for colours, 4 for print
}

// jpegWorking is the memory of the samples; a progressive picture is collected as 32-bit coefficients first.
func jpegWorking(header []byte, config image.Config) int64 {
	facts := readJPEG(header)
	samples := facts.samples * float64(config.Width) * float64(config.Height)
	if facts.progressive {
		samples *= 5
	}
	return int64(samples)
}

// readJPEG walks the segments up to the picture itself. What is not a JPEG, or a broken one, is upright and assumed costly.
func readJPEG(data []byte) jpegFacts {
	facts := jpegFacts{orientation: 1, samples: 4}
	if len(data) < 4 || data[0] != 0xFF || data[1] != 0xD8 {
		return facts
	}
	for data = data[2:]; len(data) >= 4 && data[0] == 0xFF; {
		marker := data[1]
		if marker == 0xFF { // padding
			data = data[1:]
			continue
		}
		length := int(binary.BigEndian.Uint16(data[2:]))
		if marker == 0xDA || length < 2 || len(data) < 2+length {
			break
		}
		segment := data[4 : 2+length]
		switch marker {
		case 0xC0, 0xC1, 0xC2:
			facts.progressive = marker == 0xC2
			facts.samples = samplesPerPixel(segment)
		case 0xE1:
			if exif, found := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); found {
				facts.orientation = orientation(exif)
			}
		}
		data = data[2+length:]
	}
	return facts
}

// samplesPerPixel reads the sampling factors of the components from the frame header.
func samplesPerPixel(frame []byte) float64 {
	if len(frame) < 6 || len(frame) < 6+3*int(frame[5]) || frame[5] == 0 {
		return 4
	}
	sum, most := 0, 1
	for i := range int(frame[5]) {
		factors := frame[6+3*i+1]
		area := int(factors>>4) * int(factors&15)
		sum += area
		most = max(most, area)
	}
	return max(1, float64(sum)/float64(most))
}

// orientation reads tag 0x0112 of the first directory of the EXIF block (a TIFF file in small).
func orientation(exif []byte) int {
	const upright, tag, entrySize = 1, 0x0112, 12
	if len(exif) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(exif[:2]) == "MM" {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(exif[4:]))
	if at+2 > int64(len(exif)) {
		return upright
	}
	directory := exif[at+2:]
	for range order.Uint16(exif[at:]) {
		if len(directory) < entrySize {
			break
		}
		if order.Uint16(directory) == tag {
			if value := int(order.Uint16(directory[8:])); value >= 1 && value <= 8 {
				return value
			}
			break
		}
		directory = directory[entrySize:]
	}
	return upright
}
