package form

import (
	"time"

	"dozvon/client"
)

type line struct {
	Number string `json:"number"`
	Name   string `json:"name,omitempty"`
}

// Lines are what is kept of an integration's trunk lines (integrations.lines).
func Lines(all []client.Line) (string, error) {
	return encode("lines", each(all, func(l client.Line) line { return line{l.Number, l.Name} }))
}

// ReadLines reads what Lines wrote.
func ReadLines(raw string) ([]client.Line, error) {
	var all []line
	err := decode("lines", raw, &all)
	return each(all, func(l line) client.Line { return client.Line{Number: l.Number, Name: l.Name} }), err
}

// reconciledForm is what a comparison with the PBX's statistics came to (integrations.reconciled).
type reconciledForm struct {
	V        int       `json:"v,omitempty"`
	Until    time.Time `json:"until"`
	At       time.Time `json:"at"`
	Calls    int       `json:"calls"`
	Restored int       `json:"restored"`
	Error    string    `json:"error,omitempty"`
	ErrorEN  string    `json:"error_en,omitempty"`
}

// Reconciled is what is kept of a comparison.
func Reconciled(r client.Reconciled) (string, error) {
	return encode("a comparison", reconciledForm{version, r.Until, r.At, r.Calls, r.Restored, r.Error, r.ErrorEN})
}

// ReadReconciled reads what Reconciled wrote; nil of an empty column.
func ReadReconciled(raw string) (*client.Reconciled, error) {
	if raw == "" {
		return nil, nil
	}
	var f reconciledForm
	if err := decode("a comparison", raw, &f); err != nil {
		return nil, err
	}
	return &client.Reconciled{
		Until: f.Until, At: f.At, Calls: f.Calls, Restored: f.Restored, Error: f.Error, ErrorEN: f.ErrorEN,
	}, readable("a comparison", f.V)
}

// bookForm is how far the PBX's address book agrees with our cards (integrations.book_state).
type bookForm struct {
	V       int        `json:"v,omitempty"`
	Synced  int        `json:"synced"`
	Waiting int        `json:"waiting"`
	At      *time.Time `json:"at,omitempty"`
	Error   string     `json:"error,omitempty"`
	ErrorEN string     `json:"error_en,omitempty"`
}

// AddressBook is what is kept of the state of an address book.
func AddressBook(b client.BookState) (string, error) {
	return encode("the address book's state", bookForm{version, b.Synced, b.Waiting, b.At, b.Error, b.ErrorEN})
}

// ReadAddressBook reads what AddressBook wrote; nil of an empty column.
func ReadAddressBook(raw string) (*client.BookState, error) {
	if raw == "" {
		return nil, nil
	}
	var f bookForm
	if err := decode("the address book's state", raw, &f); err != nil {
		return nil, err
	}
	return &client.BookState{
		Synced: f.Synced, Waiting: f.Waiting, At: f.At, Error: f.Error, ErrorEN: f.ErrorEN,
	}, readable("the address book's state", f.V)
}
