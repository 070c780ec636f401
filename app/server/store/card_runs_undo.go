package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/store/form"
	"dozvon/client"
)

// Why taking back leaves a card alone, as the wire has the words.
const (
	keptGone     = "gone"     // it is not there any more
	keptDeleted  = "deleted"  // somebody deleted or merged it
	keptChanged  = "changed"  // somebody changed it since
	keptNote     = "note"     // a person wrote or bound something to the card that the run made
	keptTask     = "task"     // a task is of that card
	keptContract = "contract" // a contract is of that client
	keptClient   = "client"   // the client to whom the contract would go back is not there any more
)

// whyKept is why a row of card_run_cards, of one kind of card, must stay as it is; empty: it may go back.
// Of a card that the run made, whatever a person has put on it keeps it: it would be out of sight with it.
func whyKept(kind client.SubjectKind, row string) string {
	c := "EXISTS (SELECT 1 FROM " + tables[kind] + " c WHERE c.id = " + row + ".id"
	on := "CASE WHEN NOT " + c + ") THEN '" + keptGone + "'" +
		" WHEN " + c + " AND c.deleted_at <> 0) THEN '" + keptDeleted + "'" +
		" WHEN NOT " + c + " AND c.version = " + row + ".given) THEN '" + keptChanged + "'" +
		" WHEN " + row + ".fresh = TRUE AND " + hasNote(kind, row) + " THEN '" + keptNote + "'" +
		" WHEN " + row + ".fresh = TRUE AND " + hasTask(kind, row) + " THEN '" + keptTask + "'"
	if kind == client.KindContract {
		on += " WHEN " + row + ".fresh = FALSE AND " + row + ".client_id <> '' AND " + formerOwner(row) + " IS NULL" +
			" AND NOT " + c + " AND c.client_id = " + row + ".client_id) THEN '" + keptClient + "'"
	}
	if kind == client.KindClient {
		on += " WHEN " + row + ".fresh = TRUE AND " + hasContract(row) + " THEN '" + keptContract + "'"
	}
	return on + " ELSE '' END"
}

// hasContract tells whether a contract is of the client of a row of card_run_cards, or will be. One that goes away
// with the same run, or to another client, holds nobody here; one that stays does, and so does one that comes back.
func hasContract(row string) string {
	goes := "o.run_id = " + row + ".run_id AND o.subject_kind = 'contract' AND o.id = x.id AND " + whyKept(client.KindContract, "o") + " = ''"
	// The index of a client's contracts has those of some client alone, and is used where that is said.
	return "(EXISTS (SELECT 1 FROM contracts x WHERE x.client_id = " + row + ".id AND x.client_id <> '' AND x.deleted_at = 0 AND NOT EXISTS" +
		" (SELECT 1 FROM card_run_cards o WHERE " + goes + " AND (o.fresh = TRUE OR o.client_id <> " + row + ".id)))" +
		// Asked of all runs at once, as else each client would be looked for among all contracts of its run.
		" OR CASE WHEN (" + row + ".run_id, " + row + ".id) IN (SELECT o.run_id, o.client_id FROM card_run_cards o WHERE o.subject_kind = 'contract' AND o.fresh = FALSE AND o.client_id <> '')" +
		" THEN EXISTS (SELECT 1 FROM card_run_cards o JOIN contracts x ON x.id = o.id WHERE " + goes + " AND o.fresh = FALSE AND o.client_id = " + row + ".id) ELSE FALSE END)"
}

// hasNote tells whether a person wrote or bound something to the card of a row of card_run_cards, hasTask whether a
// task is of it.
func hasNote(kind client.SubjectKind, row string) string {
	return "EXISTS (SELECT 1 FROM feed f WHERE f.subject_kind = '" + string(kind) + "' AND f.subject_id = " + row + ".id AND (f.by_hand = TRUE OR f.type = 'note'))"
}

func hasTask(kind client.SubjectKind, row string) string {
	return row + ".id IN (SELECT t.subject_id FROM tasks t WHERE t.subject_kind = '" + string(kind) + "')"
}

