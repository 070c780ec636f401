package player

import (
	"dozvon/app/desktop/present"
	"dozvon/client"
)

// turnTo turns to an entry. Another call starts anew at its first recording that can be heard;
// of the same call, newer parts and what became ready are shown.
func (p *Player) turnTo(entry client.FeedEntry) {
	if p.callID != entry.CallID {
		p.Stop()
		p.clip = nil // where it is left has been kept under its own call
		p.callID, p.entry = entry.CallID, entry
		p.turn(present.FirstPlayable(present.Parts(entry)))
		return
	}
	before := p.current()
	p.entry = entry
	if p.state == None {
		p.load()
		return
	}
	if now := p.current(); p.clip == nil && p.state == Broken && (now.Ready != before.Ready || now.Gone != before.Gone || p.trouble == missing || p.trouble == notYours) {
		p.load()
	}
}

// turn goes to a recording of the call and loads it.
func (p *Player) turn(part int) {
	p.Stop()
	p.part, p.clip, p.ahead, p.peaks = part, nil, nil, nil
	p.marks.turned(p.marks.open)
	p.Kept.bothChannels()
	p.at = p.Kept.Places.of(p.key())
	p.resumed, p.noted = p.at, p.at
	p.load()
}

// Choose goes to the recording at a place of the list; it plays on if one played.
func (p *Player) Choose(part int) {
	if part == p.part || part < 0 || part >= len(present.Parts(p.entry)) {
		return
	}
	played := p.playing != nil || p.starting || p.wish
	p.turn(part)
	if played {
		p.Play(p.entry)
	}
	p.draw()
}

// current is the chosen recording; an entry of an older server has one without a number.
func (p *Player) current() client.RecordingPart {
	parts := present.Parts(p.entry)
	if p.part < len(parts) {
		return parts[p.part]
	}
	return client.RecordingPart{Part: 1, Ready: true}
}

// partWords is «запись 2 из 2 · Борисов Б. П.»; empty when there is only one.
func (p *Player) partWords() string {
	text, parts := p.host.Text(), present.Parts(p.entry)
	if len(parts) < 2 {
		return ""
	}
	words := text.T("player.part", "n", p.part+1, "of", len(parts))
	switch part := p.current(); {
	case part.Employee != nil:
		words += " · " + present.ShortName(part.Employee.Name)
	case part.Extension != "":
		words += " · " + text.T("conn.ext", "ext", part.Extension)
	}
	return words
}

// Part is the number of the chosen recording; 0 when there is no call.
func (p *Player) Part() int {
	if p.callID == "" {
		return 0
	}
	return p.current().Part
}
