package model

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"dozvon/client"
)

// PBXSource reads the integrations; only «Бухгалтер и выше» may.
type PBXSource interface {
	Integrations(ctx context.Context) ([]client.Integration, error)
}

// ReloadIntegrations reads the integrations anew; without the right to, it does nothing.
func (m *Model) ReloadIntegrations(ctx context.Context, from PBXSource) error {
	if !MayIntegrate(m.Me().Role) {
		return nil
	}
	all, err := from.Integrations(ctx)
	if err != nil {
		return err
	}
	m.mu.Lock()
	m.pbx = map[string]client.Integration{}
	for _, it := range all {
		m.pbx[it.ID] = it
	}
	m.mu.Unlock()
	m.changed()
	return nil
}

// Trouble tells in words which PBX takes no commands, why and until when; "" when all do.
func (m *Model) Trouble() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]client.Integration, 0, len(m.pbx))
	for _, it := range m.pbx {
		all = append(all, it)
	}
	slices.SortFunc(all, func(a, b client.Integration) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	var out []string
	for _, it := range all {
		words := HealthWords(it.Health, m.text, m.now())
		if !it.Active || words == "" {
			continue
		}
		if len(all) > 1 && it.Name != "" {
			words = it.Name + " — " + words
		}
		out = append(out, words)
	}
	return strings.Join(out, " · ")
}
