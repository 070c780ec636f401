package person

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"dozvon/app/phone"
	"dozvon/app/server/access"
	"dozvon/app/server/crm"
	"dozvon/app/server/indexer"
	"dozvon/app/server/store"
	"dozvon/client"
)

// plan is what an erasure has still to look for. It is kept sealed until the erasure is done, so that one that was
// broken off goes on although the cards are gone.
type plan struct {
	Person  string
	Cards   []client.SubjectRef
	Numbers []phone.Number // erased with all their calls
	Shared  []phone.Number // of other cards, too: their calls lose the name alone
	Names   []string       // present and former, of no other living card
	Words   []string       // of the full-text index
	Begun   time.Time

	// Rows are the ids of the calls and entries that were erased, Keys those of the PBX: by them it is known what else
	// tells of them.
	Rows []string
	Keys []string
}

func (p plan) holding() store.Holding { return store.Holding{Cards: p.Cards, Numbers: p.Numbers} }

func (p plan) has(ref client.SubjectRef) bool { return slices.Contains(p.Cards, ref) }

// planOf collects what leads to a person, from the cards as they are before they are erased.
func planOf(r store.PersonReader, numbers phone.Reader, p Person, now time.Time) (plan, error) {
	out := plan{Person: p.Asked, Numbers: p.Numbers, Shared: slices.Clone(p.Shared), Begun: now}
	var names []string
	for _, c := range p.Cards {
		out.Cards = append(out.Cards, c.Ref())
		out.Words = append(out.Words, indexer.Card(c).Words...)
		names = append(names, c.Name, c.Email, c.Number)
		steps, err := r.History(c.Ref())
		if err != nil {
			return out, err
		}
		for _, s := range steps {
			for _, d := range s.Fields {
				switch d.Field {
				case crm.FieldName, crm.FieldEmail, crm.FieldNumber:
					names = append(names, d.From, d.To)
				case crm.FieldPhones:
					out.former(numbers, d.From+"\n"+d.To)
				}
			}
		}
	}
	var err error
	out.Names, err = ownNames(r, p, names)
	return out, err
}

// former takes in the numbers that the card once had: they are somebody else's by now, or nobody's, and calls of then
// may still show the name.
func (p *plan) former(reader phone.Reader, text string) {
	for _, e := range reader.Read(text) {
		if e.Number != "" && !slices.Contains(p.Numbers, e.Number) && !slices.Contains(p.Shared, e.Number) {
			p.Shared = append(p.Shared, e.Number)
		}
	}
}

// nameLeast is from how many letters on a name is looked for in texts.
const nameLeast = 4

// ownNames are the names that no other living card has.
func ownNames(r store.PersonReader, p Person, names []string) ([]string, error) {
	slices.Sort(names)
	var own []string
	for _, name := range slices.Compact(names) {
		if len([]rune(name)) < nameLeast {
			continue
		}
		others, err := r.Namesakes(name)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(others, func(ref client.SubjectRef) bool { return !p.has(ref) }) {
			own = append(own, name)
		}
	}
	return own, nil
}

// traces are by what a text of our own making is known to be about the person.
func (p plan) traces() traces {
	t := tracesOf(p.Numbers, nil)
	for _, ref := range p.Cards {
		t.keys = append(t.keys, ref.ID)
	}
	t.keys = append(t.keys, p.Rows...)
	for _, name := range p.Names {
		t.words = append(t.words, spellings(name)...)
	}
	return t
}

// remains are by what a file is known to tell of the person still.
func (p plan) remains() []string {
	var all []string
	for _, n := range p.Numbers {
		all = append(all, digitsOf(n))
		if _, local, ok := strings.Cut(n.Pretty(), " "); ok {
			all = append(all, local)
		}
	}
	for _, name := range p.Names {
		if isShortNumber(name) {
			continue // as likely a part of a moment or of another's telephone
		}
		all = append(all, spellings(name)...)
	}
	return slices.DeleteFunc(all, func(text string) bool { return text == "" })
}

// isShortNumber tells a contract's number that is made of a few digits, which a file has in many places.
func isShortNumber(name string) bool {
	return len(name) < plainKey && !strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsDigit(r) })
}

// seal is the plan as it is kept.
func (p plan) seal(s *access.Sealer) (string, error) {
	raw, err := json.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("encoding what is to be erased: %w", err)
	}
	return s.Seal(string(raw))
}

func unseal(s *access.Sealer, sealed string) (p plan, err error) {
	raw, err := s.Unseal(sealed)
	if err == nil {
		err = json.Unmarshal([]byte(raw), &p)
	}
	if err != nil {
		return p, fmt.Errorf("reading what is to be erased: %w", err)
	}
	return p, nil
}

// Fingerprints by which erased calls are known again.
const (
	printOfPerson  = "a person who was erased"
	printOfKey     = "a key of an erased call"
	printOfCommand = "a command of an erased call"
	printOfNumber  = "a number that was erased"
)

// prints are those of a call that is erased.
func (s *Service) prints(rec store.CallRecord, keys []string) []string {
	var all []string
	for _, key := range keys {
		all = append(all, s.Sealer.Print(printOfKey, rec.IntegrationID+" "+key))
	}
	if rec.Command != "" {
		all = append(all, s.Sealer.Print(printOfCommand, rec.IntegrationID+" "+rec.Command))
	}
	return all
}
