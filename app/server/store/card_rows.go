package store

import (
	"encoding/json"
	"fmt"
	"strings"

	"dozvon/app/server/crm"
	"dozvon/app/server/store/form"
	"dozvon/client"
)

// tables of the kinds of card.
var tables = map[client.SubjectKind]string{client.KindClient: "clients", client.KindContract: "contracts"}

// cardColumns are those that both kinds have beside the fields of plain text, in the order in which
// cardRow reads and writes them.
var cardColumns = []string{
	"id", "phones", "tags", "responsible_id", "created_at", "updated_at", "deleted_at", "merged_into", "version",
}

// textFields are the fields of plain text, which have a column each.
func textFields(kind client.SubjectKind) []crm.Field {
	var all []crm.Field
	for _, f := range crm.Fields(kind) {
		if f.Text != nil {
			all = append(all, f)
		}
	}
	return all
}

// columnsOf are all columns of a kind of card.
func columnsOf(kind client.SubjectKind) []string {
	all := append([]string{}, cardColumns...)
	for _, f := range textFields(kind) {
		all = append(all, f.Column)
	}
	return all
}

// selected are the columns that scanCard reads of a table named c, joined with the employee e who is
// responsible.
var selected = map[client.SubjectKind]string{
	client.KindClient: selectedOf(client.KindClient), client.KindContract: selectedOf(client.KindContract),
}

func selectedOf(kind client.SubjectKind) string {
	return "c." + strings.Join(columnsOf(kind), ", c.") + ", COALESCE(e.name, '')"
}

// selectCards begins a statement that reads cards.
func selectCards(kind client.SubjectKind) string {
	return "SELECT " + selected[kind] + fromCards(kind)
}

func fromCards(kind client.SubjectKind) string {
	return " FROM " + tables[kind] + " c LEFT JOIN employees e ON e.id = c.responsible_id "
}

type scanner interface{ Scan(...any) error }

func scanCard(kind client.SubjectKind, row scanner) (crm.Card, error) {
	c := crm.Card{Kind: kind}
	var phones, tags, responsible, name, merged string
	var created, updated, deleted int64
	into := []any{&c.ID, &phones, &tags, &responsible, &created, &updated, &deleted, &merged, &c.Version}
	for _, f := range textFields(kind) {
		into = append(into, f.Text(&c))
	}
	err := row.Scan(append(into, &name)...)
	if err != nil {
		return c, err
	}
	if c.PhoneList, err = form.ReadPhones(phones); err != nil {
		return c, fmt.Errorf("card %s: %w", c.ID, err)
	}
	if err := json.Unmarshal([]byte(tags), &c.Tags); err != nil {
		return c, fmt.Errorf("reading the tags of card %s: %w", c.ID, err)
	}
	c.Responsible = person(responsible, name)
	c.CreatedAt, c.UpdatedAt = fromMilli(created), fromMilli(updated)
	if deleted > 0 {
		at := fromMilli(deleted)
		c.DeletedAt = &at
	}
	if merged != "" {
		c.MergedInto = &client.SubjectRef{Kind: kind, ID: merged}
	}
	return c, nil
}

// cardCells are what is written of a card. Which card it is and when it was made never change.
func cardCells(c crm.Card) (columns, error) {
	phones, err := form.Phones(c.PhoneList)
	if err != nil {
		return nil, err
	}
	tags, err := json.Marshal(c.Tags)
	if err != nil {
		return nil, fmt.Errorf("encoding tags: %w", err)
	}
	deleted, merged := int64(0), ""
	if c.DeletedAt != nil {
		deleted = c.DeletedAt.UnixMilli()
	}
	if c.MergedInto != nil {
		merged = c.MergedInto.ID
	}
	row := columns{
		{"id", c.ID},
		{"phones", phones},
		{"tags", string(tags)},
		{"responsible_id", personID(c.Responsible)},
		{"created_at", once{c.CreatedAt.UnixMilli()}},
		{"updated_at", c.UpdatedAt.UnixMilli()},
		{"deleted_at", deleted},
		{"merged_into", merged},
		{"version", c.Version},
	}
	for _, f := range textFields(c.Kind) {
		row = append(row, column{f.Column, *f.Text(&c)})
	}
	return row, nil
}

// taken sets columns to those of another row. Which card it is and when it was made never change.
func taken(from string, columns []string) string {
	var all []string
	for _, c := range columns {
		if c != "id" && c != "created_at" {
			all = append(all, c+" = "+from+"."+c)
		}
	}
	return strings.Join(all, ", ")
}

// SaveCard creates or changes a card and the numbers that find it. The caller has set the version.
func (t *Tx) SaveCard(c crm.Card) error {
	row, err := cardCells(c)
	if err != nil {
		return fmt.Errorf("saving %s: %w", c.ID, err)
	}
	if err := t.put(tables[c.Kind], "id", row); err != nil {
		return fmt.Errorf("saving %s: %w", c.ID, err)
	}
	if err := t.setPhones(c.Kind, c.ID, c.Numbers()); err != nil {
		return err
	}
	return t.MarkStale(string(c.Kind), c.ID)
}

func (t *Tx) setPhones(kind client.SubjectKind, id string, phones []string) error {
	if _, err := t.exec("DELETE FROM phones WHERE kind = ? AND subject_id = ?", kind, id); err != nil {
		return fmt.Errorf("clearing numbers: %w", err)
	}
	for _, p := range phones {
		_, err := t.exec("INSERT INTO phones (number, kind, subject_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", p, kind, id)
		if err != nil {
			return fmt.Errorf("writing a number: %w", err)
		}
	}
	return nil
}
