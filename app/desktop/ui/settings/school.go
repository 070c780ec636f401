package settings

import (
	"context"
	"errors"
	"reflect"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// school is the part of the page about what the school has chosen for everybody.
type school struct {
	view          *View
	box           *fyne.Container
	drawn         client.School // as last drawn
	limit, name   *field
	city          *field // the city code
	contract, crm *field // links to another CRM, of contracts and of clients
	templates     *templates
	access        *accessPanel
	told          map[string]told // by the panel it is about
}

// Panels of the part.
const (
	aboutCalls     = "calls"
	aboutTemplates = "templates"
	aboutCRM       = "crm"
)

// minutesWide is the width of a field for minutes.
const minutesWide float32 = 96

func newSchool(view *View) *school {
	s := &school{view: view, box: widgets.Column(panelGap), told: map[string]told{}}
	entry := func(e *widgets.Entry) *field {
		f := &field{Entry: e}
		f.OnChanged = func(string) { s.redraw() }
		f.OnEscape = s.drop
		return f
	}
	text := view.host.Text()
	s.limit, s.name = entry(widgets.NewEntry("")), entry(widgets.NewEntry(text.T("sch.name_hint")))
	s.contract, s.crm = entry(widgets.NewCode("https://crm.school.ru/deal/{external_id}")), entry(widgets.NewCode("https://crm.school.ru/client/{external_id}"))
	s.city = entry(widgets.NewEntry(text.T("sch.city_hint")))
	s.templates = newTemplates(s)
	s.access = newAccessPanel(s, func() *field { return entry(widgets.NewEntry("")) })
	s.take()
	return s
}

// load reads the choices anew.
func (s *school) load() {
	host := s.view.host
	host.Work(func(ctx context.Context, api *client.API) error {
		return host.Model().ReloadSchool(ctx, api)
	}, func(err error) {
		if err != nil {
			s.told[aboutCalls] = told{ui.Explain(err, host.Text()), theme.ToneMiss}
		}
		s.take()
		s.view.draw()
	})
}

// follow takes in what somebody else has changed; what is being typed stays.
func (s *school) follow() {
	if now := s.view.host.Model().School(); !reflect.DeepEqual(now, s.drawn) {
		s.take()
		s.redraw()
	}
}

func (s *school) take() {
	s.drawn = s.view.host.Model().School()
	s.limit.take(strconv.Itoa(s.drawn.MissedLimitMinutes))
	s.name.take(s.drawn.Name)
	s.city.take(s.drawn.CityCode)
	s.contract.take(s.drawn.CRMLink.Contract)
	s.crm.take(s.drawn.CRMLink.Client)
	s.access.take(s.drawn)
}

// drop gives the server's values back.
func (s *school) drop() {
	for _, f := range append(s.access.fields(), s.limit, s.name, s.city, s.contract, s.crm) {
		f.reset()
	}
	s.told = map[string]told{}
	s.redraw()
}

func (s *school) redraw() {
	if s.view.school != s || s.view.tab != tabSchool {
		return
	}
	s.fill()
	s.view.settle()
}

// save sends a change and says what came of it in the panel where it was made.
func (s *school) save(about, done string, in client.SchoolInput, then func(ok bool)) {
	host := s.view.host
	var saved client.School
	etag := s.drawn.ETag
	host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		saved, err = api.IfMatch(etag).UpdateSettings(ctx, in)
		return err
	}, func(err error) {
		switch {
		case ui.ChangedMeanwhile(err):
			s.told[about] = told{ui.ExplainConflict(err, host.Text(), host.Now()), theme.ToneMiss}
			s.load() // theirs is shown, but for what was typed
		case err != nil:
			s.told[about] = told{explainSchool(err, host.Text()), theme.ToneMiss}
		default:
			host.Model().Apply(client.StreamEvent{Type: "school", Data: &saved})
			s.take()
			s.told[about] = told{done, theme.ToneRing}
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
		case strings.HasPrefix(fault, "sms_templates: two"):
			return text.T("sch.template_twice")
		case strings.HasPrefix(fault, "sms_templates"):
			return text.T("sch.template_need")
		}
	}
	return ui.Explain(err, text)
}

