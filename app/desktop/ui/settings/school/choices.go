package school

import (
	"context"
	"errors"
	"reflect"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	most "dozvon/app/desktop/limits"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/bounded"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Choices is the part about what the school has chosen for everybody.
type Choices struct {
	host          ui.Base
	page          panel.Surface
	box           *fyne.Container
	drawn         client.School // as last drawn
	limit, name   *panel.Field
	city          *panel.Field // the city code
	contract, crm *panel.Field // links to another CRM, of contracts and of clients
	templates     *templates
	limits        *limits
	told          map[string]panel.Told // by the panel it is about
}

// Panels of the part.
const (
	aboutCalls     = "calls"
	aboutTemplates = "templates"
	aboutCRM       = "crm"
)

// minutesWide is the width of a field for minutes.
const minutesWide float32 = 96

// NewChoices is the part with what was being typed on it.
func NewChoices(host ui.Base, page panel.Surface, state *ChoicesState) *Choices {
	s := &Choices{host: host, page: page, box: widgets.Column(panel.Gap), told: map[string]panel.Told{}}
	text := host.Text()
	s.limit, s.name = s.field(widgets.NewEntry(""), &state.MissedLimit), s.field(widgets.NewEntry(text.T("sch.name_hint")), &state.Name)
	s.contract = s.field(widgets.NewCode("https://crm.school.ru/deal/{external_id}"), &state.ContractLink)
	s.crm = s.field(widgets.NewCode("https://crm.school.ru/client/{external_id}"), &state.ClientLink)
	s.city = s.field(widgets.NewEntry(text.T("sch.city_hint")), &state.City)
	s.bound(s.name, "name", aboutCalls)
	s.bound(s.city, "city_code", aboutCalls)
	s.templates = newTemplates(s, state)
	s.limits = newLimits(s, state)
	s.update()
	return s
}

// bound lets a field hold what the server takes, and tells on its panel when it is full.
func (s *Choices) bound(f *panel.Field, name, about string) {
	bounded.Bind(f.Entry, most.Of[client.SchoolInput](name), s.full(about))
}

func (s *Choices) full(about string) func(int) {
	return bounded.Told(s.host.Text(), func(words string) { s.told[about] = panel.Fault(words); s.redraw() })
}

func (s *Choices) field(entry *widgets.Entry, draft *panel.Draft) *panel.Field {
	f := panel.NewField(entry, draft)
	f.OnEdit = s.redraw
	f.OnEscape = s.drop
	return f
}

// Load reads the choices anew.
func (s *Choices) Load() {
	host := s.host
	host.Work(func(ctx context.Context, api *client.API) error {
		return host.Model().ReloadSchool(ctx, api)
	}, func(err error) {
		if err != nil {
			s.told[aboutCalls] = panel.Fault(ui.Explain(err, host.Text()))
		}
		s.update()
		s.page.Draw()
	})
}

// Follow shows what somebody else has changed; what is being typed stays.
func (s *Choices) Follow() {
	if now := s.host.Model().School(); !reflect.DeepEqual(now, s.drawn) {
		s.update()
		s.redraw()
	}
}

func (s *Choices) update() {
	s.drawn = s.host.Model().School()
	s.limit.Update(strconv.Itoa(s.drawn.MissedLimitMinutes))
	s.name.Update(s.drawn.Name)
	s.city.Update(s.drawn.CityCode)
	s.contract.Update(s.drawn.CRMLink.Contract)
	s.crm.Update(s.drawn.CRMLink.Client)
	s.limits.update(s.drawn)
}

// drop gives the server's values back.
func (s *Choices) drop() {
	for _, f := range append(s.limits.fields(), s.limit, s.name, s.city, s.contract, s.crm) {
		f.Reset()
	}
	s.told = map[string]panel.Told{}
	s.redraw()
}

func (s *Choices) redraw() {
	s.fill()
	s.page.Settle()
}

// save sends a change and says what came of it in the panel where it was made.
func (s *Choices) save(about, done string, in client.SchoolInput, then func(ok bool)) {
	host := s.host
	var saved client.School
	etag := s.drawn.ETag
	host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		saved, err = api.IfMatch(etag).UpdateSettings(ctx, in)
		return err
	}, func(err error) {
		switch {
		case ui.ChangedMeanwhile(err):
			s.told[about] = panel.Fault(ui.ExplainConflict(err, host.Text(), host.Now()))
			s.Load() // theirs is shown, but for what was typed
		case err != nil:
			s.told[about] = panel.Fault(explainSchool(err, host.Text()))
		default:
			host.Model().Apply(client.StreamEvent{Type: "school", Data: &saved})
			s.update()
			s.told[about] = panel.Done(done)
		}
		if then != nil {
			then(err == nil)
		}
		s.redraw()
	})
}

