package telephones

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/diago"
	"github.com/emiago/diago/media"
	"github.com/emiago/diago/media/sdp"
	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"dozvon/app/practice"
)

// partingLimit is how long a device may take to answer that a talk has ended.
const partingLimit = 2 * time.Second

// device is one device of a telephone, and the SIP dialog with it.
type device struct {
	telephone *telephone
	contact   contact
	dialog    *diago.DialogClientSession
	line      *line // once it has the talk
	rang      atomic.Bool
	held      atomic.Bool
	transfers atomic.Bool // its owner has handed the other party over
	// asking is held during a request in the dialog: the library numbers them without a lock.
	asking sync.Mutex
}

// run rings the device, and keeps the talk until it ends.
func (d *device) run() {
	t := d.telephone
	var err error
	d.dialog, err = t.server.diago.NewDialog(*d.contact.uri.Clone(), diago.NewDialogOptions{Transport: "udp"})
	if err != nil {
		t.server.log.Warn("a telephone cannot be rung", "extension", t.ringing.Extension, "err", err)
		t.giveUp(practice.NoAnswer)
		return
	}
	defer d.dialog.Close()
	id := sip.CallIDHeader(sip.GenerateTagN(24) + "@" + name)
	d.dialog.InviteRequest.AppendHeader(&id)
	t.server.keep(id.Value(), d)
	defer t.server.forget(id.Value())

	sound, err := d.invite()
	if err != nil {
		d.refuse()
		t.giveUp(d.outcome(err))
		return
	}
	d.talk(sound)
}

// errNonsense is an answer over which the library falls.
var errNonsense = errors.New("the telephone's answer cannot be understood")

// invite rings until there is an answer.
func (d *device) invite() (sound *diago.DialogMedia, err error) {
	defer func() {
		if sound == nil && err == nil {
			err = errNonsense
		}
	}()
	defer d.telephone.server.survive("ringing")
	return d.dialog.Invite(d.telephone.ring, diago.InviteClientOptions{
		Headers: []sip.Header{d.caller()}, RTPNAT: media.RTPNATSymetric,
		OnMediaUpdate: func(sound *diago.DialogMedia) {
			if l := d.telephone.line(); l != nil {
				l.agree(sound.MediaSession())
			}
		},
		OnResponse: func(res *sip.Response) error {
			if res.StatusCode == sip.StatusRinging || res.StatusCode == sip.StatusSessionInProgress {
				d.rang.Store(true)
			}
			return nil
		},
	})
}

// refuse ends what a telephone believes to be a talk: it has answered, with sound that we do not have.
func (d *device) refuse() {
	res := d.dialog.InviteResponse
	if res == nil || !res.IsSuccess() || d.dialog.LoadState() != sip.DialogStateEstablished {
		return
	}
	t := d.telephone
	t.server.log.Warn("a telephone has answered without PCMA or PCMU", "extension", t.ringing.Extension)
	if err := d.dialog.Ack(t.server.life.Context()); err == nil {
		d.hangUp()
	}
}

// caller is the From header: who calls, and the name beside it.
func (d *device) caller() *sip.FromHeader {
	r := d.telephone.ringing
	from := sip.Uri{Scheme: "sip", User: r.From, Host: d.telephone.server.agent.Hostname()}
	display := r.Name
	if r.From == "" {
		// RFC 3323, section 4.1.1.3
		from.User, from.Host = "anonymous", "anonymous.invalid"
		display = "Anonymous"
	}
	return &sip.FromHeader{DisplayName: quoted(display), Address: from, Params: sip.NewParams()}
}

// quoted is a display name as it stands between quotation marks (RFC 3261, section 25.1).
func quoted(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text)
}

// outcome is what a refusal means. Softphones say 486 both when they are busy and when their owner
// declines; only the latter have rung before.
func (d *device) outcome(err error) string {
	var refused *sipgo.ErrDialogResponse
	if !errors.As(err, &refused) {
		return practice.NoAnswer
	}
	switch code := refused.Res.StatusCode; {
	case code == sip.StatusGlobalDecline, code == sip.StatusBusyHere && d.rang.Load():
		return practice.Declines
	case code == sip.StatusBusyHere, code == sip.StatusGlobalBusyEverywhere:
		return practice.Busy
	}
	return practice.NoAnswer
}

// talk acknowledges the answer and waits for the talk's end.
func (d *device) talk(sound *diago.DialogMedia) {
	t := d.telephone
	defer sound.Close()
	defer d.hangUp()
	if err := d.dialog.Ack(t.server.life.Context()); err != nil {
		t.server.log.Warn("a telephone's answer is not acknowledged", "err", err)
		t.giveUp(practice.NoAnswer)
		return
	}
	if sound.MediaSession().Raddr.Port == 0 {
		t.giveUp(practice.NoAnswer) // it wants no sound (RFC 3264, section 6)
		return
	}
	d.line = newLine(sound)
	if !t.answer(d) {
		return
	}
	if !t.server.life.Background(func() { d.line.listen(t.server) }) {
		return
	}
	t.signal(practice.Signal{Does: practice.Answers})
	if d.last() {
		t.signal(practice.Signal{Does: practice.HangsUp})
	}
}

