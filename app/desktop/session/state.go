package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"dozvon/app/desktop/xdg"
)

// Remembered is what the desktop keeps between starts; no secret is in it.
type Remembered struct {
	Server string `json:"server,omitempty"`
	Login  string `json:"login,omitempty"`
}

func readRemembered(path string) (Remembered, error) {
	var out Remembered
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return out, fmt.Errorf("reading %s: %w", path, err)
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		return out, fmt.Errorf("decoding %s: %w", path, err)
	}
	return out, nil
}

func writeRemembered(path string, state Remembered) error {
	raw, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding the desktop state: %w", err)
	}
	return xdg.Write(path, string(raw), 0o600)
}
