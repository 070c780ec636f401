// Package morning says what a day begins with, beside what every screen knows already: recordings that should be there
// and are not, and extensions that ring and are nobody's. It tells people only what they may do something about.
package morning

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/directory"
	"dozvon/app/server/recordings"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
	"dozvon/client"
	"dozvon/client/mornings"
)

const (
	// backMost is how far it looks back: over a weekend and a holiday.
	backMost = 4 * 24 * time.Hour
	// backUsual is how far, where nobody says.
	backUsual = 36 * time.Hour
	// callsMost bounds how many calls of a PBX are looked at, and linesMost what is told of them.
	callsMost, linesMost = 5000, 100
)

// Reader reads it. All fields are required.
type Reader struct {
	Store      *store.Store
	Directory  *directory.Directory
	Recordings *recordings.Keeper
	Finder     *recordings.Finder
	Hearing    access.Recordings
	Now        func() time.Time
}

// Of is the morning of an employee; the zero since is a day and a half ago.
func (r *Reader) Of(ctx context.Context, by client.Employee, since time.Time) (mornings.Morning, error) {
	now := r.Now()
	if since.IsZero() || since.After(now) {
		since = now.Add(-backUsual)
	}
	if earliest := now.Add(-backMost); since.Before(earliest) {
		since = earliest
	}
	out := mornings.Morning{Since: since, Recordings: []mornings.MorningRecording{}, Extensions: []mornings.MorningExtension{}}
	for _, integration := range r.Directory.Snapshot().Integrations() {
		if !integration.Active {
			continue // its owner has switched it off, and nothing of it can be mended
		}
		calls, err := r.Store.CallsSince(ctx, integration.ID, since, callsMost)
		if err != nil {
			return mornings.Morning{}, err
		}
		ended, err := r.Finder.GivenUp(ctx, integration.ID, since)
		if err != nil {
			return mornings.Morning{}, err
		}
		out.Recordings = append(out.Recordings, r.recordings(by, calls, ended)...)
		if access.AtLeast(by.Role, client.RoleAccountant) {
			out.Extensions = append(out.Extensions, r.extensions(integration, calls)...)
		}
	}
	slices.SortFunc(out.Recordings, func(a, b mornings.MorningRecording) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.CallID, b.CallID))
	})
	slices.SortFunc(out.Extensions, func(a, b mornings.MorningExtension) int {
		return cmp.Or(b.Calls-a.Calls, cmp.Compare(a.Extension, b.Extension), cmp.Compare(a.IntegrationID, b.IntegrationID))
	})
	out.Recordings = out.Recordings[:min(len(out.Recordings), linesMost)]
	out.Extensions = out.Extensions[:min(len(out.Extensions), linesMost)]
	return out, nil
}

// recordings are those that have not come; the calls stand the newest first, and so do they.
func (r *Reader) recordings(by client.Employee, calls []store.CallRecord, ended recordings.GivenUp) (out []mornings.MorningRecording) {
	for _, rec := range calls {
		if rec.View.Test || rec.View.State != client.StateEnded || !r.Hearing.Hears(by, rec.Participants) {
			continue
		}
		why := r.Recordings.Overdue(rec)
		if why.IsZero() {
			tries := ended.Tries(rec)
			if tries == 0 {
				continue
			}
			why = texts.Of("morning.recording_tries", texts.Args{"n": tries})
		}
		words := why.Both()
		out = append(out, mornings.MorningRecording{
			CallID: rec.ID, At: rec.View.StartedAt, Phone: rec.View.Phone, Subject: rec.View.Subject, Why: words.RU, WhyEN: words.EN,
		})
		if len(out) == linesMost {
			break // no older one would be told
		}
	}
	return out
}

// extensions are those of a PBX on which calls came and which nobody has now.
func (r *Reader) extensions(integration *directory.Integration, calls []store.CallRecord) (out []mornings.MorningExtension) {
	snapshot := r.Directory.Snapshot()
	counts := map[string]int{}
	for _, rec := range calls {
		if rec.View.Test {
			continue
		}
		seen := map[string]bool{}
		for _, step := range rec.View.Path {
			if step.Employee == nil && step.Extension != "" {
				seen[step.Extension] = true
			}
		}
		for extension := range seen {
			counts[extension]++
		}
	}
	for _, extension := range slices.Sorted(maps.Keys(counts)) {
		if snapshot.Owner(integration, extension) == nil {
			out = append(out, mornings.MorningExtension{
				Extension: extension, Calls: counts[extension], IntegrationID: integration.ID, Integration: integration.Name,
			})
		}
	}
	return out
}
