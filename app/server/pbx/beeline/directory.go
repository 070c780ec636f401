package beeline

import (
	"context"
	"fmt"
	"net/http"

	"dozvon/app/beeline"
	"dozvon/app/phone"
	"dozvon/app/server/pbx"
)

// Refresh reads who is who: events name employees by userId and never by extension (section 6).
func (p *Provider) Refresh(ctx context.Context) error {
	_, err := p.refresh(ctx, true)
	return err
}

func (p *Provider) refresh(ctx context.Context, chore bool) (directory, error) {
	var abonents []beeline.Abonent
	if err := p.api.do(ctx, request{method: http.MethodGet, path: beeline.PathAbonents, out: &abonents, harmless: true, chore: chore}); err != nil {
		return directory{}, fmt.Errorf("reading the PBX's employees: %w", err)
	}
	var numbers []beeline.Number
	if err := p.api.do(ctx, request{method: http.MethodGet, path: beeline.PathNumbers, out: &numbers, harmless: true, chore: chore}); err != nil {
		return directory{}, fmt.Errorf("reading the PBX's lines: %w", err)
	}
	d := directory{People: []person{}, Lines: map[string]phone.Number{}}
	for _, a := range abonents {
		if a.UserID != "" {
			d.People = append(d.People, personOf(a))
		}
	}
	for _, n := range numbers {
		if n.NumberID != "" {
			d.Lines[string(n.NumberID)] = numberOf(string(n.Phone))
		}
	}
	if err := p.who.save(ctx, d); err != nil {
		return d, fmt.Errorf("keeping the PBX's directory: %w", err)
	}
	return d, nil
}

// Extensions lists the PBX's employees.
func (p *Provider) Extensions(ctx context.Context) ([]pbx.Extension, error) {
	d, err := p.refresh(ctx, false)
	if err != nil {
		return nil, err
	}
	all := make([]pbx.Extension, 0, len(d.People))
	for _, who := range d.People {
		all = append(all, pbx.Extension{Number: who.Extension, Name: who.Name, ID: who.UserID, Phone: string(who.Phone)})
	}
	return all, nil
}

// Lines lists the PBX's multichannel numbers. They have no names.
func (p *Provider) Lines(ctx context.Context) ([]pbx.Line, error) {
	var numbers []beeline.Number
	if err := p.api.do(ctx, request{method: http.MethodGet, path: beeline.PathNumbers, out: &numbers, harmless: true}); err != nil {
		return nil, fmt.Errorf("reading the PBX's lines: %w", err)
	}
	all := make([]pbx.Line, 0, len(numbers))
	for _, n := range numbers {
		if number := numberOf(string(n.Phone)); number != "" {
			all = append(all, pbx.Line{Number: string(number)})
		}
	}
	return all, nil
}

// userID is how commands name an employee. Whoever is not in the directory is named by the extension,
// which the PBX takes as well (section 1).
func (p *Provider) userID(extension string) string {
	if who, ok := p.who.withExtension(extension); ok {
		return who.UserID
	}
	return extension
}
