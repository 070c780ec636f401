package mango

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"dozvon/app/mango"
	"dozvon/app/server/pbx"
)

const (
	// commandTimeout bounds one command; who clicked is waiting.
	commandTimeout = 8 * time.Second
	// maxAnswer bounds a synchronous answer; a school's list of employees is far smaller.
	maxAnswer = 4 << 20
	// codeRateLimited is what 429 stands for in the PBX's own table.
	codeRateLimited = 4290
	// maxNumber is the longest number the PBX takes: E.164 has 15 digits.
	maxNumber = 15
)

// Config is one Mango account. URL ends in a slash, e.g. "https://app.mango-office.ru/vpbx/".
type Config struct {
	Key, Salt, URL string
	// Now tells the time; nil means time.Now.
	Now func() time.Time
}

// Provider is one Mango account as a PBX. Safe for concurrent use.
type Provider struct {
	cfg     Config
	now     func() time.Time
	http    *http.Client
	calls   *rate.Limiter // callback, hangup
	moves   *rate.Limiter // transfer
	general *rate.Limiter
}

// New returns a provider. The limits are those of section 12 of the reference, per product.
func New(cfg Config) *Provider {
	if !strings.HasSuffix(cfg.URL, "/") {
		cfg.URL += "/"
	}
	p := &Provider{
		cfg: cfg, now: cfg.Now, http: &http.Client{},
		calls:   rate.NewLimiter(4, 4),
		moves:   rate.NewLimiter(rate.Every(2*time.Second), 1),
		general: rate.NewLimiter(10, 10),
	}
	if p.now == nil {
		p.now = time.Now
	}
	return p
}

// SourceName is the feed's name of this PBX.
func (p *Provider) SourceName() string { return "Виртуальная АТС от Mango Office" }

// Explain gives a code in words.
func (p *Provider) Explain(code int) pbx.Words {
	w := mango.Explain(code)
	return pbx.Words{RU: w.RU, EN: w.EN}
}

// Dial rings the employee's telephone and then the number.
func (p *Provider) Dial(ctx context.Context, o pbx.DialOrder) error {
	if err := p.valid(o); err != nil {
		return err
	}
	return p.command(ctx, p.calls, mango.PathCallback, mango.CallbackRequest{
		CommandID: mango.Text(o.Command), From: mango.Endpoint{Extension: mango.Text(o.Extension)}, ToNumber: mango.Text(o.Number.Digits()),
	})
}

// valid refuses here what the PBX would refuse: its second wrong request within two minutes
// blocks the whole account (section 12).
func (p *Provider) valid(o pbx.DialOrder) error {
	digits := o.Number.Digits()
	if o.Extension == "" || digits == "" || len(digits) > maxNumber || strings.Trim(digits, "0123456789") != "" {
		return p.refused(mango.CodeBadNumber)
	}
	return nil
}

// Hangup ends a leg.
func (p *Provider) Hangup(ctx context.Context, leg, command string) error {
	return p.command(ctx, p.calls, mango.PathHangup, mango.HangupRequest{CommandID: mango.Text(command), CallID: mango.Text(leg)})
}

// Transfer hands a talking leg on without asking (blind transfer).
func (p *Provider) Transfer(ctx context.Context, o pbx.TransferOrder) error {
	return p.command(ctx, p.moves, mango.PathTransfer, mango.TransferRequest{
		CommandID: mango.Text(o.Command), CallID: mango.Text(o.Leg), Method: mango.TransferBlind,
		ToNumber: mango.Text(o.To), Initiator: mango.Text(o.From),
	})
}

// Extensions lists the PBX's employees that have an internal number.
func (p *Provider) Extensions(ctx context.Context) ([]pbx.Extension, error) {
	var answer mango.UsersAnswer
	if err := p.ask(ctx, mango.PathUsers, struct{}{}, &answer); err != nil {
		return nil, err
	}
	var all []pbx.Extension
	for _, u := range answer.Users {
		if u.Telephony.Extension != "" {
			all = append(all, pbx.Extension{Number: string(u.Telephony.Extension), Name: string(u.General.Name)})
		}
	}
	return all, nil
}

// Lines lists the PBX's trunk lines.
func (p *Provider) Lines(ctx context.Context) ([]pbx.Line, error) {
	var answer mango.LinesAnswer
	if err := p.ask(ctx, mango.PathLines, struct{}{}, &answer); err != nil {
		return nil, err
	}
	all := make([]pbx.Line, 0, len(answer.Lines))
	for _, l := range answer.Lines {
		name := l.Name
		if name == "" {
			name = l.Comment
		}
		if name == "" {
			name = l.SchemaName
		}
		all = append(all, pbx.Line{Number: lineOf(string(l.Number)), Name: string(name)})
	}
	return all, nil
}

// Recording opens a recording. The PBX answers with a redirect to a one-time link, which the
// HTTP client follows at once and nobody keeps.
func (p *Provider) Recording(ctx context.Context, id string) (io.ReadCloser, int64, error) {
	resp, err := p.post(ctx, mango.PathRecordingPost, mango.RecordingRequest{RecordingID: mango.Text(id), Action: "download"})
	if err != nil {
		return nil, 0, err
	}
	kind := resp.Header.Get("Content-Type")
	if resp.StatusCode == http.StatusOK && !strings.Contains(kind, "json") && !strings.Contains(kind, "html") {
		return resp.Body, resp.ContentLength, nil
	}
	defer resp.Body.Close()
	if err := p.outcome(resp, nil); err != nil {
		return nil, 0, errors.Join(pbx.ErrNoRecording, err)
	}
	return nil, 0, pbx.ErrNoRecording
}

func (p *Provider) command(ctx context.Context, limit *rate.Limiter, path string, in any) error {
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	if err := limit.Wait(ctx); err != nil {
		return p.refused(codeRateLimited)
	}
	resp, err := p.post(ctx, path, in)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return p.outcome(resp, nil)
}

func (p *Provider) ask(ctx context.Context, path string, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	if err := p.general.Wait(ctx); err != nil {
		return p.refused(codeRateLimited)
	}
	resp, err := p.post(ctx, path, in)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return p.outcome(resp, out)
}

func (p *Provider) post(ctx context.Context, path string, in any) (*http.Response, error) {
	raw, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("encoding %s: %w", path, err)
	}
	form := mango.NewForm(p.cfg.Key, p.cfg.Salt, string(raw)).Values()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.cfg.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("building %s: %w", path, err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := p.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", pbx.ErrUnreachable, withoutURL(err))
	}
	return resp, nil
}

// outcome reads a synchronous answer: the result, else the code, else the HTTP status.
func (p *Provider) outcome(resp *http.Response, out any) error {
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("%w: %v", pbx.ErrUnreachable, err)
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		return p.refused(codeRateLimited)
	}
	var answer mango.Answer
	jsonErr := json.Unmarshal(raw, &answer)
	if jsonErr == nil && answer.Result != 0 && !answer.Accepted() {
		return p.refused(int(answer.Result))
	}
	switch {
	case resp.StatusCode == http.StatusUnauthorized:
		return p.refused(mango.CodeBadKey)
	case resp.StatusCode >= 400:
		return fmt.Errorf("%w: HTTP %d", pbx.ErrUnreachable, resp.StatusCode)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("reading the PBX's answer: %w", err)
	}
	return nil
}

func (p *Provider) refused(code int) error {
	return &pbx.Refused{Code: code, Words: p.Explain(code)}
}

// withoutURL drops the address, which on recordings holds a one-time link.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