// explainSchool puts in words what the server did not take.
func explainSchool(err error, text *i18n.Text) string {
	var problem *client.Problem
	if !errors.As(err, &problem) || problem.Code != "invalid" {
		return ui.Explain(err, text)
	}
	for _, fault := range problem.Fields {
		switch {
		case strings.HasPrefix(fault, "missed_limit_minutes"):
			return text.T("sch.bad_limit")
		case strings.HasPrefix(fault, "city_code"):
			return text.T("sch.bad_city")
		case strings.HasPrefix(fault, "session_"), strings.HasPrefix(fault, "sms_per_"), strings.HasPrefix(fault, "abroad_"):
			return text.T("sch.bad_number")
		case strings.HasPrefix(fault, "crm_link"):
			return text.T("sch.bad_link")
		case strings.HasPrefix(fault, "sms_templates: two"), strings.HasPrefix(fault, "sms_templates: два"):
			return text.T("sch.template_twice")
		case strings.HasPrefix(fault, "sms_templates"):
			return text.T("sch.template_need")
		}
	}
	return ui.Explain(err, text)
}

func (s *Choices) saveCalls() {
	minutes, err := strconv.Atoi(s.limit.Value())
	if err != nil {
		s.told[aboutCalls] = panel.Fault(s.host.Text().T("sch.bad_limit"))
		s.redraw()
		return
	}
	name := s.name.Value()
	in := client.SchoolInput{MissedLimitMinutes: &minutes, Name: &name}
	if s.city.Changed() {
		city := s.city.Value()
		in.CityCode = &city
	}
	s.save(aboutCalls, s.host.Text().T("set.saved"), in, nil)
}

func (s *Choices) saveCRM() {
	link := s.drawn.CRMLink
	link.Contract, link.Client = s.contract.Value(), s.crm.Value()
	link.Instead = link.Instead && (link.Contract != "" || link.Client != "")
	s.save(aboutCRM, s.host.Text().T("set.saved"), client.SchoolInput{CRMLink: &link}, nil)
}

func (s *Choices) callsChanged() bool {
	return s.limit.Changed() || s.name.Changed() || s.city.Changed()
}

func (s *Choices) crmChanged() bool { return s.contract.Changed() || s.crm.Changed() }

// kindOf is how a panel's button for saving is drawn: of those that wait, the first is filled.
func (s *Choices) kindOf(about string) widgets.Kind {
	next := aboutAccess
	switch {
	case s.callsChanged():
		next = aboutCalls
	case s.templates.state.Template != nil:
		next = aboutTemplates
	case s.crmChanged():
		next = aboutCRM
	}
	if about == next {
		return widgets.Primary
	}
	return widgets.Quiet
}

func (s *Choices) fill() {
	s.box.Objects = []fyne.CanvasObject{s.callsPanel(), s.templates.panel(), s.crmPanel(), s.limits.panel()}
}

// Objects is the part as it stands now.
func (s *Choices) Objects() []fyne.CanvasObject {
	s.fill()
	return []fyne.CanvasObject{s.box}
}

func (s *Choices) callsPanel() fyne.CanvasObject {
	text, width := s.host.Text(), s.page.Inner()
	box := panel.NewSection(text.T("sch.calls"), "")
	limit := widgets.Row(theme.Gap, []float32{minutesWide, 0}, widgets.GroundField(s.limit.Entry),
		widgets.NewLabel(text.T("sch.minutes"), theme.Body, widgets.InkMuted).Fixed())
	city := panel.Beside(width, minutesWide, widgets.GroundField(s.city.Entry), text.T("sch.city_unit"))
	chat := widgets.Switch(text.T("sch.whatsapp"), s.drawn.WhatsApp, func(on bool) {
		s.save(aboutCalls, text.T("set.saved"), client.SchoolInput{WhatsApp: &on}, nil)
	})
	rows := []fyne.CanvasObject{
		panel.Line(text.T("sch.limit"), limit), panel.Line(text.T("sch.name"), widgets.GroundField(s.name.Entry)), panel.Line(text.T("sch.city"), city),
		widgets.Row(0, nil, chat),
	}
	rows = append(rows, s.told[aboutCalls].Row(width)...)
	if s.callsChanged() {
		rows = append(rows, panel.Unsaved(text, true, s.kindOf(aboutCalls), s.drop, s.saveCalls))
	}
	box.Set(rows)
	return box.Box
}

func (s *Choices) crmPanel() fyne.CanvasObject {
	text, width := s.host.Text(), s.page.Inner()
	box := panel.NewSection(text.T("sch.crm"), text.T("sch.crm_hint"))
	instead := widgets.Switch(text.T("sch.instead"), s.drawn.CRMLink.Instead, func(on bool) {
		link := s.drawn.CRMLink
		link.Instead = on
		s.save(aboutCRM, text.T("set.saved"), client.SchoolInput{CRMLink: &link}, nil)
	})
	rows := []fyne.CanvasObject{
		panel.Line(text.T("sch.crm_contract"), widgets.GroundField(s.contract.Entry)), panel.Line(text.T("sch.crm_client"), widgets.GroundField(s.crm.Entry)),
		panel.Wrapped(text.T("sch.crm_holes"), theme.Caption, width, widgets.InkMuted),
	}
	if s.drawn.CRMLink.Contract != "" || s.drawn.CRMLink.Client != "" {
		rows = append(rows, widgets.Row(0, nil, instead))
	}
	rows = append(rows, s.told[aboutCRM].Row(width)...)
	if s.crmChanged() {
		rows = append(rows, panel.Unsaved(text, true, s.kindOf(aboutCRM), s.drop, s.saveCRM))
	}
	box.Set(rows)
	return box.Box
}
