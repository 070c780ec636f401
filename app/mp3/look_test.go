package mp3

import (
	"bytes"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// tag is an ID3v2 tag that says it is length bytes long behind its head, and is so.
func tag(length int) []byte {
	return append(tagHead(length), make([]byte, length)...)
}

func tagHead(length int) []byte {
	return []byte{'I', 'D', '3', 4, 0, 0, byte(length >> 21 & 127), byte(length >> 14 & 127), byte(length >> 7 & 127), byte(length & 127)}
}

func noiseOf(n int) []byte {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// recordings are files as they come, and whether a player plays them. speech is a real one, of the practice PBX.
func recordings(t *testing.T) map[string]struct {
	file []byte
	want Verdict
} {
	t.Helper()
	speech, err := os.ReadFile("../practice/recordings/speech/lesson.mp3")
	if err != nil {
		t.Fatal(err)
	}
	stereo, err := os.ReadFile("../desktop/audio/testdata/tone-22k-stereo.mp3")
	if err != nil {
		t.Fatal(err)
	}
	join := func(parts ...[]byte) []byte { return slices.Concat(parts...) }
	return map[string]struct {
		file []byte
		want Verdict
	}{
		"speech":                           {speech, Yes},
		"stereo":                           {stereo, Yes},
		"a tag":                            {join(tag(300_000), speech), Yes},
		"two tags":                         {join(tag(5000), tag(5000), speech), Yes},
		"a tag of another length":          {join(tagHead(200<<20), speech), Yes},
		"zeros before the first frame":     {join(make([]byte, 300), speech), Yes},
		"20 kB of zeros behind a tag":      {join(tag(0), make([]byte, 20_000), speech), Yes},
		"half a frame before the first":    {speech[77:], Yes},
		"noise before the first frame":     {join(noiseOf(9000), speech), Yes},
		"a gap of zeros":                   {join(speech[:4000], make([]byte, 3<<20), speech), Yes},
		"500 bytes":                        {speech[:500], Yes},
		"an old tag at the end":            {join(speech[:432], []byte("TAG"), make([]byte, 125)), Yes},
		"nothing":                          {nil, No},
		"zeros":                            {make([]byte, 5000), No},
		"zeros without end":                {make([]byte, 3<<20), No},
		"random bytes behind one head":     {join([]byte{0xFF, 0xFB, 0x90, 0}, noiseOf(200_000)), No},
		"random bytes":                     {noiseOf(200_000), No},
		"ones":                             {bytes.Repeat([]byte{0xFF}, 5000), No},
		"a sound of another kind":          {join([]byte("RIFF\xa0\x86\x01\x00WAVEfmt "), noiseOf(100_000)), No},
		"a page":                           {[]byte("<html>sign in</html>"), No},
		"a tag alone":                      {tag(128), No},
		"a tag before a page":              {join(tag(128), []byte("<html>sign in</html>")), No},
		"tags without end":                 {bytes.Repeat(tagHead(0), 100_000), No},
		"text of two-byte letters":         {[]byte("\xff\xfe<\x00h\x00t\x00"), No},
		"one head alone":                   {[]byte{0xFF, 0xE3, 0x18, 0xC4, 1, 2, 3}, No},
		"speech far behind what is no tag": {join([]byte("<html>"), noiseOf(noise), speech), No},
	}
}

func TestLook_takesWhatPlayersPlay(t *testing.T) {
	t.Parallel()
	for name, tt := range recordings(t) {
		if got := Look(bytes.NewReader(tt.file), int64(len(tt.file)), true); got != tt.want {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
	}
}

// TestLook_whileItComes: what has come never says something else than the whole does, and of anything it is known
// before two megabytes have come, or with the whole.
func TestLook_whileItComes(t *testing.T) {
	t.Parallel()
	for name, tt := range recordings(t) {
		for have := 0; have <= len(tt.file) && have < 2<<20; have += 1 + have/7 {
			if got := Look(bytes.NewReader(tt.file), int64(have), false); got != Undecided && got != tt.want {
				t.Errorf("%s: of %d bytes %d, of all %d", name, have, got, tt.want)
			}
		}
		if len(tt.file) >= 2<<20 {
			if got := Look(bytes.NewReader(tt.file), 2<<20, false); got != tt.want {
				t.Errorf("%s: not known after two megabytes", name)
			}
		}
	}
}

func FuzzLook(f *testing.F) {
	f.Add([]byte("ID3\x03\x00\x00\x7f\x7f\x7f\x7f"), true)
	f.Add([]byte{0xFF, 0xE3, 0x18, 0xC4}, false)
	f.Fuzz(func(t *testing.T, data []byte, whole bool) {
		if got := Look(bytes.NewReader(data), int64(len(data)), whole); whole && got == Undecided {
			t.Error("nothing more comes, and it is not known")
		}
	})
}
