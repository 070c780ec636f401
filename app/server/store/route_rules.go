package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/crm"
	"dozvon/client"
)

// RouteRulesOf is the name under which the rules that lie in an integration's PBX are shared.
func RouteRulesOf(integrationID string) string { return "route rules of " + integrationID }

// shownRules is the name under which how they stand is shared.
func shownRules(integrationID string) string { return "route rules shown of " + integrationID }

// RouteRules is how the rules in an integration's PBX stand, as it is shown.
type RouteRules struct {
	Ours    int       `json:"ours"`
	Foreign int       `json:"foreign"`
	Waiting int       `json:"waiting"`
	Refused int       `json:"refused"`
	At      time.Time `json:"at,omitzero"`
	Error   string    `json:"error,omitempty"`
	ErrorEN string    `json:"error_en,omitempty"`
}

// SetRouteRules keeps what lies in an integration's PBX, and how that stands; nil: nothing does.
func (t *Tx) SetRouteRules(integrationID string, kept []byte, shown RouteRules) error {
	if err := t.SetShared(RouteRulesOf(integrationID), kept); err != nil {
		return err
	}
	raw, err := json.Marshal(shown)
	if err != nil {
		return fmt.Errorf("encoding how the rules stand: %w", err)
	}
	if kept == nil {
		raw = nil
	}
	return t.SetShared(shownRules(integrationID), raw)
}

// RouteRules is how the rules in an integration's PBX stand; the zero value when nothing is known of them.
func (s *Store) RouteRules(ctx context.Context, integrationID string) (RouteRules, error) {
	var out RouteRules
	raw, err := s.Shared(ctx, shownRules(integrationID))
	if err != nil || raw == nil {
		return out, err
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		return out, fmt.Errorf("reading how the rules of integration %s stand: %w", integrationID, err)
	}
	return out, nil
}

// SharedNames lists the names of what is shared that begin with a text.
func (s *Store) SharedNames(ctx context.Context, prefix string) ([]string, error) {
	rows, err := s.reads(ctx).query("SELECT name FROM shared WHERE SUBSTR(name, 1, ?) = ? ORDER BY name", len(prefix), prefix)
	if err != nil {
		return nil, fmt.Errorf("listing what is shared: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) })
}

// numbersOfCards are all numbers of cards with what decides whose a number of several cards is.
const numbersOfCards = `
SELECT
  p.number,
  p.kind,
  p.subject_id,
  c.responsible_id,
  c.status,
  c.created_at
FROM   phones p
JOIN   contracts c ON c.id = p.subject_id
WHERE  p.kind = 'contract' AND c.deleted_at = 0
UNION ALL
SELECT
  p.number,
  p.kind,
  p.subject_id,
  c.responsible_id,
  c.status,
  c.created_at
FROM   phones p
JOIN   clients c ON c.id = p.subject_id
WHERE  p.kind = 'client' AND c.deleted_at = 0
ORDER BY 1, 2, 3`

// NumbersOfCards tells of every number of a card, those of one number after each other: of its card what
// decides whose the number is, and the responsible's id.
func (s *Store) NumbersOfCards(ctx context.Context, tell func(phone.Number, crm.Card)) error {
	rows, err := s.reads(ctx).query(numbersOfCards)
	if err != nil {
		return fmt.Errorf("reading the numbers of cards: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var n phone.Number
		var c crm.Card
		var responsible string
		var created int64
		if err := rows.Scan(&n, &c.Kind, &c.ID, &responsible, &c.Status, &created); err != nil {
			return fmt.Errorf("reading a number of a card: %w", err)
		}
		c.Responsible, c.CreatedAt = someone(responsible), fromMilli(created)
		tell(n, c)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading the numbers of cards: %w", err)
	}
	return nil
}

// someone is an employee whose name does not matter; nil for nobody.
func someone(id string) *client.Person {
	if id == "" {
		return nil
	}
	return &client.Person{ID: id}
}

// LastCalls tells when each number was last on a call, in milliseconds.
func (s *Store) LastCalls(ctx context.Context) (map[phone.Number]int64, error) {
	rows, err := s.reads(ctx).query("SELECT phone, MAX(started_at) FROM calls WHERE phone <> '' GROUP BY phone")
	if err != nil {
		return nil, fmt.Errorf("reading who called last: %w", err)
	}
	defer rows.Close()
	at := map[phone.Number]int64{}
	for rows.Next() {
		var n phone.Number
		var ms int64
		if err := rows.Scan(&n, &ms); err != nil {
			return nil, fmt.Errorf("reading who called last: %w", err)
		}
		at[n] = ms
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading who called last: %w", err)
	}
	return at, nil
}
