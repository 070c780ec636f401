package client

import (
	"context"
	"net/http"
)

// School is what the school has chosen for everybody.
type School struct {
	// Name is how messages call the school: {школа}.
	Name string `json:"name,omitempty" maxLength:"100"`
	// MissedLimitMinutes is after how long a missed caller turns red.
	MissedLimitMinutes int `json:"missed_limit_minutes" minimum:"1" maximum:"10080"`
	// WhatsApp shows the button that opens a chat; it is a foreign messenger, so it can be taken away.
	WhatsApp     bool          `json:"whatsapp"`
	SMSTemplates []SMSTemplate `json:"sms_templates"`
	// CRMLink are addresses of a card in another CRM, with {id}, {external_id}, {number} and {phone}
	// in them; empty: there is none.
	CRMLink CRMLink `json:"crm_link"`
	// SessionIdleDays is after how many days without use a session ends, SessionMaxDays after how many in
	// any case.
	SessionIdleDays int `json:"session_idle_days" minimum:"1" maximum:"3650"`
	SessionMaxDays  int `json:"session_max_days" minimum:"1" maximum:"3650"`
	// RecordingsFor says who hears a recording: everybody who sees its call in the feed, or those who
	// took part in it (whom it rang or who talked) and managers.
	RecordingsFor Audience `json:"recordings_for" enum:"all,participants"`
	// SMSPerMinute and SMSPerDay bound the messages of one employee, AbroadPerDay their calls to
	// other countries; a day is the last 24 hours. 0: none at all.
	SMSPerMinute int `json:"sms_per_minute" minimum:"0" maximum:"1000"`
	SMSPerDay    int `json:"sms_per_day" minimum:"0" maximum:"100000"`
	AbroadPerDay int `json:"abroad_per_day" minimum:"0" maximum:"10000"`
	// CityCode is the school's own, without the country: "423". A city's number without a city, as
	// 255-02-08, gets it; empty: such a number cannot be called.
	CityCode string `json:"city_code" maxLength:"5"`
	// ETag goes into If-Match of a change, see API.IfMatch.
	ETag string `json:"etag,omitempty"`
}

// Audience is who hears the school's recordings.
type Audience string

// The audiences of recordings.
const (
	ForAll          Audience = "all"
	ForParticipants Audience = "participants"
)

// SMSTemplate is a message with placeholders: {имя}, {дата}, {время}, {договор}, {школа}.
type SMSTemplate struct {
	Name string `json:"name" minLength:"1" maxLength:"60"`
	Text string `json:"text" minLength:"1" maxLength:"1000"`
}

// CRMLink opens cards in another CRM.
type CRMLink struct {
	Contract string `json:"contract,omitempty" maxLength:"500"`
	Client   string `json:"client,omitempty" maxLength:"500"`
	// Instead opens that system on a click on the call card, instead of our own card.
	Instead bool `json:"instead,omitempty"`
}

// SchoolInput changes what the school has chosen; absent fields stay.
type SchoolInput struct {
	Name               *string        `json:"name,omitempty" maxLength:"100"`
	MissedLimitMinutes *int           `json:"missed_limit_minutes,omitempty" minimum:"1" maximum:"10080"`
	WhatsApp           *bool          `json:"whatsapp,omitempty"`
	SMSTemplates       *[]SMSTemplate `json:"sms_templates,omitempty" maxItems:"50"`
	CRMLink            *CRMLink       `json:"crm_link,omitempty"`
	SessionIdleDays    *int           `json:"session_idle_days,omitempty" minimum:"1" maximum:"3650"`
	SessionMaxDays     *int           `json:"session_max_days,omitempty" minimum:"1" maximum:"3650"`
	RecordingsFor      *Audience      `json:"recordings_for,omitempty" enum:"all,participants"`
	SMSPerMinute       *int           `json:"sms_per_minute,omitempty" minimum:"0" maximum:"1000"`
	SMSPerDay          *int           `json:"sms_per_day,omitempty" minimum:"0" maximum:"100000"`
	AbroadPerDay       *int           `json:"abroad_per_day,omitempty" minimum:"0" maximum:"10000"`
	CityCode           *string        `json:"city_code,omitempty" maxLength:"16" doc:"Three to five digits without the country, or empty"`
}

// Settings reads what the school has chosen for everybody.
func (a *API) Settings(ctx context.Context) (School, error) {
	return send[School](ctx, a, http.MethodGet, "/settings", nil)
}

// UpdateSettings changes the given fields.
func (a *API) UpdateSettings(ctx context.Context, in SchoolInput) (School, error) {
	return send[School](ctx, a, http.MethodPatch, "/settings", in)
}
