package player

import (
	"encoding/json"
	"log/slog"
	"slices"
	"time"

	"dozvon/app/desktop/draftfile"
)

// placesMost bounds how many recordings' places are remembered.
const placesMost = 500

// startOver is how near to its end, or its beginning, a recording is heard from the beginning again.
const startOver = 3 * time.Second

// noteEvery is how often the place of a recording that is heard is kept: a program that is killed has it then.
const noteEvery = 5 * time.Second

// recordingKey names a recording: a call's, counted from 1.
type recordingKey struct {
	call string
	part int
}

// place is where a recording was left.
type place struct {
	Call string `json:"call"`
	Part int    `json:"part"`
	MS   int64  `json:"ms"`
}

func (p place) is(key recordingKey) bool { return p.Call == key.call && p.Part == key.part }

// Places are where a person has left recordings, in a file of theirs. The zero value remembers them until the
// program ends. It belongs to Fyne's goroutine.
type Places struct {
	all  []place // the oldest first
	file *draftfile.File
}

// KeptIn reads an owner's places, and keeps them in a file of his from now on. An empty owner: nobody is signed in.
func (p *Places) KeptIn(dir, owner string) {
	p.all, p.file = nil, nil
	if owner == "" {
		return
	}
	p.file = draftfile.Named(dir, "places", owner)
	raw, err := p.file.Read()
	if err == nil && raw != nil {
		err = json.Unmarshal(raw, &p.all)
	}
	if err != nil {
		slog.Warn("where recordings were left is not known", "error", err)
		p.all = nil
	}
	p.all = slices.DeleteFunc(p.all, func(one place) bool { return one.Call == "" || one.Part < 1 || one.MS <= 0 })
	p.all = p.all[max(0, len(p.all)-placesMost):]
}

// leave keeps where a recording was left; length is that of the whole. The file is small, and is written at once:
// the program may end.
func (p *Places) leave(key recordingKey, at, length time.Duration) {
	p.set(key, at, length, func(number int, text []byte) { p.file.Write(number, text) })
}

func (p *Places) set(key recordingKey, at, length time.Duration, write func(number int, text []byte)) {
	was := p.of(key)
	keeps := at >= startOver && at <= length-startOver
	if was == 0 && !keeps || keeps && was == at.Truncate(time.Millisecond) {
		return
	}
	p.all = slices.DeleteFunc(p.all, func(one place) bool { return one.is(key) })
	if keeps {
		p.all = append(p.all, place{key.call, key.part, at.Milliseconds()})
	}
	p.all = p.all[max(0, len(p.all)-placesMost):]
	p.keep(write)
}

// note keeps now and then where a recording is that is heard; noted is where it was the last time.
func (p *Places) note(key recordingKey, at, length time.Duration, noted *time.Duration) {
	if (at - *noted).Abs() < noteEvery {
		return
	}
	*noted = at
	file := p.file
	p.set(key, at, length, func(number int, text []byte) { go file.Write(number, text) })
}

// keep hands the file's next text to whoever writes it.
func (p *Places) keep(write func(number int, text []byte)) {
	if p.file == nil {
		return
	}
	raw, err := json.Marshal(p.all)
	if err != nil {
		slog.Warn("where recordings were left is not kept", "error", err)
		return
	}
	if len(p.all) == 0 {
		raw = nil
	}
	write(p.file.Next(), raw)
}

// of is where a recording is gone on with; 0: at its beginning.
func (p *Places) of(key recordingKey) time.Duration {
	at := slices.IndexFunc(p.all, func(one place) bool { return one.is(key) })
	if at < 0 {
		return 0
	}
	return time.Duration(p.all[at].MS) * time.Millisecond
}
