package audio

import "math"

// stretcher plays mono sound at another speed with the same pitch, by WSOLA: frames of
// 30 ms overlap by half, and each is taken where it fits the one before best.
type stretcher struct {
	frame, hop, search int
	window             []float64
	in                 []float64
	pos                float64 // where the next frame should begin in in
	tail               []float64
	wanted             []float64 // what would have followed the last frame unstretched
}

func newStretcher(rate int) *stretcher {
	hop := rate * 15 / 1000
	s := &stretcher{frame: 2 * hop, hop: hop, search: rate / 100}
	s.window = make([]float64, s.frame)
	for n := range s.window {
		s.window[n] = 0.5 - 0.5*math.Cos(2*math.Pi*(float64(n)+0.5)/float64(s.frame))
	}
	return s
}

// feed takes sound in and returns what can be played at speed so far.
func (s *stretcher) feed(pcm []int16, speed float64) []int16 {
	for _, sample := range pcm {
		s.in = append(s.in, float64(sample))
	}
	var out []int16
	for int(s.pos)+s.search+s.frame+s.hop < len(s.in) {
		begin := int(s.pos)
		if s.wanted != nil {
			begin = s.bestFit(begin)
		}
		for n := range s.hop {
			sample := s.in[begin+n] * s.window[n]
			if s.tail != nil {
				sample += s.tail[n]
			}
			out = append(out, int16(max(-32768, min(32767, sample))))
		}
		if s.tail == nil {
			s.tail = make([]float64, s.hop)
		}
		for n := range s.hop {
			s.tail[n] = s.in[begin+s.hop+n] * s.window[s.hop+n]
		}
		s.wanted = append(s.wanted[:0], s.in[begin+s.hop:begin+s.hop+s.frame-s.hop]...)
		s.pos += float64(s.hop) * speed
		if drop := int(s.pos) - s.search; drop > 8*s.frame {
			s.in = append(s.in[:0], s.in[drop:]...)
			s.pos -= float64(drop)
		}
	}
	return out
}

// bestFit finds where in reach of near the sound continues the last frame best. Every
// second place and fourth sample is enough for speech.
func (s *stretcher) bestFit(near int) int {
	best, bestScore := near, math.Inf(-1)
	for begin := max(0, near-s.search); begin <= near+s.search; begin += 2 {
		dot, power := 0.0, 1e-9
		for n := 0; n < len(s.wanted); n += 4 {
			a := s.in[begin+n]
			dot += a * s.wanted[n]
			power += a * a
		}
		if score := dot / math.Sqrt(power); score > bestScore {
			best, bestScore = begin, score
		}
	}
	return best
}
