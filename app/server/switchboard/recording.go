package switchboard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

// maxRecording bounds one file: a whole day at 64 kbit/s is 690 MB, a call never nears it.
const maxRecording = 1 << 30

// Recording opens a call's recording. It is fetched from the PBX once and kept, so that Range
// requests, which the PBX's one-time links cannot serve twice, come from the disk. Who opened it
// stands in the audit log. The caller closes the file.
func (s *Switchboard) Recording(ctx context.Context, by client.Employee, callID, action string) (*os.File, client.Call, error) {
	rec, err := s.Store.Call(ctx, callID)
	if err != nil {
		return nil, client.Call{}, err
	}
	id, err := readyRecording(rec)
	if err != nil {
		return nil, rec.View, err
	}
	path := s.recordingPath(rec.IntegrationID, id)
	if err := s.ensureFetched(ctx, rec.IntegrationID, id, path); err != nil {
		return nil, rec.View, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, rec.View, fmt.Errorf("opening the recording: %w", err)
	}
	err = s.Store.Write(ctx, func(tx *store.Tx) error { return tx.Audit(s.NewID(), by.ID, action, callID) })
	if err != nil {
		file.Close()
		return nil, rec.View, err
	}
	return file, rec.View, nil
}

func readyRecording(rec store.CallRecord) (string, error) {
	shown := rec.Facts.Show()
	if len(shown.Recordings) == 0 {
		return "", ErrNoRecording
	}
	for _, r := range shown.Recordings {
		if r.Ready {
			return r.ID, nil
		}
	}
	return "", ErrNotReady
}

// recordingPath names the file by a hash: the PBX's ids may hold slashes.
func (s *Switchboard) recordingPath(integrationID, id string) string {
	sum := sha256.Sum256([]byte(integrationID + "\x00" + id))
	return filepath.Join(s.Files, hex.EncodeToString(sum[:16])+".mp3")
}

// ensureFetched fetches a recording unless it is there. Two who click at once fetch it once;
// a file under its final name is always whole.
func (s *Switchboard) ensureFetched(ctx context.Context, integrationID, id, path string) error {
	lock, _ := s.fetching.LoadOrStore(path, &sync.Mutex{})
	lock.(*sync.Mutex).Lock()
	defer lock.(*sync.Mutex).Unlock()
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	t := s.office.Load().byID[integrationID]
	if t == nil || t.provider == nil {
		return ErrNoIntegration
	}
	source, ok := t.provider.(pbx.Recorder)
	if !ok {
		return ErrNoRecording
	}
	body, size, err := source.Recording(ctx, id)
	if err != nil {
		return err
	}
	defer body.Close()
	return writeWhole(path, body, size)
}

func writeWhole(path string, body io.Reader, size int64) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("making the folder for recordings: %w", err)
	}
	part, err := os.CreateTemp(filepath.Dir(path), "*.part")
	if err != nil {
		return fmt.Errorf("writing the recording: %w", err)
	}
	defer os.Remove(part.Name())
	n, err := io.Copy(part, io.LimitReader(body, maxRecording))
	if err == nil && size >= 0 && n != size {
		err = fmt.Errorf("got %d of %d bytes", n, size)
	}
	if err == nil && n == 0 {
		err = errors.New("it is empty")
	}
	if cerr := part.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("fetching the recording: %w", err)
	}
	return wrap("keeping the recording", os.Rename(part.Name(), path))
}