// formerOwner is the client to whom the contract of a row of card_run_cards would go back: whose it was, or who has
// taken that one over since; NULL when there is neither.
func formerOwner(row string) string {
	return "(WITH RECURSIVE way(id, merged_into, deleted_at) AS (SELECT k.id, k.merged_into, k.deleted_at FROM clients k WHERE k.id = " + row + ".client_id" +
		" UNION SELECT k.id, k.merged_into, k.deleted_at FROM way JOIN clients k ON k.id = way.merged_into WHERE way.deleted_at <> 0)" +
		" SELECT id FROM way WHERE deleted_at = 0 LIMIT 1)"
}

// bothKinds in the order in which a run is judged: what becomes of a contract decides on its client.
var bothKinds = []client.SubjectKind{client.KindContract, client.KindClient}

// RunCount is how many of a run's cards have the same fate.
type RunCount struct {
	Fresh   bool
	WhyKept string
	Cards   int
}

// RunFate counts what taking a run back would do now; of one that was taken back, what it would do with the cards
// that it has left alone.
func (s *Store) RunFate(ctx context.Context, id string) ([]RunCount, error) {
	return runFate(s.reads(ctx), id)
}

// RunFate counts what taking a run back would do now.
func (t *Tx) RunFate(id string) ([]RunCount, error) { return runFate(t, id) }

