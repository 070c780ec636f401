package player

import (
	"math"
	"slices"
	"time"

	"dozvon/app/desktop/audio"
	"dozvon/app/desktop/config"
	"dozvon/app/desktop/ui"
)

// Kept is what outlasts the player's widgets: how recordings are played, and where they were left. The zero
// value plays as they are. It belongs to Fyne's goroutine.
type Kept struct {
	Places Places
	Words  Words
	// Keep is told how recordings are played from now on, a moment after the person has chosen it; it may be nil.
	Keep func(config.Player)

	manner audio.Manner
	chosen bool // the manner is somebody's choice
	kept   bool
	soon   ui.Delay
	saving map[recordingKey]bool // on their way into a file
}

// keepAfter is how long a choice is waited with: a volume is dragged.
const keepAfter = 500 * time.Millisecond

// save notes that a recording is on its way into a file; false: it is already.
func (s *Kept) save(key recordingKey) bool {
	if s.saving[key] {
		return false
	}
	if s.saving == nil {
		s.saving = map[recordingKey]bool{}
	}
	s.saving[key] = true
	return true
}

// Choices are the person's, as the program keeps them.
type Choices interface {
	Config() config.Config
	SetConfig(config.Config)
}

// Follow plays as was chosen, and keeps what is chosen from now on.
func (s *Kept) Follow(of Choices) {
	s.Choose(of.Config().Player)
	s.Keep = func(chosen config.Player) {
		cfg := of.Config()
		cfg.Player = chosen
		of.SetConfig(cfg)
	}
}

// Choose says how recordings are played.
func (s *Kept) Choose(c config.Player) {
	s.manner = tidy(audio.Manner{Speed: c.Speed, Volume: float64(c.Volume) / 100, SkipSilence: c.SkipSilence})
	s.chosen, s.kept = true, true
}

// tidy is a manner in which recordings can be played.
func tidy(how audio.Manner) audio.Manner {
	if !slices.Contains(speeds, how.Speed) {
		how.Speed = 1
	}
	how.Volume = max(0, min(1, how.Volume))
	return how
}

func (s *Kept) now() audio.Manner {
	if !s.chosen {
		return audio.Manner{Speed: 1, Volume: 1}
	}
	return s.manner
}

func (s *Kept) change(how audio.Manner) {
	was := s.now()
	s.manner, s.chosen = tidy(how), true
	was.Channel = s.manner.Channel // which channel is heard is this recording's affair
	if was == s.manner {
		return
	}
	s.kept = false
	s.soon.After(keepAfter, s.settle)
}

// bothChannels is how a recording begins: the next one may have its people the other way round.
func (s *Kept) bothChannels() { s.manner.Channel = audio.Both }

// settle tells at once what waits to be told.
func (s *Kept) settle() {
	s.soon.Stop()
	if s.kept || !s.chosen {
		return
	}
	s.kept = true
	if s.Keep != nil {
		s.Keep(config.Player{Speed: s.manner.Speed, Volume: int(math.Round(s.manner.Volume * 100)), SkipSilence: s.manner.SkipSilence})
	}
}
