package switchboard

import (
	"context"

	"dozvon/app/server/crm"
	"dozvon/app/server/feed"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

// SaveClient creates a client (empty id) or changes one, and rebinds the calls of every number
// that came or went. *crm.Invalid names every fault of the input.
func (s *Switchboard) SaveClient(ctx context.Context, by client.Employee, id string, in client.ClientInput) (client.Client, error) {
	var out client.Client
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		now := s.Now().UTC()
		old := client.Client{ID: s.NewID(), CreatedAt: now}
		created := id == ""
		if !created {
			var err error
			if old, err = tx.Client(id); err != nil {
				return err
			}
		} else if in.ResponsibleID == nil {
			in.ResponsibleID = &by.ID // whoever makes a lead looks after it, until told otherwise
		}
		responsible, err := s.responsible(tx, in.ResponsibleID)
		if err != nil {
			return err
		}
		if out, err = crm.ChangeClient(old, in, responsible, now); err != nil {
			return err
		}
		search := crm.Fold(append([]string{out.Name, out.Email, out.Note}, out.Phones...)...)
		if err := tx.SaveClient(out, search); err != nil {
			return err
		}
		if err := tx.Journal("client", stream.All, out); err != nil {
			return err
		}
		if created {
			if err := s.saveEntry(tx, feed.Created(s.NewID(), now, &client.Person{ID: by.ID, Name: by.Name}, crm.OfClient(out))); err != nil {
				return err
			}
		}
		if err := tx.TouchBook(client.SubjectRef{Kind: client.KindClient, ID: out.ID}); err != nil {
			return err
		}
		return s.rebind(tx, append(old.Phones, out.Phones...))
	})
	return out, err
}

// SaveContract creates a contract (empty id) or changes one, and rebinds the calls of every
// number that came or went.
func (s *Switchboard) SaveContract(ctx context.Context, by client.Employee, id string, in client.ContractInput) (client.Contract, error) {
	var out client.Contract
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		now := s.Now().UTC()
		old := client.Contract{ID: s.NewID(), CreatedAt: now}
		created := id == ""
		if !created {
			var err error
			if old, err = tx.Contract(id); err != nil {
				return err
			}
		}
		responsible, err := s.responsible(tx, in.ResponsibleID)
		if err != nil {
			return err
		}
		if out, err = crm.ChangeContract(old, in, responsible, now); err != nil {
			return err
		}
		search := crm.Fold(append([]string{out.Name, out.Number, out.Note}, out.Phones...)...)
		if err := tx.SaveContract(out, search); err != nil {
			return err
		}
		if err := tx.Journal("contract", stream.All, out); err != nil {
			return err
		}
		if created {
			if err := s.saveEntry(tx, feed.Created(s.NewID(), now, &client.Person{ID: by.ID, Name: by.Name}, crm.OfContract(out))); err != nil {
				return err
			}
		}
		if err := tx.TouchBook(client.SubjectRef{Kind: client.KindContract, ID: out.ID}); err != nil {
			return err
		}
		return s.rebind(tx, append(old.Phones, out.Phones...))
	})
	return out, err
}

// DeleteCard hides a client or contract; its calls go to whom the lookup finds then.
func (s *Switchboard) DeleteCard(ctx context.Context, by client.Employee, ref client.SubjectRef) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		phones, err := s.phonesOf(tx, ref)
		if err != nil {
			return err
		}
		if err := tx.DeleteCard(ref.Kind, ref.ID); err != nil {
			return err
		}
		if err := tx.Journal(string(ref.Kind), stream.All, client.Deleted{ID: ref.ID, Deleted: true}); err != nil {
			return err
		}
		if err := tx.Audit(s.NewID(), by.ID, "delete-"+string(ref.Kind), ref.ID); err != nil {
			return err
		}
		if err := tx.TouchBook(ref); err != nil {
			return err
		}
		return s.rebind(tx, phones)
	})
}

func (s *Switchboard) phonesOf(tx *store.Tx, ref client.SubjectRef) ([]string, error) {
	if ref.Kind == client.KindContract {
		c, err := tx.Contract(ref.ID)
		return c.Phones, err
	}
	c, err := tx.Client(ref.ID)
	return c.Phones, err
}

func (s *Switchboard) responsible(tx *store.Tx, id *string) (*client.Person, error) {
	if id == nil || *id == "" {
		return nil, nil
	}
	e, err := tx.Employee(*id)
	if err != nil {
		return nil, &crm.Invalid{Faults: []string{"responsible_id: no such employee"}}
	}
	return &client.Person{ID: e.ID, Name: e.Name}, nil
}

// AddNote writes a note on a contract or client.
func (s *Switchboard) AddNote(ctx context.Context, by client.Employee, in client.NewNote) (client.FeedEntry, error) {
	var out client.FeedEntry
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		subject, err := s.subject(tx, in.Subject)
		if err != nil {
			return err
		}
		out = feed.Note(s.NewID(), s.Now().UTC(), client.Person{ID: by.ID, Name: by.Name}, &subject, in.Text)
		return s.saveEntry(tx, out)
	})
	return out, err
}
