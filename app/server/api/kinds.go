package api

import (
	"context"

	"dozvon/app/server/pbx"
	"dozvon/client"
)

// kinds lists the makes of PBX that can be connected.
func (s integrationAPI) kinds(context.Context, *empty) (*body[[]client.PBXKind], error) {
	all := []client.PBXKind{}
	for _, k := range s.Directory.Kinds() {
		all = append(all, shownKind(k))
	}
	return one(all, nil)
}

func shownKind(k pbx.Kind) client.PBXKind {
	out := client.PBXKind{
		Kind: k.Name, Title: k.Title, DefaultURL: k.DefaultURL, Source: k.Source.RU, SourceEN: k.Source.EN,
		Credentials: []client.CredentialField{}, Capabilities: []client.Capability{}, Steps: []client.KindStep{},
	}
	for _, c := range k.Credentials {
		out.Credentials = append(out.Credentials, client.CredentialField{
			Name: c.Name, Label: c.Label.RU, LabelEN: c.Label.EN, Hint: c.Hint.RU, HintEN: c.Hint.EN, Secret: c.Secret, Optional: c.Optional,
		})
	}
	for _, c := range k.Capabilities {
		out.Capabilities = append(out.Capabilities, client.Capability(c))
	}
	for _, step := range k.Steps {
		out.Steps = append(out.Steps, client.KindStep{Text: step.RU, TextEN: step.EN})
	}
	for _, b := range k.Brands {
		out.Brands = append(out.Brands, client.Brand{Name: b.Name, Title: b.Title, Address: b.Address})
	}
	return out
}
