package switchboard

import (
	"dozvon/app/server/access"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

// ParticipantsOnly tells whether the school keeps recordings to those who took part, and managers.
func (s *Switchboard) ParticipantsOnly() bool {
	return s.office.Load().school.RecordingsFor == client.ForParticipants
}

// hearing tells who may open calls and hear their recordings.
func (s *Switchboard) hearing() access.Recordings {
	return access.Recordings{ParticipantsOnly: s.ParticipantsOnly}
}

// Person is an employee by id and name; nil for one who is not known.
func (s *Switchboard) Person(id string) *client.Person { return s.office.Load().person(id) }

// LineName is what a line is called, or was when its integration was still there.
func (s *Switchboard) LineName(integrationID, line string) string {
	return s.office.Load().lineName(integrationID, line)
}

// EmployeeName is what an employee is called; empty for one who is not known.
func (s *Switchboard) EmployeeName(id string) string {
	if p := s.office.Load().person(id); p != nil {
		return p.Name
	}
	return ""
}

// IntegrationName is what people have called an integration; empty for one that is no more.
func (s *Switchboard) IntegrationName(id string) string {
	if t := s.office.Load().byID[id]; t != nil {
		return t.Name
	}
	return ""
}

// Provider is the adapter of an integration; nil when it is no more or cannot be used.
func (s *Switchboard) Provider(integrationID string) pbx.Provider {
	if t := s.office.Load().byID[integrationID]; t != nil {
		return t.provider
	}
	return nil
}

// Active are the ids of the integrations that are on and can be used.
func (s *Switchboard) Active() []string {
	var ids []string
	for _, t := range s.office.Load().trunks {
		if t.Active && t.provider != nil {
			ids = append(ids, t.ID)
		}
	}
	return ids
}
