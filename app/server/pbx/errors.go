package pbx

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/server/texts"
)

// Refused is the PBX's refusal of a command: what its code means and what to do about it. With an OwnCode it
// is ours, and the PBX was not asked.
type Refused struct {
	Code          int
	Words, Advice bilingual.Text
	// Said is what the PBX answered in its own words, where it has no code; shown as it is.
	Said string
	// Over says that the refusal means: the call that the command was about is over.
	Over bool
	// ChorePause is how long what nobody asked for must not be tried again, because the PBX counts it; 0: as
	// long as is usual.
	ChorePause time.Duration
}

// OwnCode reports whether a code is that of a refusal of our own, which has no place in what people are told:
// PBXs answer with numbers of three digits and more.
func OwnCode(code int) bool { return code > 0 && code < 100 }

// Sentence says what the PBX answered, or why it was not asked, and what to do.
func (r *Refused) Sentence() bilingual.Text {
	said := texts.Of("pbx.refused", texts.Args{"code": r.Code, "meaning": r.Words})
	if OwnCode(r.Code) {
		said = texts.Of("pbx.not_asked", texts.Args{"meaning": r.Words})
	}
	if r.Said != "" {
		said = texts.Of("pbx.said", texts.Args{"said": r.Said})
	}
	if r.Advice.IsZero() {
		return said.Both()
	}
	return bilingual.Join([]bilingual.Text{said.Both(), r.Advice}, " ")
}

func (r *Refused) Error() string {
	if r.Said != "" {
		return fmt.Sprintf("the PBX refused: %q", r.Said)
	}
	if OwnCode(r.Code) {
		return "the PBX was not asked: " + r.Words.EN
	}
	return fmt.Sprintf("the PBX refused with %d: %s", r.Code, r.Words.EN)
}

// Blocked says that no command is sent now, because the PBX would refuse it and count it.
type Blocked struct {
	Until time.Time
	Code  int // the refusal that led to it; 0 if the PBX only said 401
	Words bilingual.Text
}

func (b *Blocked) Error() string {
	return fmt.Sprintf("commands to the PBX rest until %s: %s", b.Until.Format(time.TimeOnly), b.Words.EN)
}

// TooLong says that a message is longer than the PBX takes.
type TooLong struct{ Have, Limit int }

func (t *TooLong) Error() string {
	return fmt.Sprintf("the message has %d characters, the PBX takes %d", t.Have, t.Limit)
}

var (
	// ErrForged says that a request was not signed with the integration's key and salt.
	ErrForged = errors.New("the signature is wrong")
	// ErrUnreadable says that a request was signed but is not of the documented shape.
	ErrUnreadable = errors.New("the payload cannot be read")
	// ErrForeign says that a request's body is in no form that this PBX sends.
	ErrForeign = errors.New("the body is in no form that this PBX sends")
	// ErrUnsubscribed says that a subscription does not live any more.
	ErrUnsubscribed = errors.New("the subscription does not live any more")
	// ErrUnreachable says that the PBX did not answer.
	ErrUnreachable = errors.New("the PBX does not answer")
	// ErrUnclear says that something answered that is not the PBX, or not in its right mind: a page,
	// garbage, nothing. It is ErrUnreachable too.
	ErrUnclear = fmt.Errorf("%w: its answer makes no sense", ErrUnreachable)
	// ErrUncertain comes beside another error: the PBX may have done what it was asked for, so that
	// asking again might do it twice.
	ErrUncertain = errors.New("the PBX may have carried it out")
	// ErrNotReady says that the PBX has the recording, and nothing in it yet.
	ErrNotReady = errors.New("the recording is not ready")
	// ErrNoRecording says that the PBX does not have the recording, or not any more.
	ErrNoRecording = errors.New("the PBX does not have the recording")
	// ErrNotDialable says that a number or extension is none that this PBX can dial; it was not asked to.
	ErrNotDialable = errors.New("the PBX cannot dial this")
	// ErrNoGroup says that no PBX of the employee has the group.
	ErrNoGroup = errors.New("no PBX has this group")
	// ErrNotSupported says that this PBX has no such command.
	ErrNotSupported = errors.New("the PBX cannot do this")
)

// NoAnswer is what it means that the exchange with the PBX failed: it did not answer, unless nothing was sent because
// this computer has no room for a connection more.
func NoAnswer(err error) error {
	for _, ours := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM} {
		if errors.Is(err, ours) {
			return fmt.Errorf("asking the PBX: %w", err)
		}
	}
	return fmt.Errorf("%w: %w", ErrUnreachable, err)
}

// RefusalOf is the error that what is stored of a refused command stands for: its code, or the PBX's own
// words where it has none. Neither is ErrUnreachable.
func RefusalOf(p Provider, code int, said string) error {
	if code == 0 && said == "" {
		return ErrUnreachable
	}
	r := &Refused{Code: code, Said: said}
	if code != 0 {
		r.Words = p.Explain(code)
	}
	if a, ok := p.(Adviser); ok {
		r.Advice = a.Advise(code)
	}
	return r
}

// CodeOf is the code with which a PBX refused, or of the refusal that blocks us; 0 for any other error.
func CodeOf(err error) int {
	var refused *Refused
	if errors.As(err, &refused) {
		return refused.Code
	}
	var blocked *Blocked
	if errors.As(err, &blocked) {
		return blocked.Code
	}
	return 0
}

// saidLimit bounds what is kept of a PBX's own words, in characters.
const saidLimit = 300

// SaidOf are the words with which a PBX refused, where it has no code, on one line; empty for any other
// error.
func SaidOf(err error) string {
	var refused *Refused
	if !errors.As(err, &refused) {
		return ""
	}
	said := []rune(strings.Join(strings.Fields(refused.Said), " "))
	if len(said) > saidLimit {
		return string(said[:saidLimit]) + "…"
	}
	return string(said)
}

// Conceal takes secrets out of a PBX's own words, which are told to people and logged: some PBXs repeat
// what they were sent.
func Conceal(said string, secrets ...string) string {
	for _, secret := range secrets {
		if secret != "" {
			said = strings.ReplaceAll(said, secret, "…")
		}
	}
	return said
}

// SentenceOf says in words what went wrong with a PBX, and what to do.
func SentenceOf(err error) bilingual.Text {
	var refused *Refused
	if errors.As(err, &refused) {
		return refused.Sentence()
	}
	var blocked *Blocked
	if errors.As(err, &blocked) {
		at := blocked.Until.Local().Format("15:04")
		return texts.Of("pbx.blocked_until", texts.Args{"until": at, "why": blocked.Words}).Both()
	}
	if errors.Is(err, ErrUnreachable) {
		return texts.Of("pbx.unreachable").Both()
	}
	return texts.Of("pbx.failed").Both()
}
