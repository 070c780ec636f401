package routerules

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"dozvon/app/server/account"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

// state is what is stored of an integration's rules.
type state struct {
	Owner  string `json:"owner"`  // a digest of the account in whose PBX they lie
	Access string `json:"access"` // that account, sealed
	// Ours lie in the PBX. Pending were being put there when this was written: they may lie there.
	Ours    []pbx.Rule `json:"ours"`
	Pending []pbx.Rule `json:"pending,omitempty"`
	// Digest is of what was wanted when they were compared last, with success.
	Digest  string    `json:"digest"`
	At      time.Time `json:"at,omitzero"`
	Foreign int       `json:"foreign"`
	Waiting int       `json:"waiting"`
	Refused int       `json:"refused"`

	Error    string    `json:"error,omitempty"`
	ErrorEN  string    `json:"error_en,omitempty"`
	Failures int       `json:"failures,omitempty"`
	Retry    time.Time `json:"retry,omitzero"`
}

func newState() state { return state{Digest: digestOf(nil)} }

// certain reports whether what lies in the PBX of an account is known.
func (st state) certain(owner string) bool {
	return len(st.Pending) == 0 && st.Error == "" && (st.Owner == "" || st.Owner == owner)
}

// formerOf is under which id the rules in the PBX of a former account are kept: none that an integration has,
// so they are taken out as those of a PBX that is connected no more.
func formerOf(id, owner string) string { return id + " before " + owner }

func leaseOf(id string) string { return "route rules of " + id }

func (s *Syncer) read(ctx context.Context, id string) (state, error) {
	raw, err := s.Store.Shared(ctx, store.RouteRulesOf(id))
	if err != nil || raw == nil {
		return newState(), err
	}
	var out state
	if err := json.Unmarshal(raw, &out); err != nil {
		return out, fmt.Errorf("reading the rules of integration %s: %w", id, err)
	}
	return out, nil
}

func (s *Syncer) write(ctx context.Context, id string, st state) error {
	raw, err := json.Marshal(st)
	if err != nil {
		return fmt.Errorf("encoding the rules of integration %s: %w", id, err)
	}
	shown := store.RouteRules{
		Ours: len(st.Ours), Foreign: st.Foreign, Waiting: st.Waiting, Refused: st.Refused, At: st.At, Error: st.Error, ErrorEN: st.ErrorEN,
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetRouteRules(id, raw, shown) })
}

func (s *Syncer) forget(ctx context.Context, id string) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetRouteRules(id, nil, store.RouteRules{}) })
}

// remembered are the integrations of whose rules something is stored.
func (s *Syncer) remembered(ctx context.Context) ([]string, error) {
	names, err := s.Store.SharedNames(ctx, store.RouteRulesOf(""))
	for i, name := range names {
		names[i] = strings.TrimPrefix(name, store.RouteRulesOf(""))
	}
	return names, err
}

// signedIn is an account as it is sealed beside its rules.
type signedIn struct {
	Kind        string            `json:"kind"`
	URL         string            `json:"url"`
	Credentials map[string]string `json:"credentials"`
}

func (s *Syncer) seal(i *directory.Integration) (string, error) {
	raw, err := json.Marshal(signedIn{i.Kind, i.APIURL, i.Credentials})
	if err != nil {
		return "", fmt.Errorf("encoding an account: %w", err)
	}
	return s.Sealer.Seal(string(raw))
}

// formerly makes the adapter of the account in whose PBX rules lie; nil when it cannot be opened any more.
func (s *Syncer) formerly(st state) (pbx.RuleRouter, func()) {
	raw, err := s.Sealer.Unseal(st.Access)
	var of signedIn
	if err == nil {
		err = json.Unmarshal([]byte(raw), &of)
	}
	if err != nil {
		slog.Warn("a former account cannot be opened", "err", err)
		return nil, nil
	}
	at := slices.IndexFunc(s.Kinds, func(k pbx.Kind) bool { return k.Name == of.Kind })
	if at < 0 {
		return nil, nil
	}
	provider := s.Kinds[at].New(pbx.Account{Credentials: of.Credentials, URL: of.URL, Now: s.Now, Outbound: s.Outbound})
	router, ok := provider.(pbx.RuleRouter)
	if !ok {
		return nil, nil
	}
	return router, func() {
		if c, ok := provider.(io.Closer); ok {
			if err := c.Close(); err != nil {
				slog.Warn("the adapter of a former account not closed", "err", err)
			}
		}
	}
}

func ownerOf(i *directory.Integration) string { return digest(account.Name(i.Integration)) }

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// digestOf is the same for the same rules in any order.
func digestOf(rules []pbx.Rule) string {
	lines := make([]string, len(rules))
	for i, r := range rules {
		lines[i] = string(r.Number) + " " + r.Extension
	}
	slices.Sort(lines)
	return digest(strings.Join(lines, "\n"))
}

// union is all of both, each once.
func union(a, b []pbx.Rule) []pbx.Rule {
	all, had := []pbx.Rule{}, map[pbx.Rule]bool{}
	for _, r := range slices.Concat(a, b) {
		if !had[r] {
			had[r] = true
			all = append(all, r)
		}
	}
	return all
}
