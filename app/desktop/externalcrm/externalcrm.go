// Package externalcrm finds the address of a card in the school's other CRM.
package externalcrm

import (
	"context"

	"dozvon/app/desktop/present"
	"dozvon/client"
)

// Address is the address of a card in the school's other CRM, where that is to be opened instead of
// ours; empty where it is not, and where the card was never there.
func Address(links client.CRMLink, kind client.SubjectKind, read func() (present.CRMCard, error)) (string, error) {
	if !links.Instead || !present.HasCRMLink(links, kind) {
		return "", nil
	}
	card, err := read()
	if err != nil {
		return "", err
	}
	return present.CRMLink(links, kind, card), nil
}

// Card reads what finds a card in another CRM.
func Card(ctx context.Context, api *client.API, kind client.SubjectKind, id string) (present.CRMCard, error) {
	if kind == client.KindContract {
		c, err := api.Contract(ctx, id)
		return present.CRMCardOfContract(c), err
	}
	c, err := api.Client(ctx, id)
	return present.CRMCardOfClient(c), err
}