func (s *school) saveCalls() {
	minutes, err := strconv.Atoi(s.limit.value())
	if err != nil {
		s.told[aboutCalls] = told{s.view.host.Text().T("sch.bad_limit"), theme.ToneMiss}
		s.redraw()
		return
	}
	name := s.name.value()
	in := client.SchoolInput{MissedLimitMinutes: &minutes, Name: &name}
	if s.city.changed() {
		city := s.city.value()
		in.CityCode = &city
	}
	s.save(aboutCalls, s.view.host.Text().T("set.saved"), in, nil)
}

func (s *school) saveCRM() {
	link := s.drawn.CRMLink
	link.Contract, link.Client = s.contract.value(), s.crm.value()
	link.Instead = link.Instead && (link.Contract != "" || link.Client != "")
	s.save(aboutCRM, s.view.host.Text().T("set.saved"), client.SchoolInput{CRMLink: &link}, nil)
}

func (s *school) fill() {
	s.box.Objects = []fyne.CanvasObject{s.callsPanel(), s.templates.panel(), s.crmPanel(), s.access.panel()}
}

func (s *school) callsPanel() fyne.CanvasObject {
	text, width := s.view.host.Text(), s.view.inner()
	box := newSection(text.T("sch.calls"), "")
	limit := widgets.Row(theme.Gap, []float32{minutesWide, 0}, widgets.GroundField(s.limit.Entry),
		widgets.NewLabel(text.T("sch.minutes"), theme.Body, widgets.InkMuted).Fixed())
	city := beside(width, minutesWide, widgets.GroundField(s.city.Entry), text.T("sch.city_unit"))
	chat := widgets.Switch(text.T("sch.whatsapp"), s.drawn.WhatsApp, func(on bool) {
		s.save(aboutCalls, text.T("set.saved"), client.SchoolInput{WhatsApp: &on}, nil)
	})
	rows := []fyne.CanvasObject{
		line(text.T("sch.limit"), limit), line(text.T("sch.name"), widgets.GroundField(s.name.Entry)), line(text.T("sch.city"), city),
		widgets.Row(0, nil, chat),
	}
	rows = append(rows, s.told[aboutCalls].row(width)...)
	if s.limit.changed() || s.name.changed() || s.city.changed() {
		rows = append(rows, unsaved(text, true, s.drop, s.saveCalls))
	}
	box.set(rows)
	return box.box
}

func (s *school) crmPanel() fyne.CanvasObject {
	text, width := s.view.host.Text(), s.view.inner()
	box := newSection(text.T("sch.crm"), text.T("sch.crm_hint"))
	instead := widgets.Switch(text.T("sch.instead"), s.drawn.CRMLink.Instead, func(on bool) {
		link := s.drawn.CRMLink
		link.Instead = on
		s.save(aboutCRM, text.T("set.saved"), client.SchoolInput{CRMLink: &link}, nil)
	})
	rows := []fyne.CanvasObject{
		line(text.T("sch.crm_contract"), widgets.GroundField(s.contract.Entry)), line(text.T("sch.crm_client"), widgets.GroundField(s.crm.Entry)),
		wrapped(text.T("sch.crm_holes"), theme.Caption, width, widgets.InkMuted),
	}
	if s.drawn.CRMLink.Contract != "" || s.drawn.CRMLink.Client != "" {
		rows = append(rows, widgets.Row(0, nil, instead))
	}
	rows = append(rows, s.told[aboutCRM].row(width)...)
	if s.contract.changed() || s.crm.changed() {
		rows = append(rows, unsaved(text, true, s.drop, s.saveCRM))
	}
	box.set(rows)
	return box.box
}
