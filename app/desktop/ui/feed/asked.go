package feed

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui/theme"
	"dozvon/client"
)

// OpenQuery shows the entries that another page asks for, e.g. the calls of a bar of the reports,
// until the person takes the chip that says so away, or filters otherwise.
func (v *View) OpenQuery(q client.FeedQuery) {
	v.asked, v.filter, v.unbound = q, 0, false
	if v.search != nil {
		v.search.SetText("")
	}
	v.paintChips()
	v.Reload()
}

// dropAsked goes back to the page's own filters.
func (v *View) dropAsked() { v.asked = client.FeedQuery{} }

// paintAsked shows what was asked for, with a way to drop it.
func (v *View) paintAsked() {
	if v.askedChip == nil {
		return
	}
	v.askedRow.Hide()
	if v.asked != (client.FeedQuery{}) {
		v.askedChip.Set(v.askedWords()+"  ×", theme.ToneAccent)
		v.askedRow.Objects = []fyne.CanvasObject{v.askedChip}
		v.askedRow.Show()
	}
	if v.content != nil {
		v.content.Refresh()
	}
}

// askedWords is the filter in words: when, who, which line, what.
func (v *View) askedWords() string {
	text, zone := v.host.Text(), v.host.Now().Location()
	var out []string
	from, err := time.Parse(time.RFC3339, v.asked.From)
	to, err2 := time.Parse(time.RFC3339, v.asked.To)
	if err == nil && err2 == nil {
		out = append(out, span(from.In(zone), to.In(zone)))
	}
	for _, person := range v.host.Model().People() {
		if person.ID == v.asked.Employee {
			out = append(out, model.ShortName(person.Name))
		}
	}
	if v.asked.Line != "" {
		out = append(out, model.PrettyPhone(v.asked.Line, text))
	}
	if kind := client.EntryType(v.asked.Type); kind != "" && !strings.Contains(v.asked.Type, ",") {
		out = append(out, text.T("type."+string(kind)))
	}
	return strings.Join(out, " · ")
}

// span writes a stretch of time: a day, days, or a part of one.
func span(from, to time.Time) string {
	last := to.Add(-time.Second)
	switch {
	case to.Sub(from) < 23*time.Hour:
		return from.Format("02.01, 15:04") + "–" + to.Format("15:04")
	case from.YearDay() == last.YearDay() && from.Year() == last.Year():
		return from.Format("02.01")
	}
	return from.Format("02.01") + "–" + last.Format("02.01")
}
