package beeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"dozvon/app/beeline"
	"dozvon/app/server/call"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
)

// recordingID names the recording of an employee's part of a call. The PBX has a number of its own for
// it, which is known only once it lists the recording; this name is known from the first event, and the
// PBX takes it as well (section 10).
func recordingID(tracking, userID string) string { return tracking + "/" + userID }

// recordPath is where a recording is.
func recordPath(id string) string {
	if tracking, userID, ok := strings.Cut(id, "/"); ok {
		return beeline.PathRecordOf(tracking, userID)
	}
	return beeline.PathRecord(id)
}

// FindRecording asks for the recording of an employee's talk. That there is none yet and that there
// will be none the PBX says alike, so that the employee's switch decides.
func (p *Provider) FindRecording(ctx context.Context, key, extension string) (call.Event, error) {
	userID := p.userID(extension)
	var record beeline.Record
	err := p.api.do(ctx, request{
		method: http.MethodGet, path: beeline.PathRecordOf(key, userID), out: &record, harmless: true, chore: true,
	})
	switch {
	case isGone(err) || statusOf(err) == http.StatusNotFound:
		if on, known := p.isRecorded(ctx, userID); known && !on {
			return call.Event{}, errors.Join(pbx.ErrNoRecording, err)
		}
		return call.Event{}, errors.Join(pbx.ErrNotReady, err)
	case err != nil:
		return call.Event{}, err
	case record.ID == "" || record.Date.IsZero():
		return call.Event{}, pbx.ErrNotReady
	}
	return ready(key, userID, extension, record), nil
}

// ready tells of a recording that can be fetched.
func ready(key, userID, extension string, r beeline.Record) call.Event {
	return call.Event{
		Kind: call.KindRecording, Key: key, At: r.Date.UTC(), To: call.Party{Extension: extension},
		Recording: recordingID(key, userID), RecordingState: call.RecordingReady,
	}
}

// isRecorded tells whether an employee's calls are recorded.
func (p *Provider) isRecorded(ctx context.Context, userID string) (on, known bool) {
	err := p.api.do(ctx, request{
		method: http.MethodGet, path: beeline.PathRecording(userID), harmless: true, chore: true,
		read: func(body []byte) error {
			word := beeline.ReadSwitch(body)
			on, known = word == beeline.On, word == beeline.On || word == beeline.Off
			return nil
		},
	})
	return on, known && err == nil
}

type offsetKey struct{}

// Recording opens a recording. Whether the PBX knows ranges nobody knows; what it does not know, it
// answers from the beginning.
func (p *Provider) Recording(ctx context.Context, id string, offset int64) (pbx.Sound, error) {
	ctx = context.WithValue(ctx, offsetKey{}, offset)
	resp, end, err := p.api.send(ctx, request{method: http.MethodGet, path: recordPath(id) + "/download"})
	if err != nil {
		return pbx.Sound{}, err
	}
	end() // the sound itself may take minutes, and is no request
	if outbound.IsAudio(resp) {
		p.api.pace.Note(resp)
		from, size := outbound.Part(resp)
		return pbx.Sound{Body: resp.Body, From: from, Size: size}, nil
	}
	defer resp.Body.Close()
	err = p.api.outcome(resp, request{read: notSound})
	if isGone(err) || statusOf(err) == http.StatusNotFound {
		return pbx.Sound{}, errors.Join(pbx.ErrNoRecording, err)
	}
	return pbx.Sound{}, err
}

// notSound is an answer under 200 that is no recording.
func notSound(body []byte) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return pbx.ErrNoRecording
	}
	return fmt.Errorf("%w: no recording", pbx.ErrUnclear)
}
