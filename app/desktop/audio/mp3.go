// Package audio holds recordings: decoding MP3 from any point, the peaks of the
// waveform, playing at another speed without another pitch, and the output device. It
// fetches nothing and draws nothing.
package audio

import (
	"errors"
	"fmt"
	"time"

	"github.com/tosone/minimp3"
)

// ErrNoFrames says that the bytes hold no MP3.
var ErrNoFrames = errors.New("this is not an MP3 recording")

// preroll is how many frames before a seek are decoded and dropped: a layer 3 frame may use
// bits of the ones before it, and the filters remember too. With 3 the sound is 29 dB from
// the right one at 16 kbit/s, with 5 over 50 dB.
const preroll = 8

// Clip is one recording in memory. It is read only, so safe for concurrent use.
type Clip struct {
	data     []byte
	offsets  []int // of each frame, and the end of the last
	Rate     int
	Channels int
	perFrame int // samples per frame and channel
}

// bitrates in kbit/s of layer 3: MPEG 1, then MPEG 2 and 2.5.
var bitrates = [2][15]int{
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}

// header is one decoded frame header.
type header struct{ size, rate, channels, samples int }

// readHeader understands layer 3 of MPEG 1, 2 and 2.5: telephone recordings are 2 and 2.5.
func readHeader(b []byte) (header, bool) {
	if len(b) < 4 || b[0] != 0xFF || b[1]&0xE0 != 0xE0 {
		return header{}, false
	}
	version, layer := b[1]>>3&3, b[1]>>1&3
	rateIndex, bitIndex := b[2]>>2&3, b[2]>>4
	if version == 1 || layer != 1 || rateIndex == 3 || bitIndex == 0 || bitIndex == 15 {
		return header{}, false
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
	channels := 2
	if b[3]>>6 == 3 {
		channels = 1
	}
	return header{size, rate, channels, samples}, true
}

// Open reads the table of frames; nothing is decoded yet.
func Open(data []byte) (*Clip, error) {
	c := &Clip{data: data}
	at := skipTag(data)
	for at+4 <= len(data) {
		h, ok := readHeader(data[at:])
		if !ok || at+h.size > len(data) || c.Rate != 0 && h.rate != c.Rate {
			// Not a frame: noise between frames, or a tag at the end.
			at++
			continue
		}
		if c.Rate == 0 {
			// One header may be chance; two in a row at the right distance are not.
			if next, ok := readHeader(data[min(at+h.size, len(data)):]); !ok && at+h.size+4 <= len(data) || ok && next.rate != h.rate {
				at++
				continue
			}
			c.Rate, c.Channels, c.perFrame = h.rate, h.channels, h.samples
		}
		c.offsets = append(c.offsets, at)
		at += h.size
	}
	if len(c.offsets) == 0 {
		return nil, ErrNoFrames
	}
	last, _ := readHeader(data[c.offsets[len(c.offsets)-1]:])
	c.offsets = append(c.offsets, c.offsets[len(c.offsets)-1]+last.size)
	return c, nil
}

// skipTag passes over an ID3v2 tag.
func skipTag(b []byte) int {
	if len(b) < 10 || string(b[:3]) != "ID3" {
		return 0
	}
	size := int(b[6]&0x7F)<<21 | int(b[7]&0x7F)<<14 | int(b[8]&0x7F)<<7 | int(b[9]&0x7F)
	return min(len(b), size+10)
}

// Frames is how many frames the clip has.
func (c *Clip) Frames() int { return len(c.offsets) - 1 }

// Duration of the whole clip.
func (c *Clip) Duration() time.Duration { return c.at(c.Frames() * c.perFrame) }

func (c *Clip) at(sample int) time.Duration {
	return time.Duration(float64(sample) / float64(c.Rate) * float64(time.Second))
}

// Mono decodes the frames from (included) to (excluded) and mixes them to one channel.
func (c *Clip) Mono(from, to int) ([]int16, error) {
	from, to = max(0, from), min(to, c.Frames())
	if from >= to {
		return nil, nil
	}
	start := max(0, from-preroll)
	decoder, raw, err := minimp3.DecodeFull(c.data[c.offsets[start]:c.offsets[to]])
	if err != nil {
		return nil, fmt.Errorf("decoding frames %d to %d: %w", from, to, err)
	}
	channels := max(1, decoder.Channels)
	samples := len(raw) / 2 / channels
	// The first frames after a cut may give nothing, so what is wanted is counted from the end.
	want := min(samples, (to-from)*c.perFrame)
	out := make([]int16, want)
	for n := range out {
		sum := 0
		for ch := range channels {
			i := ((samples-want+n)*channels + ch) * 2
			sum += int(int16(uint16(raw[i]) | uint16(raw[i+1])<<8))
		}
		out[n] = int16(sum / channels)
	}
	return out, nil
}

// chunk is how many frames are decoded at once: about 15 s of telephone sound.
const chunk = 400

// Peaks are count loudnesses of 0 to 1 for the waveform.
func (c *Clip) Peaks(count int) ([]float32, error) {
	peaks := make([]float32, count)
	total := c.Frames() * c.perFrame
	for from := 0; from < c.Frames(); from += chunk {
		pcm, err := c.Mono(from, from+chunk)
		if err != nil {
			return nil, err
		}
		for n, sample := range pcm {
			at := min(count-1, (from*c.perFrame+n)*count/total)
			peaks[at] = max(peaks[at], float32(max(int(sample), -int(sample)))/32768)
		}
	}
	loudest := float32(0.02) // silence must not be blown up to a wave
	for _, peak := range peaks {
		loudest = max(loudest, peak)
	}
	for n := range peaks {
		peaks[n] /= loudest
	}
	return peaks, nil
}
