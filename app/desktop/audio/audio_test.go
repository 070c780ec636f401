package audio

import (
	"encoding/binary"
	"math"
	"os"
	"testing"
	"time"
)

// reference is the PCM that ffmpeg made of the same file. "Decodes without error" proves
// nothing: another decoder gave broken sound of 22 kHz files and no error.
func reference(t *testing.T, name string) (*Clip, []int16) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name + ".mp3")
	if err != nil {
		t.Fatal(err)
	}
	clip, err := Open(raw)
	if err != nil {
		t.Fatal(err)
	}
	pcm, err := os.ReadFile("testdata/" + name + ".s16")
	if err != nil {
		t.Fatal(err)
	}
	want := make([]int16, len(pcm)/2)
	for n := range want {
		want[n] = int16(binary.LittleEndian.Uint16(pcm[2*n:]))
	}
	return clip, want
}

// snr is how many dB the difference lies under the wanted sound, at the best shift: ffmpeg
// skips the encoder's delay, which we keep.
func snr(got, want []int16) float64 {
	best := math.Inf(-1)
	for shift := 0; shift < 2400; shift++ {
		signal, noise := 0.0, 0.0
		for n := 0; n+shift < len(got) && n < len(want); n += 7 {
			d := float64(got[n+shift]) - float64(want[n])
			signal += float64(want[n]) * float64(want[n])
			noise += d * d
		}
		best = max(best, 10*math.Log10(signal/(noise+1e-9)))
	}
	return best
}

func TestMono_decodesWhatFFmpegDecodes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"tone-8k-mono", "tone-22k-stereo"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clip, want := reference(t, name)
			got, err := clip.Mono(0, clip.Frames())
			if err != nil {
				t.Fatal(err)
			}
			if dB := snr(got, want); dB < 50 {
				t.Errorf("%.1f dB from the reference, want over 50", dB)
			}
			if d := clip.Duration() - time.Duration(len(want))*time.Second/time.Duration(clip.Rate); d < 0 || d > 300*time.Millisecond {
				t.Errorf("duration %v is %v off", clip.Duration(), d)
			}
		})
	}
}

func TestMono_fromTheMiddleIsTheSameSound(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"tone-8k-mono", "tone-22k-stereo"} {
		clip, _ := reference(t, name)
		whole, err := clip.Mono(0, clip.Frames())
		if err != nil {
			t.Fatal(err)
		}
		for from := 0; from < clip.Frames(); from += 7 {
			to := min(from+15, clip.Frames())
			part, err := clip.Mono(from, to)
			if err != nil {
				t.Fatal(err)
			}
			want := whole[from*clip.perFrame : to*clip.perFrame]
			if len(part) != len(want) {
				t.Fatalf("%s: frames %d to %d are %d samples, want %d", name, from, to, len(part), len(want))
			}
			if dB := snr(part, want); dB < 50 {
				t.Errorf("%s: frames %d to %d are %.1f dB from the whole, want over 50", name, from, to, dB)
			}
		}
	}
}

func TestOpen_refusesWhatIsNoRecording(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{"nothing": nil, "words": []byte("<html>sign in</html>"), "ones": {0xFF, 0xFF, 0xFF, 0xFF, 0xFF}} {
		if _, err := Open(data); err == nil {
			t.Errorf("%s was taken for a recording", name)
		}
	}
}

func FuzzOpen(f *testing.F) {
	raw, err := os.ReadFile("testdata/tone-8k-mono.mp3")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw[:2000])
	f.Add([]byte("ID3\x03\x00\x00\x7f\x7f\x7f\x7f"))
	f.Fuzz(func(t *testing.T, data []byte) {
		clip, err := Open(data)
		if err != nil {
			return
		}
		// Junk may look like frames and then not decode: an error is an answer, a crash is not.
		_, _ = clip.Mono(0, min(clip.Frames(), 20))
	})
}

func TestPeaks_followTheLoudness(t *testing.T) {
	t.Parallel()
	clip, _ := reference(t, "tone-8k-mono")
	if err := clip.Measure(t.Context(), func() {}); err != nil {
		t.Fatal(err)
	}
	peaks := clip.Peaks(84)
	low, high := float32(1), float32(0)
	for _, peak := range peaks[5:80] {
		low, high = min(low, peak), max(high, peak)
	}
	if high < 0.95 || low > 0.6 {
		t.Errorf("peaks from %.2f to %.2f: the tremolo is not seen", low, high)
	}
}

// pitch counts the rising zero crossings.
func pitch(pcm []int16, rate int) float64 {
	crossings := 0
	for n := 1; n < len(pcm); n++ {
		if pcm[n-1] < 0 && pcm[n] >= 0 {
			crossings++
		}
	}
	return float64(crossings) * float64(rate) / float64(len(pcm))
}

func TestStretch_changesTheLengthAndKeepsThePitch(t *testing.T) {
	t.Parallel()
	const rate, seconds = 8000, 6
	tone := make([]int16, rate*seconds)
	for n := range tone {
		tone[n] = int16(12000 * math.Sin(2*math.Pi*220*float64(n)/rate))
	}
	for _, speed := range []float64{1.25, 1.5, 2} {
		s := newStretcher(rate)
		var out []int16
		for from := 0; from < len(tone); from += 4608 { // as the source feeds it
			out = append(out, s.feed(tone[from:min(len(tone), from+4608)], speed)...)
		}
		if got, want := float64(len(out))/rate, seconds/speed; math.Abs(got-want) > 0.1 {
			t.Errorf("%g×: %.2f s, want %.2f s", speed, got, want)
		}
		if got := pitch(out[400:len(out)-400], rate); math.Abs(got-220) > 2 {
			t.Errorf("%g×: %.1f Hz, want 220 Hz", speed, got)
		}
	}
}

func TestSource_givesTheDevicesRate(t *testing.T) {
	t.Parallel()
	clip, _ := reference(t, "tone-8k-mono")
	src := newSource(clip, 0, Manner{Speed: 1})
	total, buffer := 0, make([]byte, 4096)
	for {
		n, err := src.Read(buffer)
		total += n
		if err != nil {
			break
		}
	}
	got := float64(total) / 4 / outputRate
	if want := clip.Duration().Seconds(); math.Abs(got-want) > 0.15 {
		t.Errorf("%.2f s of sound of a clip of %.2f s", got, want)
	}
}
