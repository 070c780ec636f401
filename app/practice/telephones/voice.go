package telephones

import (
	_ "embed"

	"github.com/emiago/diago/audio"
)

// What the people say whom the PBX plays: speech of espeak-ng, G.711 µ-law at 8 kHz.
var (
	//go:embed speech/client.ulaw
	clientSpeech []byte
	//go:embed speech/employee.ulaw
	employeeSpeech []byte
)

// breath is the silence before somebody says the same once more.
const breath = 50 // frames

// voice is somebody who is played.
type voice struct {
	speech []byte
	at     int // in speech
	wait   int // frames of silence
}

func newVoice(client bool) *voice {
	if client {
		return &voice{speech: clientSpeech}
	}
	return &voice{speech: employeeSpeech}
}

// said takes the next 20 ms.
func (v *voice) said(f *frame) {
	*f = frame{}
	if v.wait > 0 {
		v.wait--
		return
	}
	piece := v.speech[v.at:min(v.at+frameSamples, len(v.speech))]
	var pcm [2 * frameSamples]byte
	n, err := audio.DecodeUlawTo(pcm[:], piece)
	if err != nil {
		return
	}
	for i := 0; i+1 < n; i += 2 {
		f[i/2] = int16(pcm[i]) | int16(pcm[i+1])<<8
	}
	if v.at += len(piece); v.at >= len(v.speech) {
		v.at, v.wait = 0, breath
	}
}

// hear is what a played person does not do.
func (*voice) hear(*frame) {}
