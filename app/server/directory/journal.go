package directory

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"

	"dozvon/app/server/access"
	"dozvon/app/server/store"
)

// sealedPrefix precedes a sealed address in the journal: no address begins so.
const sealedPrefix = "sealed:"

// sealHook seals the address of an integration for the journal, for it holds a secret word and the journal
// lies in the database.
func sealHook(sealer *access.Sealer, hookURL string) (string, error) {
	box, err := sealer.Seal(hookURL)
	if err != nil || box == "" {
		return "", err
	}
	return sealedPrefix + box, nil
}

// RowOpener gives what a row of the journal tells those who may see it: an integration with its address
// opened. One that this server's key does not open is told without.
func RowOpener(sealer *access.Sealer) func(store.Row) []byte {
	return func(r store.Row) []byte { return openRow(sealer, r) }
}

func openRow(sealer *access.Sealer, r store.Row) []byte {
	if r.Type != "integration" || !bytes.Contains(r.Data, []byte(`"`+sealedPrefix)) {
		return r.Data
	}
	var told struct {
		HookURL string `json:"hook_url"`
	}
	if err := json.Unmarshal(r.Data, &told); err != nil {
		slog.Error("a row of the journal cannot be read", "sequence", r.Sequence, "err", err)
		return []byte("{}")
	}
	box, sealed := strings.CutPrefix(told.HookURL, sealedPrefix)
	if !sealed {
		return r.Data
	}
	address, err := sealer.Unseal(box)
	if err != nil {
		slog.Error("the address of an integration cannot be opened", "sequence", r.Sequence, "err", err)
	}
	open, _ := json.Marshal(address) // a text always encodes
	return bytes.Replace(r.Data, fmt.Appendf(nil, `"hook_url":"%s"`, told.HookURL), append([]byte(`"hook_url":`), open...), 1)
}
