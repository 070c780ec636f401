package call

import "slices"

// recordings lists what was recorded, in the order in which the recordings began. One that the
// PBX did not keep is as if there had been none.
func (s timeline) recordings() []Recorded {
	var all []Recorded
	dropped := map[string]bool{}
	for _, e := range s.events {
		if e.Kind != KindRecording || e.Recording == "" {
			continue
		}
		if e.RecordingState == RecordingDropped {
			dropped[e.Recording] = true
			continue
		}
		i := slices.IndexFunc(all, func(r Recorded) bool { return r.ID == e.Recording })
		if i < 0 {
			all = append(all, Recorded{ID: e.Recording, Began: e.At})
			i = len(all) - 1
		}
		all[i].take(e)
	}
	return slices.DeleteFunc(all, func(r Recorded) bool { return dropped[r.ID] && !r.Ready })
}

func (r *Recorded) take(e Event) {
	if r.Extension == "" {
		r.Extension = e.To.Extension
	}
	switch e.RecordingState {
	case RecordingReady:
		r.Ready, r.Gone = true, false
	case RecordingGone:
		r.Gone = true
	case RecordingCompleted:
		r.Ended = e.At
	}
}
