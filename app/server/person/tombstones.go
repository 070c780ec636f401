package person

import (
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/store"
)

// lateMost is how much later than it happened the PBX may tell of a call that nobody knows yet: what began so shortly
// before its caller was erased is taken as a new call.
const lateMost = 5 * time.Minute

// Erased tells whether events that belong to no call we know are of one that was erased: by its keys, by our command,
// or by a number that was erased after the call began. root is the key under which their call would go on.
func (s *Service) Erased(tx *store.Tx, integrationID, root string, events []call.Event) (bool, error) {
	keys, numbers := map[string]bool{}, map[string]time.Time{}
	key := func(of, text string) {
		if text != "" {
			keys[s.Sealer.Print(of, integrationID+" "+text)] = true
		}
	}
	number := func(p call.Party, at time.Time) {
		if p.Outside() && p.Number != "" {
			print := s.Sealer.Print(printOfNumber, string(p.Number))
			if had, ok := numbers[print]; !ok || at.Before(had) {
				numbers[print] = at
			}
		}
	}
	key(printOfKey, root)
	for _, e := range events {
		key(printOfKey, e.Key)
		key(printOfCommand, e.Command)
		at := e.At
		if !e.Began.IsZero() {
			at = e.Began
		}
		number(e.From, at)
		number(e.To, at)
	}
	var all []string
	for print := range keys {
		all = append(all, print)
	}
	for print := range numbers {
		all = append(all, print)
	}
	found, err := tx.ErasedPrints(all)
	for print, erased := range found {
		if at, ok := numbers[print]; keys[print] || ok && at.Before(erased.Add(-lateMost)) {
			return true, err
		}
	}
	return false, err
}
