//go:build linux

package stage

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"dozvon/app/server/demo"
	"dozvon/client"
)

// numberHeard types a second number into the note of a talk and puts it on the contract by Tab and Enter alone, takes it
// off again with the mouse, and has the keyboard where it was.
func numberHeard(ctx context.Context, t *Tour) error {
	if err := t.noCards(ctx); err != nil {
		return err
	}
	const typed, number = "wife 8-914-555-77-33", "+79145557733"
	if err := errors.Join(t.Phone(ctx, "101", "--answer", "500ms"), t.editor.Focus(ctx)); err != nil {
		return err
	}
	if err := t.Call(ctx, demo.KnownNumber, "answered", "--to", "101", "--talk", "60s"); err != nil {
		return err
	}
	if err := t.untilCard(ctx, "talking"); err != nil {
		return err
	}
	if err := errors.Join(t.pressOn(ctx, "talking", "write"), t.editorFocused(ctx, false), t.Type(ctx, typed, 25)); err != nil {
		return err
	}
	if err := t.untilButton(ctx, "heard_add"); err != nil {
		return err
	}
	if err := t.shot(ctx, "05-number-heard"); err != nil {
		return err
	}
	if _, err := t.Output(ctx, "xdotool", "key", "--delay", "60", "Tab", "Return"); err != nil {
		return err
	}
	has := func(want bool) error {
		return Until(ctx, fmt.Sprintf("the number on the contract: %t", want), func() bool {
			matches, err := t.api.Lookup(ctx, number)
			return err == nil && want == slices.ContainsFunc(matches, func(s client.Subject) bool { return s.Kind == client.KindContract })
		})
	}
	if err := errors.Join(has(true), t.untilButton(ctx, "heard_undo"), t.shot(ctx, "05-number-added")); err != nil {
		return err
	}
	if err := errors.Join(t.press(ctx, "heard_undo"), has(false)); err != nil {
		return err
	}
	if err := errors.Join(t.press(ctx, "write"), t.editorFocused(ctx, false)); err != nil {
		return err
	}
	if _, err := t.Output(ctx, "xdotool", "key", "Return"); err != nil { // the note is written
		return err
	}
	err := Until(ctx, "the note in the feed", func() bool {
		page, err := t.api.Feed(ctx, client.FeedQuery{Type: "note", Limit: 1})
		return err == nil && len(page.Items) == 1 && page.Items[0].Description == typed
	})
	if err != nil {
		return err
	}
	if err := t.editorFocused(ctx, true); err != nil {
		return err
	}
	s, err := t.Status(ctx)
	if err != nil || len(s.Cards) != 1 {
		return fmt.Errorf("the cards are %+v, %w", s.Cards, err)
	}
	return t.api.Hangup(ctx, s.Cards[0].CallID)
}

// editorFocused waits until the editor has the keyboard, or another window.
func (t *Tour) editorFocused(ctx context.Context, want bool) error {
	return Until(ctx, fmt.Sprintf("the keyboard in the editor: %t", want), func() bool {
		have, err := t.editor.HasFocus(ctx)
		return err == nil && have == want
	})
}

// untilButton waits for something on a card that can be clicked.
func (t *Tour) untilButton(ctx context.Context, name string) error {
	return t.UntilStatus(ctx, "the button "+name, func(s Status) bool {
		return slices.ContainsFunc(s.Cards, func(c CardStatus) bool {
			return slices.ContainsFunc(c.Buttons, func(b Button) bool { return b.Name == name })
		})
	})
}
