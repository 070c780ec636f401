package call

import "slices"

// recordings lists what was recorded, in the order in which the recordings began. One that the
// PBX did not keep is as if there had been none, and so is one that is another's under a second id.
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
			all = append(all, Recorded{ID: e.Recording, Began: e.At, unsure: e.Unsure})
			i = len(all) - 1
		}
		all[i].take(e)
	}
	return once(slices.DeleteFunc(all, func(r Recorded) bool { return dropped[r.ID] && !r.Ready }))
}

// once leaves out, for each recording that an event told of, the nearest of the same employee that only
// the PBX's record has.
func once(all []Recorded) []Recorded {
	second := map[string]bool{}
	for _, told := range all {
		if told.unsure {
			continue
		}
		var nearest *Recorded
		for i, r := range all {
			if r.unsure && !second[r.ID] && r.Extension == told.Extension &&
				(nearest == nil || r.Began.Sub(told.Began).Abs() < nearest.Began.Sub(told.Began).Abs()) {
				nearest = &all[i]
			}
		}
		if nearest != nil {
			second[nearest.ID] = true
		}
	}
	return slices.DeleteFunc(all, func(r Recorded) bool { return second[r.ID] })
}

func (r *Recorded) take(e Event) {
	r.unsure = r.unsure && e.Unsure
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
