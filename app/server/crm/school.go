package crm

import (
	"net/url"
	"strings"

	"dozvon/app/phone"
	"dozvon/app/server/plaintext"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// DefaultSchool is what a school has that has chosen nothing yet.
func DefaultSchool() client.School {
	return client.School{
		MissedLimitMinutes: 15,
		WhatsApp:           true,
		SessionIdleDays:    30,
		SessionMaxDays:     180,
		RecordingsFor:      client.ForAll,
		SMSPerMinute:       10,
		SMSPerDay:          200,
		AbroadPerDay:       20,
		SMSTemplates: []client.SMSTemplate{
			{Name: "Ждём на занятие", Text: "{имя}, ждём вас на занятие {дата} в {время}. Если не получается, перезвоните нам."},
			{Name: "Не дозвонились", Text: "{имя}, мы не смогли до вас дозвониться. Перезвоните, пожалуйста, когда будет удобно."},
			{Name: "Договор готов", Text: "{имя}, договор {договор} готов. Ждём вас {дата} с {время}."},
		},
	}
}

// mostTemplates keeps the choice of templates a list that can be read.
const mostTemplates = 50

// ChangeSchool applies the given fields.
func ChangeSchool(s client.School, in client.SchoolInput) (client.School, error) {
	bad := &Invalid{}
	set(&s.Name, in.Name, plaintext.Line)
	if in.MissedLimitMinutes != nil {
		s.MissedLimitMinutes = *in.MissedLimitMinutes
	}
	if in.SessionIdleDays != nil {
		s.SessionIdleDays = *in.SessionIdleDays
	}
	if in.SessionMaxDays != nil {
		s.SessionMaxDays = *in.SessionMaxDays
	}
	bounded(&s.SMSPerMinute, in.SMSPerMinute, "sms_per_minute", 1000, bad)
	bounded(&s.SMSPerDay, in.SMSPerDay, "sms_per_day", 100_000, bad)
	bounded(&s.AbroadPerDay, in.AbroadPerDay, "abroad_per_day", 10_000, bad)
	if in.RecordingsFor != nil {
		s.RecordingsFor = *in.RecordingsFor
	}
	if s.RecordingsFor != client.ForAll && s.RecordingsFor != client.ForParticipants {
		bad.Add("recordings_for", texts.Of("fault.one_of", texts.Args{"values": "all, participants"}))
	}
	if in.WhatsApp != nil {
		s.WhatsApp = *in.WhatsApp
	}
	if in.SMSTemplates != nil {
		s.SMSTemplates = templates(*in.SMSTemplates, bad)
	}
	if in.CRMLink != nil {
		s.CRMLink = *in.CRMLink
		s.CRMLink.Contract = link("crm_link.contract", s.CRMLink.Contract, bad)
		s.CRMLink.Client = link("crm_link.client", s.CRMLink.Client, bad)
	}
	if in.CityCode != nil {
		s.CityCode = strings.Trim(strings.TrimSpace(*in.CityCode), "()")
		if !phone.CheckCityCode(s.CityCode) {
			bad.Add("city_code", texts.Of("fault.city_code"))
		}
	}
	if s.MissedLimitMinutes < 1 || s.MissedLimitMinutes > 7*24*60 {
		bad.Add("missed_limit_minutes", texts.Of("fault.between", texts.Args{"least": 1, "most": 7 * 24 * 60}))
	}
	for field, days := range map[string]int{"session_idle_days": s.SessionIdleDays, "session_max_days": s.SessionMaxDays} {
		if days < 1 || days > longestSession {
			bad.Add(field, texts.Of("fault.between", texts.Args{"least": 1, "most": longestSession}))
		}
	}
	return s, bad.OrNil()
}

// longestSession bounds how long a session may be allowed to last, in days.
const longestSession = 3650

// bounded sets a limit of 0 to most.
func bounded(field *int, given *int, name string, most int, bad *Invalid) {
	if given == nil {
		return
	}
	if *given < 0 || *given > most {
		bad.Add(name, texts.Of("fault.between", texts.Args{"least": 0, "most": most}))
	}
	*field = *given
}

func templates(given []client.SMSTemplate, bad *Invalid) []client.SMSTemplate {
	out := make([]client.SMSTemplate, 0, len(given))
	names := map[string]bool{}
	for _, t := range given {
		t.Name, t.Text = plaintext.Line(t.Name), plaintext.Text(t.Text)
		switch {
		case t.Name == "" || t.Text == "":
			bad.Add("sms_templates", texts.Of("fault.template_empty"))
		case names[strings.ToLower(t.Name)]:
			bad.Add("sms_templates", texts.Of("fault.template_twice", texts.Args{"name": t.Name}))
		}
		names[strings.ToLower(t.Name)] = true
		out = append(out, t)
	}
	if len(out) > mostTemplates {
		bad.Add("sms_templates", texts.Of("fault.many_templates", texts.Args{"most": mostTemplates}))
	}
	return out
}

// link takes an address of another CRM. Only http and https: on a click the app hands it to the
// system, which would run other schemes' programs.
func link(field, raw string, bad *Invalid) string {
	raw = plaintext.Line(raw)
	if raw == "" {
		return ""
	}
	address, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(raw))
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		bad.Add(field, texts.Of("fault.link_address"))
		return raw
	}
	for _, known := range []string{"{id}", "{external_id}", "{number}", "{phone}"} {
		if host, _, _ := strings.Cut(strings.SplitN(raw, "://", 2)[1], "/"); strings.Contains(host, known) {
			bad.Add(field, texts.Of("fault.link_host", texts.Args{"place": known}))
		}
	}
	rest := strings.NewReplacer("{id}", "", "{external_id}", "", "{number}", "", "{phone}", "").Replace(raw)
	if strings.ContainsAny(rest, "{}") {
		bad.Add(field, texts.Of("fault.link_places"))
	}
	return raw
}
