package player

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/client"
)

// mark is a part of the recording, or a moment, that waits for its word; it survives a row that is drawn anew.
type mark struct {
	from, to time.Duration
	word     string
	typing   bool // its line has the keyboard, or shall have it
	left     bool // its recording was left before it was set, and is shown again; nobody has come to its line yet
}

// marks are the flags of the recording that is chosen, and what is about to become one. It belongs to the
// player, and to Fyne's goroutine.
type marks struct {
	p       *Player
	open    *mark          // waits for its word; nil: nothing is selected
	chosen  string         // the flag that was opened
	setting bool           // one is on its way to the server
	keyed   bool           // the line has taken the keyboard
	before  fyne.Focusable // had it; nil: nothing
}

// list are those of the chosen recording, in their order.
func (m *marks) list() []client.Flag {
	var all []client.Flag
	part := m.p.current().Part
	for _, f := range m.p.entry.Flags {
		if f.Part == part {
			all = append(all, f)
		}
	}
	return all
}

// Select selects a part of the recording; the flag's line opens for its word. What was typed stays.
func (m *marks) Select(from, to time.Duration) {
	if m.p.clip == nil {
		return
	}
	word := ""
	if m.open != nil {
		word = m.open.word
	}
	m.chosen, m.open = "", &mark{typing: true, from: max(0, from), to: min(to, m.p.clip.Duration())}
	m.typed(word)
	m.p.draw()
}

// typed keeps what stands in the flag's line: the row may be left, or the program end.
func (m *marks) typed(word string) {
	if m.open != nil {
		m.open.word = word
		m.p.Kept.Words.keep(m.p.key(), *m.open)
	}
}

// entered says that the flag's line has the keyboard, or has lost it.
func (m *marks) entered(on bool) {
	if m.open != nil {
		m.open.typing, m.open.left = on, m.open.left && !on
	}
}

// turned shows what was begun in the recording that was turned to; from is what waited for its word in the former one.
func (m *marks) turned(from *mark) {
	if from != nil && !from.left && tidied(from.word) != "" && !m.setting {
		m.p.host.Tell(m.p.host.Text().T("player.flag_left", "word", tidied(from.word)))
	}
	m.chosen, m.open = "", m.p.Kept.Words.of(m.p.key())
}

// SelectHere selects the moment that is heard; one goes on with a word that was left.
func (m *marks) SelectHere() {
	if m.open != nil && m.open.left {
		m.entered(true)
		m.p.draw()
		return
	}
	at := m.p.position()
	m.Select(at, at)
}

// Drop gives the selection up with its word, or the flag that was chosen.
func (m *marks) Drop() {
	if m.open != nil {
		m.p.Kept.Words.forget(m.p.key())
		m.open = nil
	} else {
		m.chosen = ""
	}
	m.p.draw()
}

// Open plays from a flag on, and shows whose it is, unless a word is half typed: that stays.
func (m *marks) Open(f client.Flag) {
	if m.chosen = f.ID; m.open != nil && tidied(m.open.word) == "" {
		m.open = nil
	}
	m.p.Seek(time.Duration(f.FromMS) * time.Millisecond)
	if m.p.playing == nil && !m.p.starting && !m.p.wish {
		m.p.start()
	}
	m.p.draw()
}

// Set sets a flag at what is selected. Its line stays open when the server refuses, with what was typed.
func (m *marks) Set(word string) {
	word = tidied(word)
	if m.open == nil || word == "" || m.setting {
		return
	}
	in := client.NewFlag{Part: m.p.current().Part, FromMS: m.open.from.Milliseconds(), ToMS: m.open.to.Milliseconds(), Word: word}
	m.typed(word)
	callID, key, asked := m.p.callID, m.p.key(), m.open
	m.setting = true
	var set client.Flag
	m.p.host.Work(func(ctx context.Context, api *client.API) (err error) {
		set, err = api.SetFlag(ctx, callID, in)
		return err
	}, func(err error) {
		m.setting = false
		if err != nil {
			m.p.host.Tell(ui.Explain(err, m.p.host.Text()))
			m.p.draw()
			return
		}
		m.p.Kept.Words.set(key, word)
		if m.open == asked && tidied(asked.word) == word {
			m.open = nil
		}
		if m.p.callID == callID {
			m.p.entry.Flags = withFlag(m.p.entry.Flags, set)
		}
		m.p.draw()
	})
}

// Delete takes a flag away.
func (m *marks) Delete(f client.Flag) {
	callID := m.p.callID
	m.p.host.Work(func(ctx context.Context, api *client.API) error {
		return api.DeleteFlag(ctx, callID, f.ID)
	}, func(err error) {
		if err != nil {
			m.p.host.Tell(ui.Explain(err, m.p.host.Text()))
			return
		}
		if m.p.callID == callID {
			m.p.entry.Flags = slices.DeleteFunc(slices.Clone(m.p.entry.Flags), func(other client.Flag) bool { return other.ID == f.ID })
			m.chosen = ""
		}
		m.p.draw()
	})
}

// opened is the flag that somebody opened; false when it is no more.
func (m *marks) opened() (client.Flag, bool) {
	at := slices.IndexFunc(m.p.entry.Flags, func(f client.Flag) bool { return f.ID == m.chosen })
	if m.chosen == "" || at < 0 {
		return client.Flag{}, false
	}
	return m.p.entry.Flags[at], true
}

// withFlag puts a flag among others, in their order; the stream may have brought it already.
func withFlag(all []client.Flag, f client.Flag) []client.Flag {
	all = slices.DeleteFunc(slices.Clone(all), func(other client.Flag) bool { return other.ID == f.ID })
	all = append(all, f)
	slices.SortStableFunc(all, func(a, b client.Flag) int {
		if a.Part != b.Part {
			return a.Part - b.Part
		}
		return int(a.FromMS - b.FromMS)
	})
	return all
}
