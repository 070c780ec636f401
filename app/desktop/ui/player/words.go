package player

import (
	"slices"
	"strings"
	"time"

	"dozvon/client"
)

// wordsMost bounds how many words of flags are kept that were begun and not set.
const wordsMost = 100

// Word is that of a flag that was begun and is not set.
type Word struct {
	Call string `json:"call"`
	Part int    `json:"part"`
	// FromMS and ToMS are the part of the recording, or its moment, in milliseconds.
	FromMS int64  `json:"from_ms"`
	ToMS   int64  `json:"to_ms"`
	Word   string `json:"word"`
}

func (w Word) is(key recordingKey) bool { return w.Call == key.call && w.Part == key.part }

// Words are those of flags that a person has begun and not set, one a recording, the oldest first. The zero value has
// none. It belongs to Fyne's goroutine.
type Words struct{ all []Word }

// keep keeps what is typed for a flag; an empty word leaves nothing to keep.
func (w *Words) keep(key recordingKey, m mark) {
	w.forget(key)
	if strings.TrimSpace(m.word) == "" {
		return
	}
	w.all = append(w.all, Word{Call: key.call, Part: key.part, FromMS: m.from.Milliseconds(), ToMS: m.to.Milliseconds(), Word: m.word})
	w.all = w.all[max(0, len(w.all)-wordsMost):]
}

func (w *Words) forget(key recordingKey) {
	w.all = slices.DeleteFunc(w.all, func(one Word) bool { return one.is(key) })
}

// set forgets a word that became a flag, unless another one was typed since.
func (w *Words) set(key recordingKey, word string) {
	if m := w.of(key); m != nil && tidied(m.word) == word {
		w.forget(key)
	}
}

// of is what waits in a recording for its word to be finished; nil: nothing does.
func (w *Words) of(key recordingKey) *mark {
	at := slices.IndexFunc(w.all, func(one Word) bool { return one.is(key) })
	if at < 0 {
		return nil
	}
	one := w.all[at]
	return &mark{
		from: time.Duration(one.FromMS) * time.Millisecond, to: time.Duration(one.ToMS) * time.Millisecond, word: one.Word, left: true,
	}
}

// Unsaved are the words that would be lost with the program.
func (w *Words) Unsaved() []Word { return slices.Clone(w.all) }

// Restore takes back what was not set when the program ended. What was typed since stays.
func (w *Words) Restore(left []Word) {
	for _, one := range left {
		key := recordingKey{one.Call, one.Part}
		long := len([]rune(one.Word)) > client.FlagWordMost
		if one.Call == "" || one.Part < 1 || one.FromMS < 0 || one.ToMS < one.FromMS || long || w.of(key) != nil {
			continue
		}
		w.keep(key, mark{from: time.Duration(one.FromMS) * time.Millisecond, to: time.Duration(one.ToMS) * time.Millisecond, word: one.Word})
	}
}

// tidied is a word as it is set.
func tidied(word string) string { return strings.Join(strings.Fields(word), " ") }
