// Package mp3 reads how an MP3 file is built: its tags and the heads of its frames. It decodes no sound.
package mp3

import "bytes"

// bitrates in kbit/s of layer 3: MPEG 1, then MPEG 2 and 2.5.
var bitrates = [2][15]int{
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}

// headLength is that of a frame's head in bytes.
const headLength = 4

// Head is what a frame's head says. Size is the frame's length in bytes, the head included; Rate is in samples a
// second and channel, Samples how many of them the frame has. Side is how many of its bytes are no sound: the
// head, its checksum and the side information. Memory is how many bytes of sound of the frames before it a frame
// may use (ISO 11172-3 and 13818-3, main_data_begin).
type Head struct{ Size, Rate, Channels, Samples, Side, Memory int }

// ReadHead understands layer 3 of MPEG 1, 2 and 2.5 (ISO 11172-3, section 2.4.1.3): telephone recordings are 2
// and 2.5. Frames of free bit rate are taken for none: their length stands nowhere.
func ReadHead(b []byte) (Head, bool) {
	if len(b) < headLength || b[0] != 0xFF || b[1]&0xE0 != 0xE0 {
		return Head{}, false
	}
	version, layer := b[1]>>3&3, b[1]>>1&3
	rateIndex, bitIndex := b[2]>>2&3, b[2]>>4
	if version == 1 || layer != 1 || rateIndex == 3 || bitIndex == 0 || bitIndex == 15 {
		return Head{}, false
	}
	rate := [3]int{44100, 48000, 32000}[rateIndex]
	samples, factor, table := 1152, 144, 0
	if version != 3 {
		samples, factor, table = 576, 72, 1
		rate /= 2
		if version == 0 {
			rate /= 2
		}
	}
	padding := int(b[2] >> 1 & 1)
	size := factor*bitrates[table][bitIndex]*1000/rate + padding
	channels, side, memory := 2, 4+32, 511
	if b[3]>>6 == 3 {
		channels, side = 1, 4+17
	}
	if version != 3 {
		side, memory = 4+[3]int{0, 9, 17}[channels], 255
	}
	if b[1]&1 == 0 {
		side += 2
	}
	return Head{size, rate, channels, samples, side, memory}, true
}

// TagHead is the length of the head of an ID3v2 tag.
const TagHead = 10

// TagLength is the length of the ID3v2 tag that b begins with, more of which may be to come (ID3v2.4, section
// 3.1); 0: it begins with none.
func TagLength(b []byte) int {
	if len(b) < TagHead || !bytes.HasPrefix(b, []byte("ID3")) {
		return 0
	}
	size := TagHead + (int(b[6]&0x7F)<<21 | int(b[7]&0x7F)<<14 | int(b[8]&0x7F)<<7 | int(b[9]&0x7F))
	if b[5]&0x10 != 0 {
		size += TagHead // a footer
	}
	return size
}
