package card

import (
	"context"
	"errors"
	"net/http"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/client"
)

// record is a contract or a client, as far as the card shows both alike.
type record struct {
	ref         client.SubjectRef
	about       string // «Договор № 123 · кат. B · группа 14», «Клиент · лид»
	fields      model.CardFields
	phones      []string // those that can be called
	externalID  string
	responsible *client.Person
	updated     time.Time
	etag        string          // the state of the card, for a change of it
	externalCRM present.CRMCard // what finds the card in another CRM
	contracts   []client.Contract
	owner       *client.Client // of a contract
}

func ofClient(c client.Client, text *i18n.Text) record {
	return record{
		ref: client.SubjectRef{Kind: client.KindClient, ID: c.ID}, about: present.SubjectDetail(subjectOf(c), text),
		fields: model.FieldsOfClient(c), phones: c.Phones, externalID: c.ExternalID, responsible: c.Responsible,
		updated: c.UpdatedAt, etag: c.ETag, externalCRM: present.CRMCardOfClient(c),
	}
}

func subjectOf(c client.Client) client.Subject {
	return client.Subject{Kind: client.KindClient, ID: c.ID, Name: c.Name, Detail: c.Kind}
}

func ofContract(c client.Contract, text *i18n.Text) record {
	return record{
		ref: client.SubjectRef{Kind: client.KindContract, ID: c.ID}, about: present.ContractWords(c, text),
		fields: model.FieldsOfContract(c), phones: c.Phones, externalID: c.ExternalID, responsible: c.Responsible,
		updated: c.UpdatedAt, etag: c.ETag, externalCRM: present.CRMCardOfContract(c),
	}
}

// subject is the card as somebody who is called.
func (r record) subject() *client.Subject {
	return &client.Subject{Kind: r.ref.Kind, ID: r.ref.ID, Name: r.fields.Name, Detail: r.about}
}

// read asks for a card: a client with its contracts, a contract with its client.
func read(ctx context.Context, api *client.API, ref client.SubjectRef, text *i18n.Text) (record, error) {
	r, err := one(ctx, api, ref, text)
	if err != nil {
		return r, err
	}
	if ref.Kind == client.KindClient {
		page, err := api.ContractsOf(ctx, ref.ID)
		r.contracts = page.Items
		return r, err
	}
	if r.fields.ClientID == "" {
		return r, nil
	}
	owner, err := api.Client(ctx, r.fields.ClientID)
	if gone(err) {
		return r, nil // the client was deleted; the contract is still there to be read
	}
	r.owner = &owner
	return r, err
}

// one asks for a card alone.
func one(ctx context.Context, api *client.API, ref client.SubjectRef, text *i18n.Text) (record, error) {
	if ref.Kind == client.KindClient {
		c, err := api.Client(ctx, ref.ID)
		return ofClient(c, text), err
	}
	c, err := api.Contract(ctx, ref.ID)
	return ofContract(c, text), err
}

func gone(err error) bool {
	var problem *client.Problem
	return errors.As(err, &problem) && problem.Status == http.StatusNotFound
}
