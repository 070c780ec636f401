package directory

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"dozvon/app/server/pbx"
)

// HookPath precedes an integration's own word in the address that a PBX sends its requests to.
const HookPath = "/hook/"

// Hooks finds to which integration a request of a PBX belongs.
type Hooks struct {
	directory   *Directory
	told        atomic.Pointer[[]HookAddress] // what TellAddresses heard last; nil: nothing yet
	reloadedFor atomic.Int64                  // when the directory was reloaded last for an unknown key, in milliseconds
}

// OfRequest finds the integration to which a request to the address that accounts of a kind share
// belongs, and takes the secret word out of its path; nil for a request that only asks whether somebody
// is there. ErrUnknownKey, ErrInactive, ErrHookSecret.
func (h *Hooks) OfRequest(ctx context.Context, kind string, r *pbx.Request) (*Integration, error) {
	var secret string
	secret, r.Path = SplitHook(r.Path)
	key, probe, err := h.accountOf(kind, *r)
	if err != nil || probe {
		return nil, err
	}
	integration, err := h.integrationOfKey(kind, key)
	if errors.Is(err, ErrUnknownKey) && h.mayReload() {
		// Another node may have connected this PBX a moment ago.
		if err := h.directory.Reload(ctx); err != nil {
			return nil, err
		}
		integration, err = h.integrationOfKey(kind, key)
	}
	if err != nil {
		return nil, err
	}
	if integration.hookSecret != "" && subtle.ConstantTimeCompare([]byte(secret), []byte(integration.hookSecret)) != 1 {
		return nil, ErrHookSecret
	}
	return integration, nil
}

// HookOf finds the integration whose own word a path below HookPath begins with, and what follows the
// word; ErrUnknownKey. It takes the same time whatever the path is.
func (h *Hooks) HookOf(ctx context.Context, path string) (id, rest string, err error) {
	path = strings.TrimLeft(path, "/")
	word := path[:min(len(path), HookLength)]
	id = h.integrationAt(word)
	if id == "" && len(word) == HookLength && h.mayReload() {
		// Another node may have connected this PBX a moment ago.
		if err := h.directory.Reload(ctx); err != nil {
			return "", "", err
		}
		id = h.integrationAt(word)
	}
	if id == "" {
		return "", "", ErrUnknownKey
	}
	return id, path[len(word):], nil
}

// integrationAt compares with the words of all integrations, so that the time it takes tells nothing.
func (h *Hooks) integrationAt(word string) (id string) {
	for _, integration := range h.directory.Snapshot().integrations {
		if integration.hookSecret != "" && subtle.ConstantTimeCompare([]byte(word), []byte(integration.hookSecret)) == 1 {
			id = integration.ID
		}
	}
	return id
}

// reloadEvery bounds how often an unknown key lets the integrations be read: anybody can make one up.
const reloadEvery = time.Second

func (h *Hooks) mayReload() bool {
	now, last := h.directory.cfg.Now().UnixMilli(), h.reloadedFor.Load()
	return now-last >= reloadEvery.Milliseconds() && h.reloadedFor.CompareAndSwap(last, now)
}

// HookPrefix precedes the secret word in the path of a webhook's address.
const HookPrefix = "k-"

// HookLength is the length of the secret word.
const HookLength = 26

// SplitHook parts the secret word from the path of a webhook. The PBX joins the address and the
// path of its event without a slash of its own, so the word may be followed by either.
func SplitHook(path string) (secret, rest string) {
	path = strings.TrimLeft(path, "/")
	word, ok := strings.CutPrefix(path, HookPrefix)
	if !ok || len(word) < HookLength {
		return "", path
	}
	return word[:HookLength], strings.TrimLeft(word[HookLength:], "/")
}

// HookAddress is by what a PBX's request tells whose it is: the secret word in its path, or, where there is none, the
// account's key, by its kind.
type HookAddress struct {
	Kind   string // empty: Secret is a word
	Secret string
}

// addresses are those of all integrations, ordered.
func (s *Snapshot) addresses() []HookAddress {
	var all []HookAddress
	for _, integration := range s.integrations {
		switch {
		case integration.hookSecret != "":
			all = append(all, HookAddress{Secret: integration.hookSecret})
		case integration.APIKey != "" && integration.kind.Shared != nil:
			all = append(all, HookAddress{Kind: integration.Kind, Secret: integration.APIKey})
		}
	}
	slices.SortFunc(all, func(a, b HookAddress) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Secret, b.Secret))
	})
	return slices.Compact(all)
}

// tell tells whoever hears of the addresses, when they have changed. One at a time calls it.
func (h *Hooks) tell(ctx context.Context) {
	if h.directory.cfg.TellAddresses == nil {
		return
	}
	all, told := h.directory.Snapshot().addresses(), h.told.Load()
	if told != nil && slices.Equal(all, *told) {
		return
	}
	if err := h.directory.cfg.TellAddresses(ctx, all); err != nil {
		slog.ErrorContext(ctx, "where the PBXs' requests belong was not told, it is told again soon", "err", err)
		return
	}
	h.told.Store(&all)
}

// accountOf reads of which account a request to the kind's shared address is.
func (h *Hooks) accountOf(kind string, r pbx.Request) (key string, probe bool, err error) {
	at := slices.IndexFunc(h.directory.cfg.Kinds, func(k pbx.Kind) bool { return k.Name == kind && k.Shared != nil })
	if at < 0 {
		return "", false, ErrUnknownKey
	}
	return h.directory.cfg.Kinds[at].Shared.Key(r)
}

func (h *Hooks) integrationOfKey(kind, key string) (*Integration, error) {
	for _, integration := range h.directory.Snapshot().integrations {
		if integration.Kind != kind || integration.APIKey != key || integration.Provider == nil {
			continue
		}
		if !integration.Active {
			return nil, ErrInactive
		}
		return integration, nil
	}
	return nil, ErrUnknownKey
}
