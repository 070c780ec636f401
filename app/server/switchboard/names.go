package switchboard

import (
	"dozvon/app/server/access"
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

// EmployeeName is what an employee is called; empty for one who is not known.
func (s *Switchboard) EmployeeName(id string) string { return s.nameOf(id) }

// IntegrationName is what people have called an integration; empty for one that is no more.
func (s *Switchboard) IntegrationName(id string) string {
	if t := s.office.Load().byID[id]; t != nil {
		return t.Name
	}
	return ""
}