// mostSilent is how long a telephone that is not on hold may send no sound at all.
const mostSilent = 2 * time.Minute

// last waits for the talk's end, and reports whether the device ended it, by BYE or by being there no more.
func (d *device) last() bool {
	t := d.telephone
	ask := time.NewTicker(t.server.alive)
	defer ask.Stop()
	unanswered := 0
	for {
		select {
		case <-d.dialog.Context().Done():
			return true
		case <-t.over.Done():
			return false
		case <-ask.C:
		}
		if d.answers() {
			unanswered = 0
		} else {
			unanswered++
		}
		if unanswered > 1 || !d.held.Load() && d.line.silent(time.Now()) > mostSilent {
			t.server.log.Warn("a telephone in a talk is there no more", "extension", t.ringing.Extension)
			return true
		}
	}
}

// answers asks the device by OPTIONS within the talk; one that has lost the talk says 481 (RFC 3261,
// section 12.2.1.2).
func (d *device) answers() bool {
	ctx, cancel := context.WithTimeout(d.dialog.Context(), d.telephone.server.alive)
	defer cancel()
	d.asking.Lock()
	defer d.asking.Unlock()
	res, err := d.dialog.Do(ctx, sip.NewRequest(sip.OPTIONS, d.target()))
	if err != nil {
		return d.dialog.Context().Err() != nil // then it has just ended the talk
	}
	return res.StatusCode != sip.StatusCallTransactionDoesNotExists && res.StatusCode != sip.StatusRequestTimeout
}

// target is what the device wants to be called within the talk; its registration's if it does not say.
func (d *device) target() sip.Uri {
	if c := d.dialog.RemoteContact(); c != nil {
		return *c.Address.Clone()
	}
	return *d.contact.uri.Clone()
}

// hangUp sends BYE, unless the device has.
func (d *device) hangUp() {
	if d.transfers.Load() && d.dialog.LoadState() != sip.DialogStateEnded {
		d.notify("SIP/2.0 200 OK", "terminated;reason=noresource")
	}
	d.asking.Lock()
	defer d.asking.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(d.telephone.server.life.Context()), partingLimit)
	defer cancel()
	if err := d.dialog.Hangup(ctx); err != nil {
		d.telephone.server.log.Debug("a telephone has not answered the end of its talk", "err", err)
	}
}

// tellNonsense refuses what the library fell over.
func (s *Server) tellNonsense(req *sip.Request, tx sip.ServerTransaction) {
	if broken := recover(); broken != nil {
		s.log.Warn("a telephone's message cannot be understood", "method", req.Method, "panic", broken)
		respond(tx, sip.NewResponseFromRequest(req, sip.StatusBadRequest, "The message cannot be understood", nil))
	}
}

// follow sees every request before the library does. It tells the call of a hold, which is an offer
// that asks for no sound (RFC 3264, section 8.4), and refuses what this PBX does not take.
func (s *Server) follow(next sipgo.RequestHandler) sipgo.RequestHandler {
	return func(req *sip.Request, tx sip.ServerTransaction) {
		defer s.tellNonsense(req, tx)
		if req.Method != sip.INVITE {
			next(req, tx)
			return
		}
		if to := req.To(); to == nil || !to.Params.Has("tag") {
			respond(tx, sip.NewResponseFromRequest(req, sip.StatusNotImplemented, "This PBX is dialled by its API only", nil))
			return
		}
		d := s.device(req.CallID())
		mode, readable := direction(req.Body())
		if d != nil && !readable {
			respond(tx, sip.NewResponseFromRequest(req, sip.StatusNotAcceptableHere, "The offer of sound cannot be read", nil))
			return
		}
		next(req, tx)
		if d != nil && mode != "" {
			d.hold(mode == sdp.ModeSendonly || mode == inactive)
		}
	}
}

// inactive is the direction of a hold that plays nothing.
const inactive = "inactive"

// direction is whither sound goes by an offer; "" without an offer.
func direction(offer []byte) (mode string, readable bool) {
	if len(offer) == 0 {
		return "", true
	}
	sd := sdp.SessionDescription{}
	if err := sdp.Unmarshal(offer, &sd); err != nil {
		return "", false
	}
	audio, err := sd.MediaDescription("audio")
	if err != nil {
		return "", false
	}
	// The library makes room for as many codecs as there are formats, and falls over more of them.
	attributes := sd.Values("a")
	n, err := media.CodecsFromSDPRead(audio.Formats, attributes, make([]media.Codec, len(audio.Formats)+len(attributes)))
	if err != nil || n > len(audio.Formats) {
		return "", false
	}
	if mode = sd.MediaDirection(); mode == "" {
		mode = sdp.ModeSendrecv
	}
	return mode, true
}

// hold tells the call of a hold and of its end, each once.
func (d *device) hold(on bool) {
	if d.held.Swap(on) == on {
		return
	}
	does := practice.Resumes
	if on {
		does = practice.Holds
	}
	d.telephone.signal(practice.Signal{Does: does})
}
