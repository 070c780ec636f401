package directory

import (
	"context"
	"fmt"
	"strings"

	"dozvon/app/server/access"
	"dozvon/app/server/crm"
	"dozvon/app/server/pbx"
	"dozvon/app/server/revision"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// PBXExtensions asks the PBX for its own list of employees, and says who of ours has each number
// or, by the name, should have it.
func (d *Directory) PBXExtensions(ctx context.Context, id string) ([]client.PBXExtension, error) {
	snapshot := d.Snapshot()
	integration := snapshot.byID[id]
	if integration == nil {
		return nil, fmt.Errorf("integration %s: %w", id, store.ErrNotFound)
	}
	dir, ok := integration.Provider.(pbx.Directory)
	if !ok {
		return nil, ErrNoIntegration
	}
	listed, err := dir.Extensions(ctx)
	if err != nil {
		return nil, err
	}
	out := []client.PBXExtension{}
	for _, e := range listed {
		row := client.PBXExtension{Extension: e.Number, Name: e.Name, EmployeeID: integration.owners[e.Number]}
		if row.EmployeeID == "" {
			row.Suggested = namesake(snapshot, integration, e.Name)
		}
		out = append(out, row)
	}
	return out, nil
}

// namesake finds the employee without a number here whose name the PBX's looks like: the same
// words, or, where one of the two is shorter, the same beginning of each. Two that fit are none.
func namesake(snapshot *Snapshot, integration *Integration, name string) string {
	found := ""
	for id, e := range snapshot.people {
		if !e.Active || integration.extensions[id] != "" || !sameName(e.Name, name) {
			continue
		}
		if found != "" {
			return ""
		}
		found = id
	}
	return found
}

func sameName(a, b string) bool {
	x, y := strings.Fields(crm.Fold(a)), strings.Fields(crm.Fold(b))
	if len(x) < 2 || len(y) < 2 {
		return false
	}
	for i := range min(len(x), len(y)) {
		p, q := strings.TrimRight(x[i], "."), strings.TrimRight(y[i], ".")
		if !strings.HasPrefix(p, q) && !strings.HasPrefix(q, p) {
			return false
		}
	}
	return true
}

// SetExtensions replaces the table «Внутренние номера сотрудников».
func (d *Directory) SetExtensions(ctx context.Context, by client.Employee, id string, table []client.ExtensionRow) ([]client.ExtensionRow, error) {
	if err := validTable(table); err != nil {
		return nil, err
	}
	var out []client.ExtensionRow
	err := d.cfg.Store.Write(ctx, func(tx *store.Tx) error {
		if _, err := integrationOf(tx, id); err != nil {
			return err
		}
		had, err := tx.Extensions(id)
		if err != nil {
			return err
		}
		if err := tx.CheckRecord(ctx, extensionsRecord(id), ExtensionsTag(had)); err != nil {
			return err
		}
		for _, row := range table {
			if _, err := tx.Employee(row.EmployeeID); err != nil {
				return crm.Wrong("employee_id", texts.Of("fault.no_employee"))
			}
		}
		if err := tx.SetExtensions(id, table); err != nil {
			return err
		}
		if err := tx.MarkAddressbook(id); err != nil {
			return err
		}
		if out, err = tx.Extensions(id); err != nil {
			return err
		}
		if err := d.noteExtensions(tx, by, id, append(had, out...)); err != nil {
			return err
		}
		return d.cfg.Audit.Write(ctx, tx, by, access.ActionExtensions, "integration:"+id, map[string]string{"before": tableText(had), "after": tableText(out)})
	})
	if err != nil {
		return nil, err
	}
	defer d.noteChange()
	return out, d.Reload(ctx)
}

// ExtensionsTag is the ETag of a table of extensions.
func ExtensionsTag(table []client.ExtensionRow) string { return revision.Of(table) }

// noteExtensions notes who changed the table, and with it everybody who stands in it or stood there.
func (d *Directory) noteExtensions(tx *store.Tx, by client.Employee, id string, rows []client.ExtensionRow) error {
	records := map[string]bool{extensionsRecord(id): true}
	for _, row := range rows {
		records[employeeRecord(row.EmployeeID)] = true
	}
	for record := range records {
		if err := tx.NoteChange(record, by); err != nil {
			return err
		}
	}
	return nil
}

// tableTextMost bounds how much of a table the audit keeps, in rows.
const tableTextMost = 100

// tableText is a table for the audit: who is at which extension, "101=ID, 102=ID".
func tableText(table []client.ExtensionRow) string {
	var rows []string
	for _, row := range table[:min(len(table), tableTextMost)] {
		rows = append(rows, row.Extension+"="+row.EmployeeID)
	}
	return strings.Join(rows, ", ")
}

func validTable(table []client.ExtensionRow) error {
	bad := &crm.Invalid{}
	seen := map[string]bool{}
	for i, row := range table {
		switch {
		case row.Extension == "" || strings.Trim(row.Extension, "0123456789") != "":
			bad.Add(fmt.Sprintf("[%d].extension", i), texts.Of("fault.digits"))
		case seen[row.Extension]:
			bad.Add(fmt.Sprintf("[%d].extension", i), texts.Of("fault.given_twice", texts.Args{"value": row.Extension}))
		}
		seen[row.Extension] = true
	}
	return bad.OrNil()
}
