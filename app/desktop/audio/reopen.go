package audio

import (
	"time"
	_ "unsafe" // for go:linkname

	"github.com/ebitengine/oto/v3"
)

// soundOpened is the library's note that the process has opened its sound. It never takes the note back, and
// refuses to open another even when the first has failed for good: then only a new process would have sound. Two
// that work at once there never are here.
//
//go:linkname soundOpened github.com/ebitengine/oto/v3.contextCreated
var soundOpened bool

// openSound opens the system's sound. No other may work, or be about to.
func openSound() (*oto.Context, <-chan struct{}, error) {
	soundOpened = false
	context, ready, err := oto.NewContext(&oto.NewContextOptions{
		SampleRate: outputRate, ChannelCount: 2, Format: oto.FormatSignedInt16LE, BufferSize: 100 * time.Millisecond,
	})
	return context, ready, err
}
