package reports

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"html/template"
	"image/png"
	"path/filepath"
	"time"

	_ "embed" // the page for paper

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/download"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/client"
)

//go:embed paper.html
var paperHTML string

var paperPage = template.Must(template.New("paper").Parse(paperHTML))

const (
	// paperWide is how wide a chart is laid out for paper, in units of the screen; half of it where two stand beside
	// each other.
	paperWide float32 = 720
	// paperScale is how many pixels a unit has on paper: some 280 to the inch on A4.
	paperScale = 3.0
)

// paper is all that stands on the printed page.
type paper struct {
	Lang, Title, Period, Made string
	Tiles                     []present.Tile
	Doubts                    []string
	DoubtTitle                string
	Charts                    []paperChart
	Tables                    []paperTable
}

type paperChart struct {
	Title  string
	Legend []paperLegend
	Half   bool
	Image  template.URL // a picture in the page itself, so that one file is all
	sheet  *sheet
}

type paperLegend struct {
	Colour template.CSS
	Words  string
}

type paperTable struct {
	Title string
	Head  []string
	Rows  [][]string
}

// Print writes what the page shows into a folder as a file for paper, and opens it where the system shows such
// files; it asks for the printer by itself. The figures are those of the screen, with what they may lack.
func (v *View) Print(dir string, open func(path string) error) {
	text := v.host.Text()
	if !v.shown {
		v.host.Tell(text.T("rep.not_read"))
		return
	}
	now := v.host.Now()
	page := v.paper(now)
	path := filepath.Join(dir, download.Name(text.T("rep.paper")+now.Local().Format(" 2006-01-02 15-04"))+".html")
	v.host.Tell(text.T("rep.printing"))
	v.host.Work(func(context.Context, *client.API) error {
		raw, err := page.render()
		if err == nil {
			path, err = download.Save(path, bytes.NewReader(raw), 0, nil)
		}
		if err == nil {
			err = open(path)
		}
		return err
	}, func(err error) {
		if err != nil {
			v.host.Tell(text.T("rep.not_printed", "why", err.Error()))
			return
		}
		v.host.Tell(text.T("rep.printed", "path", path))
	})
}

// paper lays the page out: what belongs to the screen is asked for here, what takes long is drawn by render.
func (v *View) paper(now time.Time) *paper {
	text := v.host.Text()
	p := &paper{
		Lang: string(text.Lang()), Title: text.T("rep.paper"), Period: present.ReportPeriod(v.found.time, text, now), Made: text.T("rep.made", "when", now.Format("02.01.2006 15:04")),
		Tiles: present.Tiles(v.found.time.Total, text), Doubts: present.Doubts(v.found.time, text, now), DoubtTitle: text.T("rep.doubts"),
	}
	if v.found.time.Total.Calls == 0 {
		return p
	}
	bars := func(r client.Report, m present.Measure, face face) figure {
		all := present.Bars(r, m, text, now)
		if face == rows {
			all = all[:min(len(all), mostBars)]
		}
		return figure{face, all, m.Unit()}
	}
	over := "rep.by_" + string(v.found.time.Group)
	answers := []legend{{present.ToneRing, "rep.legend_median"}, {present.TonePale, "rep.legend_p90"}}
	p.chart(v, over, bars(v.found.time, present.MeasureCalls, columns), tall, false, legendOfCalls)
	p.chart(v, "rep.missed_share", bars(v.found.time, present.MeasureMissed, columns), low, true, nil)
	p.chart(v, "rep.answer_time", bars(v.found.time, present.MeasureAnswer, columns), low, true, answers)
	p.chart(v, "rep.talk_time", bars(v.found.time, present.MeasureTalk, columns), low, true, nil)
	p.chart(v, "rep.back_title", figure{rows, present.CallBackBars(v.found.time, text), present.UnitCalls}, low, true,
		[]legend{{present.ToneRing, "rep.legend_reached"}, {present.TonePale, "rep.legend_tried"}})
	p.named(v, "rep.by_employee", bars(v.found.people, v.state.people, rows))
	p.named(v, "rep.by_line", bars(v.found.lines, v.state.lines, rows))
	p.chart(v, "rep.week_map", figure{week, present.Cells(v.found.week, text), present.UnitCalls}, weekHigh, false, nil)
	for _, one := range []struct {
		key string
		r   client.Report
	}{{over, v.found.time}, {"rep.by_employee", v.found.people}, {"rep.by_line", v.found.lines}} {
		table := present.ReportTable(one.r, text, now)
		p.Tables = append(p.Tables, paperTable{text.T(one.key), table[0], table[1:]})
	}
	return p
}

// chart puts a figure on the page, unless it has nothing to show.
func (p *paper) chart(v *View, key string, f figure, high float32, half bool, of []legend) {
	if len(f.bars) == 0 {
		return
	}
	wide := paperWide
	if half {
		wide /= 2
	}
	text, colors := v.host.Text(), theme.Light
	c := paperChart{Title: text.T(key), Half: half, sheet: f.lay(v.pen, text, colors, fyne.NewSize(wide, high), paperScale)}
	for _, l := range of {
		ink := inkOf(l.tone, colors)
		c.Legend = append(c.Legend, paperLegend{template.CSS(fmt.Sprintf("#%02x%02x%02x", ink.R, ink.G, ink.B)), text.T(l.key)})
	}
	p.Charts = append(p.Charts, c)
}

// named is a chart of people or lines.
func (p *paper) named(v *View, key string, f figure) {
	p.chart(v, key, f, float32(len(f.bars))*barRow+axisHigh, false, nil)
}

// render draws the charts and writes the page.
func (p *paper) render() ([]byte, error) {
	for n, c := range p.Charts {
		var raw bytes.Buffer
		size := c.sheet.size
		img := c.sheet.draw(int(float64(size.Width)*paperScale), int(float64(size.Height)*paperScale), theme.Light.Surface)
		if err := png.Encode(&raw, img); err != nil {
			return nil, fmt.Errorf("drawing %q for paper: %w", c.Title, err)
		}
		p.Charts[n].Image = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(raw.Bytes()))
	}
	var out bytes.Buffer
	if err := paperPage.Execute(&out, p); err != nil {
		return nil, fmt.Errorf("writing the report for paper: %w", err)
	}
	return out.Bytes(), nil
}
