package model

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"dozvon/client"
)

// pagesOf serves fixed pages by cursor.
type pagesOf map[string]client.Page[client.FeedEntry]

func (p pagesOf) Feed(_ context.Context, q client.FeedQuery) (client.Page[client.FeedEntry], error) {
	page, ok := p[q.Cursor]
	if !ok {
		return page, errors.New("no such page")
	}
	return page, nil
}

func entry(id string, minutes int, changes ...func(*client.FeedEntry)) client.FeedEntry {
	e := client.FeedEntry{ID: id, Type: client.EntryCallIn, At: noon.Add(time.Duration(minutes) * time.Minute), Phone: "+79145550148"}
	for _, apply := range changes {
		apply(&e)
	}
	return e
}

func ids(f *Feed) string {
	entries, _, _ := f.Entries()
	var out []string
	for _, e := range entries {
		out = append(out, e.ID)
	}
	return strings.Join(out, " ")
}

func TestFeed_growsByPagesAndFollowsTheStream(t *testing.T) {
	t.Parallel()
	f := NewFeed(pagesOf{
		"":   {Items: []client.FeedEntry{entry("d", 4), entry("c", 3)}, NextCursor: "p2"},
		"p2": {Items: []client.FeedEntry{entry("b", 2), entry("a", 1)}},
	}, client.FeedQuery{})
	f.Load(t.Context(), client.FeedQuery{})
	if got := ids(f); got != "d c" {
		t.Fatalf("first page %q", got)
	}
	if f.Apply(entry("old", 0)) {
		t.Error("an entry older than what is loaded was put in; its page will bring it")
	}
	f.Apply(entry("e", 5))
	if !f.More(t.Context()) || f.More(t.Context()) {
		t.Error("want one more page and no third")
	}
	if got := ids(f); got != "e d c b a" {
		t.Errorf("feed %q", got)
	}
	f.Apply(entry("c", 3, func(e *client.FeedEntry) { e.Description = "changed" }))
	if entries, _, _ := f.Entries(); entries[2].Description != "changed" || len(entries) != 5 {
		t.Errorf("a change came as a second entry: %v", ids(f))
	}
}

func TestFeed_goesOnWhereAPageHasNothing(t *testing.T) {
	t.Parallel()
	f := NewFeed(pagesOf{
		"":   {NextCursor: "p2"},
		"p2": {NextCursor: "p3"},
		"p3": {Items: []client.FeedEntry{entry("b", 2)}, NextCursor: "p4"},
		"p4": {NextCursor: "p5"},
		"p5": {},
	}, client.FeedQuery{})
	f.Load(t.Context(), client.FeedQuery{Q: "экзамен"})
	if got := ids(f); got != "b" {
		t.Errorf("first page %q", got)
	}
	if f.More(t.Context()) || ids(f) != "b" {
		t.Errorf("nothing more was there: %q", ids(f))
	}
}

func TestFeed_dropsWhatNoLongerFitsItsFilter(t *testing.T) {
	t.Parallel()
	f := NewFeed(pagesOf{"": {Items: []client.FeedEntry{entry("a", 1)}}}, client.FeedQuery{})
	f.Load(t.Context(), client.FeedQuery{Bound: "false"})
	f.Apply(entry("a", 1, func(e *client.FeedEntry) { e.Subject = &client.Subject{ID: "k", Name: "Иванов"} }))
	if got := ids(f); got != "" {
		t.Errorf("a bound call stays among the unbound: %q", got)
	}
}

func TestFeed_tellsThatItIsBroken(t *testing.T) {
	t.Parallel()
	f := NewFeed(pagesOf{}, client.FeedQuery{})
	f.Load(t.Context(), client.FeedQuery{})
	if _, state, err := f.Entries(); state != FeedBroken || err == nil {
		t.Errorf("state %v, error %v", state, err)
	}
}

func TestFeed_dropsAnEntryThatIsGone(t *testing.T) {
	t.Parallel()
	f := NewFeed(pagesOf{"": {Items: []client.FeedEntry{entry("b", 2), entry("a", 1)}}}, client.FeedQuery{})
	f.Load(t.Context(), client.FeedQuery{})
	if !f.Drop("b") || f.Drop("b") || ids(f) != "a" {
		t.Errorf("feed %q", ids(f))
	}
}
