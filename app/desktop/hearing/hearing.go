// Package hearing puts telephone numbers that are typed into the note of a talk on the caller's card: it asks the
// server what is known of a number, adds it, and takes that back. What to say and to draw is others'.
package hearing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/phone"
	"dozvon/client"
)

// Ear hears for whoever is signed in. All methods belong on Fyne's goroutine.
type Ear struct {
	host ui.Base
	// over are the numbers that are not offered any more, by the call.
	over map[string][]phone.Number
}

// New is an ear of the program host.
func New(host ui.Base) *Ear { return &Ear{host: host, over: map[string][]phone.Number{}} }

// Hear offers what the note of a call tells: the number that was typed last. show is called at once with nil where there
// is nothing to offer, and once the server has answered otherwise.
func (e *Ear) Hear(card present.Card, note string, show func(*present.HeardOffer)) {
	heard, ok := e.last(card, note)
	if !ok {
		show(nil)
		return
	}
	var matches []client.Subject
	calls := 0
	e.host.Work(func(ctx context.Context, api *client.API) (err error) {
		if matches, err = api.Lookup(ctx, string(heard.Number)); err != nil || len(matches) > 0 {
			return err
		}
		calls, _ = callsOf(ctx, api, client.FeedQuery{Phone: string(heard.Number), Bound: "false"}) // unknown: not promised
		return nil
	}, func(err error) {
		mine := func(s client.Subject) bool { return s.Kind == card.Subject.Kind && s.ID == card.Subject.ID }
		if err != nil || slices.ContainsFunc(matches, mine) || slices.Contains(e.over[card.ID], heard.Number) {
			show(nil)
			return
		}
		var owner *client.Subject
		if len(matches) > 0 {
			owner = &matches[0]
		}
		offer := present.Heard(heard, owner, calls, e.host.Text())
		show(&offer)
	})
}

// last is the number of a note that can be offered for a call's card.
func (e *Ear) last(card present.Card, note string) (model.Heard, bool) {
	if card.Subject == nil || card.Test {
		return model.Heard{}, false
	}
	for _, heard := range slices.Backward(model.Numbers(note)) {
		if string(heard.Number) != card.Phone && !slices.Contains(e.over[card.ID], heard.Number) {
			return heard, true
		}
	}
	return model.Heard{}, false
}

// Refuse lets the number rest for this call.
func (e *Ear) Refuse(card present.Card, offer present.HeardOffer) {
	e.over[card.ID] = append(e.over[card.ID], offer.Heard.Number)
}

// Add puts the number on the card; told hears what was done, or in words why not.
func (e *Ear) Add(card present.Card, offer present.HeardOffer, told func(done *present.HeardDone, refused string)) {
	e.Refuse(card, offer) // it is not offered twice
	ref := client.SubjectRef{Kind: card.Subject.Kind, ID: card.Subject.ID}
	undo, calls := "", 0
	e.host.Work(func(ctx context.Context, api *client.API) (err error) {
		if undo, err = add(ctx, api, ref, client.Phone{Number: string(offer.Heard.Number), Label: offer.Heard.Label}); err != nil {
			return err
		}
		calls, err = callsOf(ctx, api, client.FeedQuery{Phone: string(offer.Heard.Number), Subject: string(ref.Kind) + ":" + ref.ID})
		if err != nil {
			calls = 0 // it is added all the same
		}
		return nil
	}, func(err error) {
		if err != nil {
			over := e.over[card.ID]
			e.over[card.ID] = slices.DeleteFunc(over, func(n phone.Number) bool { return n == offer.Heard.Number })
			told(nil, ui.Explain(err, e.host.Text()))
			return
		}
		done := present.HeardAdded(offer.Heard, calls, undo, e.host.Text())
		told(&done, "")
	})
}

// TakeBack undoes what Add did.
func (e *Ear) TakeBack(done present.HeardDone, told func(words string, ok bool)) {
	e.host.Work(func(ctx context.Context, api *client.API) error { return api.Undo(ctx, done.Undo) }, func(err error) {
		if err != nil {
			told(ui.Explain(err, e.host.Text()), false)
			return
		}
		told(e.host.Text().T("undo.done"), true)
	})
}

// conflictsMost is how often a card that others change at the same moment is read anew.
const conflictsMost = 3

// add puts a number behind the others of a card, and gives the id under which that can be taken back. Whatever else
// is changed on the card meanwhile stays.
func add(ctx context.Context, api *client.API, ref client.SubjectRef, number client.Phone) (undo string, err error) {
	before, err := api.Undos(ctx)
	if err != nil {
		return "", fmt.Errorf("reading what can be taken back: %w", err)
	}
	for range conflictsMost {
		if err = addOnce(ctx, api, ref, number); !ui.ChangedMeanwhile(err) {
			break
		}
	}
	if err != nil {
		return "", err
	}
	after, err := api.Undos(ctx)
	if err != nil {
		return "", nil // it is added; the main window offers to take it back, too
	}
	var fresh []string
	for _, u := range after {
		if !slices.ContainsFunc(before, func(b client.Undo) bool { return b.ID == u.ID }) {
			fresh = append(fresh, u.ID)
		}
	}
	if len(fresh) != 1 { // something else was done at the same moment: only the main window knows what is what
		return "", nil
	}
	return fresh[0], nil
}

// errOnCard says that the card has the number already.
var errOnCard = errors.New("the number is on the card already")

func addOnce(ctx context.Context, api *client.API, ref client.SubjectRef, number client.Phone) error {
	if ref.Kind == client.KindContract {
		was, err := api.Contract(ctx, ref.ID)
		if err != nil {
			return err
		}
		before := model.FieldsOfContract(was)
		after, err := with(before, number)
		if err != nil {
			return onCard(err)
		}
		_, err = api.IfMatch(was.ETag).UpdateContract(ctx, ref.ID, after.ContractInput(before))
		return err
	}
	was, err := api.Client(ctx, ref.ID)
	if err != nil {
		return err
	}
	before := model.FieldsOfClient(was)
	after, err := with(before, number)
	if err != nil {
		return onCard(err)
	}
	_, err = api.IfMatch(was.ETag).UpdateClient(ctx, ref.ID, after.ClientInput(before))
	return err
}

// onCard takes a number that somebody else has just added for added.
func onCard(err error) error {
	if errors.Is(err, errOnCard) {
		return nil
	}
	return err
}

func with(card model.CardFields, number client.Phone) (model.CardFields, error) {
	for _, p := range card.Phones {
		if p.Number == number.Number {
			return card, errOnCard
		}
	}
	card.Phones = append(slices.Clone(card.Phones), number)
	return card, nil
}

// callsOf counts the calls that a query of the feed finds.
func callsOf(ctx context.Context, api *client.API, q client.FeedQuery) (int, error) {
	q.Limit = 500
	page, err := api.Feed(ctx, q)
	if err != nil {
		return 0, fmt.Errorf("counting the calls of a number: %w", err)
	}
	n := 0
	for _, entry := range page.Items {
		switch entry.Type {
		case client.EntryCallIn, client.EntryCallMissed, client.EntryCallOut:
			n++
		}
	}
	return n, nil
}
