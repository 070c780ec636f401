package client

import (
	"context"
	"net/http"
)

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
