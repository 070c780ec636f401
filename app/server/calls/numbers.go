package calls

import (
	"slices"
	"strings"

	"dozvon/app/phone"
	"dozvon/app/server/call"
)

// completed gives the outside numbers of a PBX's events the city that they lack: a city's exchange
// shows a caller of the same city without it, and his card has the whole number. What is no number
// of the city stays as the PBX sent it.
func (s *Service) completed(events []call.Event) []call.Event {
	numbers := s.Directory.Numbers()
	whole := func(n phone.Number) phone.Number {
		if n == "" || strings.HasPrefix(string(n), "+") {
			return n
		}
		if read, err := numbers.Parse(string(n)); err == nil {
			return read
		}
		return n
	}
	out := slices.Clone(events)
	for i := range out {
		out[i].From.Number, out[i].To.Number = whole(out[i].From.Number), whole(out[i].To.Number)
	}
	return out
}
