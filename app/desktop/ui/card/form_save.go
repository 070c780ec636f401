package card

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// layFoot shows the buttons, and over them what there is to be told.
func (f *form) layFoot() {
	text := f.panel.host.Text()
	var parts []fyne.CanvasObject
	for _, words := range []*widgets.Paragraph{f.notice, f.problem} {
		if words.Text != "" {
			parts = append(parts, words)
		}
	}
	if f.stale {
		parts = append(parts, widgets.Row(theme.Gap, []float32{0, widgets.Wide},
			widgets.NewButton(text.T("crd.load_theirs"), widgets.Soft, f.loadTheirs), widgets.Space(0, 0)))
	}
	cancel := widgets.NewButton(text.T("act.cancel"), widgets.Quiet, f.cancel)
	if f.sure {
		cancel = widgets.NewButton(text.T("crd.drop"), widgets.Danger, f.cancel)
	}
	cancel.OnEscape = f.cancel
	f.foot.Objects = append(parts, widgets.Row(theme.Gap, []float32{widgets.Wide, 0}, f.save, cancel))
	f.resize()
}

// reveal scrolls to the field that has the keyboard: Tab leads below the edge, too.
func (f *form) reveal(field fyne.CanvasObject) {
	if f.scroll == nil || f.panel.over() == nil {
		return
	}
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(field).Y - driver.AbsolutePositionForObject(f.scroll).Y
	under := top + field.Size().Height - f.scroll.Size().Height
	switch {
	case top < 0:
		f.scroll.Offset.Y += top - theme.Inset
	case under > 0:
		f.scroll.Offset.Y += under + theme.Inset
	default:
		return
	}
	f.scroll.Offset.Y = max(0, f.scroll.Offset.Y)
	f.scroll.Refresh()
}

// resize gives the parts of the form the room that they need now.
func (f *form) resize() {
	if f.frame != nil {
		f.frame.Refresh()
	}
}

func (f *form) tell(words string) {
	f.problem.Set(words)
	f.layFoot()
}

// cancel leaves the form; changes are given up only when the person says so twice.
func (f *form) cancel() {
	if f.busy {
		return
	}
	if !f.sure && f.touched() {
		f.sure = true
		f.tell(f.panel.host.Text().T("crd.unsaved"))
		return
	}
	f.panel.form = nil
	switch {
	case !f.fresh():
		f.panel.draw()
	case f.as.owner != nil:
		f.panel.ref = client.SubjectRef{}
		f.panel.Open(client.KindClient, f.as.owner.ID)
	default:
		f.panel.Close()
	}
}

func (f *form) submit() {
	if f.busy {
		return // a second Enter must not make a second card
	}
	now := f.fields()
	if words := f.fault(now); words != "" {
		f.tell(words)
		return
	}
	f.phones.mark()
	f.busy = true
	f.save.SetEnabled(false)
	ref, base, etag := f.ref, f.base, f.as.etag
	f.panel.host.Work(func(ctx context.Context, api *client.API) error {
		if ref.ID != "" {
			if len(now.Changed(base)) == 0 {
				return nil
			}
			return update(ctx, api.IfMatch(etag), ref, now, base)
		}
		var err error
		ref.ID, err = create(ctx, api, ref.Kind, now)
		return err
	}, func(err error) { f.saved(ref, err) })
}

// fault says what is missing that a card cannot do without.
func (f *form) fault(now model.CardFields) string {
	text := f.panel.host.Text()
	switch {
	case strings.TrimSpace(now.Name) == "":
		return text.T("form.need_name")
	case f.ref.Kind == client.KindContract && strings.TrimSpace(now.Number) == "":
		return text.T("crd.need_number")
	}
	for _, own := range f.own {
		if _, readable := own.value(); !readable {
			return text.T("crd.bad_day", "day", own.entry.Text)
		}
	}
	return ""
}

func create(ctx context.Context, api *client.API, kind client.SubjectKind, fields model.CardFields) (string, error) {
	if kind == client.KindClient {
		made, err := api.CreateClient(ctx, fields.ClientInput(model.CardFields{}))
		return made.ID, err
	}
	made, err := api.CreateContract(ctx, fields.ContractInput(model.CardFields{}))
	return made.ID, err
}

// loadTheirs takes in what somebody has changed meanwhile; what was typed stays.
func (f *form) loadTheirs() {
	if f.busy {
		return
	}
	f.busy = true
	host, ref, text := f.panel.host, f.ref, f.panel.host.Text()
	var now record
	host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		now, err = read(ctx, api, ref, text)
		return err
	}, func(err error) {
		f.busy = false
		if err != nil {
			f.tell(explain(err, text, host.Now()))
			return
		}
		f.problem.Set("")
		f.follow(now)
	})
}

func (f *form) saved(ref client.SubjectRef, err error) {
	f.busy = false
	f.save.SetEnabled(true)
	if err != nil {
		f.stale = ui.ChangedMeanwhile(err)
		f.tell(explain(err, f.panel.host.Text(), f.panel.host.Now()))
		return
	}
	if f.panel.form != f {
		return // the person has gone on to another card
	}
	f.panel.form = nil
	f.panel.host.OpenSubject(ref.Kind, ref.ID)
}
