package routerules

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
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
	// Others are somebody else's rules as they lay there before a change of which nobody knows yet that it
	// left them there, in the PBX's form.
	Others json.RawMessage `json:"others,omitempty"`
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
	// Leaving: our rules are being taken out for good, and Failures counts the attempts at that.
	Leaving bool `json:"leaving,omitempty"`
}

func newState() state { return state{Digest: digestOf(nil)} }

// certain reports whether what lies in the PBX of an account is known.
func (st state) certain(owner string) bool {
	return len(st.Pending)+len(st.Others) == 0 && st.Error == "" && (st.Owner == "" || st.Owner == owner)
}

// empty reports whether nothing of ours lies in a PBX, and nothing is wanted or told: there is nothing to
// compare, by night or with another account.
func (st state) empty() bool {
	return st.clear() && st.Waiting+st.Refused == 0 && st.Error == "" && st.Digest == digestOf(nil)
}

// clear reports whether nothing of ours lies in a PBX, and nobody else's rules are in doubt.
func (st state) clear() bool { return len(st.Ours)+len(st.Pending)+len(st.Others) == 0 }

// formerOf is under which id the rules in the PBX of a former account are kept: none that an integration has,
// so they are taken out as those of a PBX that is connected no more.
func formerOf(id, owner string) string { return id + former + owner }

const former = " before "

// baseOf is the integration that an id is of, also of one of formerOf.
func baseOf(id string) string {
	base, _, _ := strings.Cut(id, former)
	return base
}

// leaseOf is one for an integration and its former accounts: they may be of one PBX.
func leaseOf(id string) string { return "route rules of " + baseOf(id) }

// errLostTurn says that another node may be comparing by now.
var errLostTurn = errors.New("the turn of comparing rules is over")

func (s *Syncer) read(ctx context.Context, id string) (state, error) {
	raw, err := s.Store.Shared(ctx, store.RouteRulesOf(id))
	if err != nil {
		return newState(), err
	}
	return decode(id, raw)
}

func decode(id string, raw []byte) (state, error) {
	if raw == nil {
		return newState(), nil
	}
	var out state
	if err := json.Unmarshal(raw, &out); err != nil {
		return out, fmt.Errorf("reading the rules of integration %s: %w", id, err)
	}
	return out, nil
}

// write keeps a state, if it still is this node's turn; errLostTurn.
func (s *Syncer) write(ctx context.Context, id string, st state) error {
	return s.inTurn(ctx, id, func(tx *store.Tx) error { return put(tx, id, st) })
}

func put(tx *store.Tx, id string, st state) error {
	raw, err := json.Marshal(st)
	if err != nil {
		return fmt.Errorf("encoding the rules of integration %s: %w", id, err)
	}
	return tx.SetRouteRules(id, raw, store.RouteRules{
		Ours: len(st.Ours), Foreign: st.Foreign, Waiting: st.Waiting, Refused: st.Refused, At: st.At, Error: st.Error, ErrorEN: st.ErrorEN,
	})
}

func (s *Syncer) forget(ctx context.Context, id string) error {
	return s.inTurn(ctx, id, func(tx *store.Tx) error { return tx.SetRouteRules(id, nil, store.RouteRules{}) })
}

func (s *Syncer) inTurn(ctx context.Context, id string, work func(*store.Tx) error) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		ours, err := tx.Owns(leaseOf(id), s.Node)
		if err != nil {
			return err
		}
		if !ours {
			return errLostTurn
		}
		return work(tx)
	})
}

// doubt adds rules that may lie in the PBX of mine, for somebody has told it of them out of turn, to what is
// known by now: whoever compares next takes out those that are not wanted.
func (s *Syncer) doubt(ctx context.Context, id string, mine state, rules []pbx.Rule) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		st, err := stored(tx, id)
		if err != nil {
			return err
		}
		place := id
		if st.Owner != "" && st.Owner != mine.Owner {
			place = formerOf(id, mine.Owner)
			if st, err = stored(tx, place); err != nil {
				return err
			}
		}
		if st.Owner == "" {
			st.Owner, st.Access = mine.Owner, mine.Access
		}
		st.Pending = union(st.Pending, rules)
		if st.Others == nil {
			st.Others = mine.Others
		}
		return put(tx, place, st)
	})
}

func stored(tx *store.Tx, id string) (state, error) {
	raw, err := tx.Shared(store.RouteRulesOf(id))
	if err != nil {
		return state{}, err
	}
	return decode(id, raw)
}

// connected reports whether an integration is connected, as the database knows it.
func (s *Syncer) connected(ctx context.Context, id string) (bool, error) {
	all, err := s.Store.Integrations(ctx)
	return slices.ContainsFunc(all, func(i store.Integration) bool { return i.ID == id }), err
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