func runFate(r reader, id string) ([]RunCount, error) {
	var all []RunCount
	for _, kind := range bothKinds {
		rows, err := r.query("SELECT fresh, why, COUNT(*) FROM (SELECT r.fresh AS fresh, "+whyKept(kind, "r")+
			" AS why FROM card_run_cards r WHERE r.run_id = ? AND r.subject_kind = ?) AS fate GROUP BY fresh, why", id, string(kind))
		if err != nil {
			return nil, fmt.Errorf("looking what taking a run back would do: %w", err)
		}
		some, err := collect(rows, func(rows *sql.Rows) (c RunCount, err error) {
			return c, rows.Scan(&c.Fresh, &c.WhyKept, &c.Cards)
		})
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// laterRuns are those without whom some cards of a run could go back: the ones that changed them last, or that made
// or moved the contracts that hold its clients.
const laterRuns = `
 AND id IN (
  SELECT o.run_id FROM card_run_cards r JOIN contracts c ON c.id = r.id JOIN card_run_cards o ON o.subject_kind = r.subject_kind AND o.id = r.id
  WHERE  r.run_id = ? AND r.subject_kind = 'contract' AND c.deleted_at = 0 AND c.version <> r.given AND o.given = c.version AND o.fresh = FALSE AND o.run_id <> r.run_id
  UNION
  SELECT o.run_id FROM card_run_cards r JOIN clients c ON c.id = r.id JOIN card_run_cards o ON o.subject_kind = r.subject_kind AND o.id = r.id
  WHERE  r.run_id = ? AND r.subject_kind = 'client' AND c.deleted_at = 0 AND c.version <> r.given AND o.given = c.version AND o.fresh = FALSE AND o.run_id <> r.run_id
  UNION
  SELECT o.run_id FROM card_run_cards r JOIN contracts x ON x.client_id = r.id AND x.client_id <> '' JOIN card_run_cards o ON o.subject_kind = 'contract' AND o.id = x.id
  WHERE  r.run_id = ? AND r.subject_kind = 'client' AND r.fresh = TRUE AND x.deleted_at = 0 AND o.given = x.version AND o.run_id <> r.run_id
         AND (o.fresh = TRUE OR o.client_id <> r.id))
ORDER BY ended_at DESC, id DESC`

// LaterRuns lists the runs that ended after a moment and keep some cards of a run from going back, the last first:
// once those are taken back, they do no more.
func (s *Store) LaterRuns(ctx context.Context, id string, since time.Time) ([]CardRun, error) {
	rows, err := s.reads(ctx).query("SELECT "+runColumns+" FROM card_runs WHERE state <> ? AND ended_at >= ?"+laterRuns, client.RunUndoing, since.UnixMilli(), id, id, id)
	if err != nil {
		return nil, fmt.Errorf("looking for the runs after one: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (CardRun, error) { return scanRun(rows) })
}

// KeptCard is a card that taking back leaves alone, and why; who did what keeps it, and when, where that is known.
type KeptCard struct {
	Ref     client.SubjectRef
	Name    string
	WhyKept string
	By      *client.Person
	At      time.Time
}

// RunKept lists cards that taking a run back leaves alone, or has left alone, at most limit.
func (s *Store) RunKept(ctx context.Context, run CardRun, limit int) ([]KeptCard, error) {
	var all []KeptCard
	for _, kind := range bothKinds {
		why := "r.why_kept"
		if run.State == client.RunIn {
			why = whyKept(kind, "r")
		}
		rows, err := s.reads(ctx).query("SELECT id, name, why FROM (SELECT r.id AS id, r.seq AS seq, COALESCE(n.name, r.name) AS name, "+why+
			" AS why FROM card_run_cards r LEFT JOIN "+tables[kind]+" n ON n.id = r.id WHERE r.run_id = ? AND r.subject_kind = ?) AS fate WHERE why <> '' ORDER BY seq LIMIT ?",
			run.ID, string(kind), limit-len(all))
		if err != nil {
			return nil, fmt.Errorf("listing what stays of a run: %w", err)
		}
		some, err := collect(rows, func(rows *sql.Rows) (KeptCard, error) {
			k := KeptCard{Ref: client.SubjectRef{Kind: kind}}
			return k, rows.Scan(&k.Ref.ID, &k.Name, &k.WhyKept)
		})
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	for i, k := range all {
		query, known := whoKept[k.WhyKept]
		if !known {
			continue
		}
		by, at, err := lastChange(s.reads(ctx), query, k.Ref.Kind, k.Ref.ID)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, err
		}
		all[i].By, all[i].At = by, at
	}
	return all, nil
}

// whoKept tells by a reason who did what keeps a card, and when. Who bound a call by hand is not noted.
var whoKept = map[string]string{
	keptChanged: lastOfCard,
	keptDeleted: lastOfCard,
	keptNote: `
SELECT f.at, f.employee_id, COALESCE(e.name, '')
FROM   feed f LEFT JOIN employees e ON e.id = f.employee_id
WHERE  f.subject_kind = ? AND f.subject_id = ? AND f.type = 'note'
ORDER  BY f.at DESC, f.id DESC LIMIT 1`,
	keptTask: `
SELECT t.created_at, t.created_by, COALESCE(e.name, '')
FROM   tasks t LEFT JOIN employees e ON e.id = t.created_by
WHERE  t.subject_kind = ? AND t.subject_id = ?
ORDER  BY t.created_at DESC, t.id DESC LIMIT 1`,
}

// TakeRunBack gives the cards of a run their former values and deletes those that it made, all at once, but for
// those that somebody has changed since. What follows (histories, the index, address books, the calls of the
// numbers) is FollowTakenBack's. Of a run that was taken back already, it does so with the cards that were left
// alone then and need not be any more. ErrLostClaim: somebody was quicker.
//
// Set by set it takes as long as publishing an import does: 100,000 cards two seconds.
func (t *Tx) TakeRunBack(run CardRun, by client.Employee, at time.Time) (CardRun, error) {
	res, err := t.exec("UPDATE card_runs SET state = ?, undone_at = ?, undone_by = ?, undone_name = ?, settled = 0, claim = '' WHERE id = ? AND state = ?",
		client.RunUndoing, at.UnixMilli(), by.ID, by.Name, run.ID, run.State)
	if err := one(res, err, run.ID); err != nil {
		return run, err
	}
	for _, kind := range bothKinds {
		if _, err := t.exec("UPDATE card_run_cards AS r SET why_kept = "+whyKept(kind, "r")+" WHERE r.run_id = ? AND r.subject_kind = ?", run.ID, string(kind)); err != nil {
			return run, fmt.Errorf("looking what was changed since a run: %w", err)
		}
	}
	for _, kind := range bothKinds {
		if err := t.restoreRun(run.ID, kind, at); err != nil {
			return run, err
		}
	}
	if err := t.restoreRunPhones(run.ID); err != nil {
		return run, err
	}
	if err := t.moveOtherRuns(run.ID); err != nil {
		return run, err
	}
	const count = "(SELECT COUNT(*) FROM card_run_cards r WHERE r.run_id = card_runs.id AND "
	_, err = t.exec("UPDATE card_runs SET removed = removed + "+count+"r.why_kept = '' AND r.fresh = TRUE), restored = restored + "+count+"r.why_kept = '' AND r.fresh = FALSE), kept = "+
		count+"r.why_kept <> '') WHERE id = ?", run.ID)
	if err != nil {
		return run, fmt.Errorf("counting what was taken back: %w", err)
	}
	return t.CardRun(run.ID)
}

// restoreRun writes the former values of one kind of card, and deletes the fresh ones.
func (t *Tx) restoreRun(id string, kind client.SubjectKind, at time.Time) error {
	var set []string
	for _, c := range formerColumns(kind) {
		switch c {
		case "created_at", "updated_at", "version":
		case "client_id":
			set = append(set, c+" = COALESCE("+formerOwner("r")+", r."+c+")")
		default:
			set = append(set, c+" = r."+c)
		}
	}
	_, err := t.exec("UPDATE "+tables[kind]+" SET "+strings.Join(set, ", ")+", updated_at = ?, version = r.given + 1 FROM card_run_cards r"+
		" WHERE r.run_id = ? AND r.subject_kind = ? AND r.fresh = FALSE AND r.why_kept = '' AND "+tables[kind]+".id = r.id", at.UnixMilli(), id, string(kind))
	if err != nil {
		return fmt.Errorf("giving cards their former values: %w", err)
	}
	_, err = t.exec("UPDATE "+tables[kind]+" SET deleted_at = ?, version = version + 1 WHERE id IN"+
		" (SELECT r.id FROM card_run_cards r WHERE r.run_id = ? AND r.subject_kind = ? AND r.fresh = TRUE AND r.why_kept = '')", at.UnixMilli(), id, string(kind))
	if err != nil {
		return fmt.Errorf("deleting the cards that a run made: %w", err)
	}
	return nil
}

// restoreRunPhones lets the former numbers find the cards again, and remembers those that did, whose calls
// must be bound anew too.
func (t *Tx) restoreRunPhones(id string) error {
	for _, statement := range []string{
		`INSERT INTO card_run_phones (run_id, seq, subject_kind, subject_id, number, former)
SELECT r.run_id, r.seq, p.kind, p.subject_id, p.number, FALSE
FROM   card_run_cards r JOIN phones p ON p.kind = r.subject_kind AND p.subject_id = r.id
WHERE  r.run_id = ? AND r.why_kept = '' ON CONFLICT DO NOTHING`,
		`DELETE FROM phones WHERE (kind, subject_id) IN (SELECT r.subject_kind, r.id FROM card_run_cards r WHERE r.run_id = ? AND r.why_kept = '')`,
		`INSERT INTO phones (number, kind, subject_id)
SELECT p.number, p.subject_kind, p.subject_id
FROM   card_run_phones p JOIN card_run_cards r ON r.run_id = p.run_id AND r.seq = p.seq
WHERE  p.run_id = ? AND p.former = TRUE AND r.why_kept = '' ON CONFLICT DO NOTHING`,
	} {
		if _, err := t.exec(statement, id); err != nil {
			return fmt.Errorf("giving cards their former numbers: %w", err)
		}
	}
	return nil
}

// moveOtherRuns lets an earlier run be taken back after a later one was: a card that stood as the earlier one
// had left it when the later one came stands so again, under another version.
func (t *Tx) moveOtherRuns(id string) error {
	_, err := t.exec(`UPDATE card_run_cards SET given = r.given + 1
FROM   (SELECT subject_kind, id, given, version FROM card_run_cards WHERE run_id = ? AND why_kept = '' AND fresh = FALSE) AS r
WHERE  card_run_cards.run_id <> ? AND card_run_cards.subject_kind = r.subject_kind AND card_run_cards.id = r.id AND card_run_cards.given = r.version`, id, id)
	if err != nil {
		return fmt.Errorf("telling other runs what was taken back: %w", err)
	}
	return nil
}

// ClaimRun hands what follows after a run was taken back to whoever asks, if nobody has it, or who has it was
// not heard of since; else ErrLostClaim.
func (t *Tx) ClaimRun(run CardRun, claim string, since time.Time) error {
	res, err := t.exec("UPDATE card_runs SET claim = ?, beat_at = ? WHERE id = ? AND state = ? AND claim = ? AND (claim = '' OR beat_at < ?)",
		claim, t.store.now().UnixMilli(), run.ID, client.RunUndoing, run.Claim, since.UnixMilli())
	return one(res, err, run.ID)
}

// TakenBack is a card that a run had changed and that is as before.
type TakenBack struct {
	Seq     int64
	Ref     client.SubjectRef
	Fresh   bool
	Changes []crm.Delta // what the run had changed
}

// TakenBack reads the next cards of a run that were taken back, after a row.
func (s *Store) TakenBack(ctx context.Context, run string, after int64, limit int) ([]TakenBack, error) {
	rows, err := s.reads(ctx).query("SELECT seq, subject_kind, id, fresh, changes FROM card_run_cards WHERE run_id = ? AND seq > ? AND why_kept = '' ORDER BY seq LIMIT ?", run, after, limit)
	if err != nil {
		return nil, fmt.Errorf("reading what was taken back: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (TakenBack, error) {
		var one TakenBack
		var kind, changes string
		if err := rows.Scan(&one.Seq, &kind, &one.Ref.ID, &one.Fresh, &changes); err != nil {
			return one, err
		}
		one.Ref.Kind = client.SubjectKind(kind)
		var err error
		one.Changes, err = form.ReadDeltas(changes)
		return one, err
	})
}

// RunNumbers lists the numbers of the cards of some rows that we have calls or entries of.
func (s *Store) RunNumbers(ctx context.Context, run string, after, to int64) ([]string, error) {
	numbers, err := s.calledNumbers(ctx, "card_run_phones", "run_id", "seq", run, after, to)
	if err != nil {
		return nil, fmt.Errorf("finding the calls of a run's numbers: %w", err)
	}
	return numbers, nil
}

// FollowTakenBack writes the histories of cards that were taken back, and lets the index and the address books
// look at them; settled is the last of their rows. ErrLostClaim: another has taken it over.
func (t *Tx) FollowTakenBack(run CardRun, cards []TakenBack, newID func() string) error {
	res, err := t.exec("UPDATE card_runs SET settled = ?, beat_at = ? WHERE id = ? AND state = ? AND claim = ? AND settled = ?",
		cards[len(cards)-1].Seq, t.store.now().UnixMilli(), run.ID, client.RunUndoing, run.Claim, run.Settled)
	if err := one(res, err, run.ID); err != nil {
		return err
	}
	by := client.Employee{}
	if run.UndoneBy != nil {
		by.ID, by.Name = run.UndoneBy.ID, run.UndoneBy.Name
	}
	for _, c := range cards {
		var back []crm.Delta
		if !c.Fresh {
			for _, d := range slices.Backward(c.Changes) {
				back = append(back, crm.Delta{Field: d.Field, From: d.To, To: d.From})
			}
		}
		if err := t.AddChange(c.Ref, newID(), *run.UndoneAt, by, crm.ActionUndone, back); err != nil {
			return err
		}
		if err := t.MarkStale(string(c.Ref.Kind), c.Ref.ID); err != nil {
			return err
		}
		if slices.ContainsFunc(back, func(d crm.Delta) bool { return d.Field == crm.FieldName }) {
			if err := t.MarkSubjectStale(c.Ref); err != nil {
				return err
			}
		}
		if err := t.TouchAddressbook(c.Ref); err != nil {
			return err
		}
	}
	return nil
}

// EndRun says that a run is taken back with all that follows.
func (t *Tx) EndRun(run CardRun) error {
	res, err := t.exec("UPDATE card_runs SET state = ? WHERE id = ? AND state = ? AND claim = ?", client.RunUndone, run.ID, client.RunUndoing, run.Claim)
	return one(res, err, run.ID)
}
