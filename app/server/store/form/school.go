package form

import "dozvon/client"

// schoolForm is what the school has chosen (school.value). What was never chosen is absent, and has the
// default of the program that reads it.
type schoolForm struct {
	V                  int         `json:"v,omitempty"`
	Name               *string     `json:"name,omitempty"`
	MissedLimitMinutes *int        `json:"missed_limit_minutes,omitempty"`
	WhatsApp           *bool       `json:"whatsapp,omitempty"`
	SMSTemplates       *[]template `json:"sms_templates,omitempty"`
	CRMLink            *crmLink    `json:"crm_link,omitempty"`
	SessionIdleDays    *int        `json:"session_idle_days,omitempty"`
	SessionMaxDays     *int        `json:"session_max_days,omitempty"`
	RecordingsFor      *string     `json:"recordings_for,omitempty"`
	SMSPerMinute       *int        `json:"sms_per_minute,omitempty"`
	SMSPerDay          *int        `json:"sms_per_day,omitempty"`
	AbroadPerDay       *int        `json:"abroad_per_day,omitempty"`
	CityCode           *string     `json:"city_code,omitempty"`
}

type template struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

type crmLink struct {
	Contract string `json:"contract,omitempty"`
	Client   string `json:"client,omitempty"`
	Instead  bool   `json:"instead,omitempty"`
}

// School is what is kept of the school's settings.
func School(s client.School) (string, error) {
	audience := string(s.RecordingsFor)
	templates := each(s.SMSTemplates, func(t client.SMSTemplate) template { return template{t.Name, t.Text} })
	return encode("the school's settings", schoolForm{
		V: version, Name: &s.Name, MissedLimitMinutes: &s.MissedLimitMinutes, WhatsApp: &s.WhatsApp, SMSTemplates: &templates,
		CRMLink:         &crmLink{s.CRMLink.Contract, s.CRMLink.Client, s.CRMLink.Instead},
		SessionIdleDays: &s.SessionIdleDays, SessionMaxDays: &s.SessionMaxDays, RecordingsFor: &audience,
		SMSPerMinute: &s.SMSPerMinute, SMSPerDay: &s.SMSPerDay, AbroadPerDay: &s.AbroadPerDay, CityCode: &s.CityCode,
	})
}

// ReadSchool lays what School wrote, also in former versions, over the defaults.
func ReadSchool(raw string, defaults client.School) (client.School, error) {
	var f schoolForm
	if err := decode("the school's settings", raw, &f); err != nil {
		return defaults, err
	}
	s := defaults
	put(&s.Name, f.Name)
	put(&s.MissedLimitMinutes, f.MissedLimitMinutes)
	put(&s.WhatsApp, f.WhatsApp)
	put(&s.SessionIdleDays, f.SessionIdleDays)
	put(&s.SessionMaxDays, f.SessionMaxDays)
	put(&s.SMSPerMinute, f.SMSPerMinute)
	put(&s.SMSPerDay, f.SMSPerDay)
	put(&s.AbroadPerDay, f.AbroadPerDay)
	put(&s.CityCode, f.CityCode)
	if f.RecordingsFor != nil {
		s.RecordingsFor = client.Audience(*f.RecordingsFor)
	}
	if f.SMSTemplates != nil {
		s.SMSTemplates = each(*f.SMSTemplates, func(t template) client.SMSTemplate { return client.SMSTemplate{Name: t.Name, Text: t.Text} })
	}
	if l := f.CRMLink; l != nil {
		s.CRMLink = client.CRMLink{Contract: l.Contract, Client: l.Client, Instead: l.Instead}
	}
	return s, readable("the school's settings", f.V)
}

func put[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}
