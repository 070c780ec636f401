package uitest

import (
	"dozvon/client"
)

// InParts is the feed with a transferred call in two recordings, one whose recording the PBX
// has deleted, and one that only the PBX's statistics told of.
func InParts() []client.FeedEntry {
	all := Entries()
	all[1].Recordings = []client.RecordingPart{
		{Part: 1, Ready: true, Seconds: 40, Extension: "101", Employee: Person(Kireeva)},
		{Part: 2, Ready: true, Seconds: 210, Extension: "102", Employee: Person(Borisov)},
	}
	all[1].Why, all[1].Restored = "", true
	all[6].Recordings = []client.RecordingPart{{Part: 1, Gone: true}}
	return all
}
