package directory

import (
	"context"

	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/crm"
	"dozvon/app/server/revision"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

// School is what the school has chosen, as of the last Reload.
func (d *Directory) School() client.School { return d.Snapshot().School() }

// stamped are the settings with their ETag.
func stamped(school client.School) client.School {
	school.ETag = ""
	school.ETag = revision.Of(school)
	return school
}

func (d *Directory) readSchool(ctx context.Context) (client.School, error) {
	school, err := d.cfg.Store.School(ctx, crm.DefaultSchool())
	return stamped(school), err
}

// SaveSchool changes the given fields and tells everybody.
func (d *Directory) SaveSchool(ctx context.Context, by client.Employee, in client.SchoolInput) (client.School, error) {
	var school client.School
	err := d.cfg.Store.Write(ctx, func(tx *store.Tx) error {
		// Read in the same transaction: two who change different fields at once must not undo each other.
		now, err := tx.School(crm.DefaultSchool())
		if err != nil {
			return err
		}
		if err := tx.CheckRecord(ctx, settingsRecord, stamped(now).ETag); err != nil {
			return err
		}
		if school, err = crm.ChangeSchool(now, in); err != nil {
			return err
		}
		if err := tx.SaveSchool(school); err != nil {
			return err
		}
		if err := d.cfg.Audit.Write(ctx, tx, by, access.ActionSettings, "settings", map[string]string{"fields": audit.GivenFields(in)}); err != nil {
			return err
		}
		if err := tx.NoteChange(settingsRecord, by); err != nil {
			return err
		}
		school = stamped(school)
		if err := tx.Journal("school", stream.All, school); err != nil || school.RecordingsFor == now.RecordingsFor {
			return err
		}
		// Every open list shows recordings to those who may no longer hear them, or hides them from
		// those who may again.
		return tx.Journal("reset", stream.All, struct{}{})
	})
	if err != nil {
		return client.School{}, err
	}
	return school, d.Reload(ctx)
}
