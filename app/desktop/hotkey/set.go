package hotkey

import "errors"

// None is no combination.
const None = "none"

// ErrOwn says that the program itself has the combination for something else.
var ErrOwn = errors.New("the combination is for something else of this program")

// Wanted is a combination that a person has chosen, None without one, and what it is for.
type Wanted struct {
	For         string
	Combination string
	Pressed     func() // called on a goroutine of its own
}

// Set is the combinations that a program hears, each by what it is for. All methods belong on one goroutine.
type Set struct{ heard map[string]*heard }

// heard is one of them.
type heard struct {
	combination string
	listener    *Listener // nil: none is chosen, or it was refused
	refused     error
}

// Hear takes combinations into use in place of the former ones. One that was refused is asked for anew, as the
// program that has it may have ended. Of two that are the same the first one is heard.
func (s *Set) Hear(all ...Wanted) {
	if s.heard == nil {
		s.heard = map[string]*heard{}
	}
	// What is given up comes first: the others may want it.
	for _, one := range all {
		if now := s.heard[one.For]; now != nil && (now.combination != one.Combination || now.refused != nil) {
			if now.listener != nil {
				now.listener.Close()
			}
			delete(s.heard, one.For)
		}
	}
	for _, one := range all {
		if s.heard[one.For] != nil {
			continue
		}
		now := &heard{combination: one.Combination}
		if one.Combination != None && one.Combination != "" {
			now.listener, now.refused = s.listen(one)
		}
		s.heard[one.For] = now
	}
}

func (s *Set) listen(one Wanted) (*Listener, error) {
	c, err := Parse(one.Combination)
	if err != nil {
		return nil, err
	}
	for _, other := range s.heard {
		if has, err := Parse(other.combination); err == nil && has == c && other.listener != nil {
			return nil, ErrOwn
		}
	}
	return Listen(c, one.Pressed)
}

// Refused tells why a combination is not heard; nil when it is, or none is chosen.
func (s *Set) Refused(use string) error {
	if now := s.heard[use]; now != nil {
		return now.refused
	}
	return nil
}
