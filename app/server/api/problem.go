package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/access"
	"dozvon/app/server/calls"
	"dozvon/app/server/crm"
	"dozvon/app/server/directory"
	"dozvon/app/server/followup"
	"dozvon/app/server/imports"
	"dozvon/app/server/imports/run"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
	"dozvon/app/server/recordings"
	"dozvon/app/server/sandbox"
	"dozvon/app/server/sessions"
	"dozvon/app/server/store"
	"dozvon/app/server/table"
	"dozvon/app/server/texts"
	"dozvon/app/server/undo"
	"dozvon/client"
)

// problems is every error of the API that is no fault of a file, with its status. The codes are stable;
// the words stand in the catalogue of texts as "problem." and the code.
var problems = map[string]int{
	"unauthorized":                http.StatusUnauthorized,
	"wrong_password":              http.StatusUnauthorized,
	"switched_off":                http.StatusUnauthorized,
	"forbidden":                   http.StatusForbidden,
	"not_yours":                   http.StatusForbidden,
	"participants_only":           http.StatusForbidden,
	"sms_forbidden":               http.StatusForbidden,
	"abroad_forbidden":            http.StatusForbidden,
	"wrong_code":                  http.StatusForbidden,
	"wrong_old_password":          http.StatusForbidden,
	"above_role":                  http.StatusForbidden,
	"own_password":                http.StatusForbidden,
	"not_found":                   http.StatusNotFound,
	"no_school":                   http.StatusNotFound,
	"wrong_school":                http.StatusMisdirectedRequest,
	"school_suspended":            http.StatusServiceUnavailable,
	"school_away":                 http.StatusServiceUnavailable,
	"school_busy":                 http.StatusServiceUnavailable,
	"no_recording":                http.StatusNotFound,
	"recording_gone":              http.StatusNotFound,
	"slow_body":                   http.StatusRequestTimeout,
	"not_now":                     http.StatusConflict,
	"inactive":                    http.StatusConflict,
	"no_extension":                http.StatusConflict,
	"colleague_without_extension": http.StatusConflict,
	"colleague_not_called":        http.StatusConflict,
	"no_integration":              http.StatusConflict,
	"call_ended":                  http.StatusConflict,
	"undo_late":                   http.StatusConflict,
	"conflict":                    http.StatusConflict,
	"missed_taken":                http.StatusConflict,
	"taken":                       http.StatusConflict,
	"import_busy":                 http.StatusConflict,
	"import_undo_late":            http.StatusConflict,
	"last_admin":                  http.StatusConflict,
	"has_accounts":                http.StatusConflict,
	"too_long":                    http.StatusUnprocessableEntity,
	"no_group":                    http.StatusUnprocessableEntity,
	"not_dialable":                http.StatusUnprocessableEntity,
	"bad_phone":                   http.StatusUnprocessableEntity,
	"city_code_missing":           http.StatusUnprocessableEntity,
	"invalid":                     http.StatusUnprocessableEntity,
	"bad_cursor":                  http.StatusUnprocessableEntity,
	"bad_import":                  http.StatusUnprocessableEntity,
	"bad_text":                    http.StatusUnprocessableEntity,
	"weak_password":               http.StatusUnprocessableEntity,
	"not_ready":                   http.StatusTooEarly,
	"too_many_tries":              http.StatusTooManyRequests,
	"sms_minute_limit":            http.StatusTooManyRequests,
	"sms_day_limit":               http.StatusTooManyRequests,
	"abroad_limit":                http.StatusTooManyRequests,
	"internal":                    http.StatusInternalServerError,
	"pbx_refused":                 http.StatusBadGateway,
	"pbx_unreachable":             http.StatusBadGateway,
	"recording_kind":              http.StatusBadGateway,
	"pbx_blocked":                 http.StatusServiceUnavailable,
	"practice_off":                http.StatusNotFound,
	"practice_full":               http.StatusServiceUnavailable,
	"practice_upgrade":            http.StatusUpgradeRequired,
	"database_away":               http.StatusServiceUnavailable,
	"busy":                        http.StatusServiceUnavailable,
	"disk_full":                   http.StatusInsufficientStorage,
}

// problem is the answer with a code; its text's placeholders are filled from args.
func problem(code, language string, args ...texts.Args) *client.Problem {
	status := problems[code]
	p := &client.Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code}
	if text := "problem." + code; texts.Has(text) {
		p.Detail = texts.Of(text, args...).In(language)
	}
	return p
}

// Refuse answers a request that no school gets to see, in the language of whoever asks.
func Refuse(w http.ResponseWriter, r *http.Request, code string) {
	writeProblem(w, problem(code, texts.Match(r.Header.Get("Accept-Language"))))
}

// awayFor is after how long it is worth asking a database again that does not answer.
const awayFor = 5 * time.Second

// byError finds the code of what went wrong inside.
var byError = []struct {
	err  error
	code string
}{
	{directory.ErrNoExtension, "no_extension"},
	{directory.ErrColleagueWithoutExtension, "colleague_without_extension"},
	{directory.ErrNoIntegration, "no_integration"},
	{directory.ErrColleagueNotCalled, "colleague_not_called"},
	{calls.ErrEnded, "call_ended"},
	{access.ErrNotYours, "not_yours"},
	{access.ErrNotParticipant, "participants_only"},
	{recordings.ErrNoRecording, "no_recording"},
	{recordings.ErrNotReady, "not_ready"},
	{recordings.ErrGone, "recording_gone"},
	{calls.ErrNotNow, "not_now"},
	{followup.ErrNotNow, "not_now"},
	{directory.ErrInactive, "inactive"},
	{undo.ErrLate, "undo_late"},
	{run.ErrBusy, "import_busy"},
	{run.ErrUndoLate, "import_undo_late"},
	{followup.ErrTaken, "missed_taken"},
	{pbx.ErrNoRecording, "no_recording"},
	{pbx.ErrNoGroup, "no_group"},
	{pbx.ErrNotDialable, "not_dialable"},
	{phone.ErrNotANumber, "bad_phone"},
	{phone.ErrCityCodeMissing, "city_code_missing"},
	{store.ErrCursor, "bad_cursor"},
	{store.ErrNotFound, "not_found"},
	{store.ErrTaken, "taken"},
	{sandbox.ErrOff, "practice_off"},
	{sandbox.ErrFull, "practice_full"},
	{sandbox.ErrUpgrade, "practice_upgrade"},
	{sessions.ErrWrongPassword, "wrong_password"},
	{sessions.ErrWrongCode, "wrong_code"},
	{sessions.ErrWrongOldPassword, "wrong_old_password"},
	{sessions.ErrSwitchedOff, "switched_off"},
	{access.ErrRole, "forbidden"},
	{access.ErrAbove, "above_role"},
	{access.ErrLastAdmin, "last_admin"},
	{access.ErrHasAccounts, "has_accounts"},
	{access.ErrOwnPassword, "own_password"},
}

// fail turns an error into the answer. The cause goes to the log, never out.
func fail(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	language := languageOf(ctx)
	for _, of := range []func(error, string) error{pbxProblem, accessProblem, inputProblem} {
		if p := of(err, language); p != nil {
			return p
		}
	}
	if errors.Is(err, pbx.ErrUnreachable) {
		return unreachable(ctx, err)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return problem("slow_body", language)
	}
	for _, known := range byError {
		if errors.Is(err, known.err) {
			p := problem(known.code, language)
			if what := access.WhatIsNotYours(err); what != "" {
				p.Detail = texts.Of("problem.not_yours_" + what).In(language)
			}
			return p
		}
	}
	if ctx.Err() == nil {
		slog.ErrorContext(ctx, "request failed", "err", err)
	}
	p := problem(inside(err), language)
	if p.Code == "database_away" {
		return later(p, awayFor)
	}
	return p
}

// pbxProblem tells what the PBX does not do, and why; nil when err is something else.
func pbxProblem(err error, language string) error {
	var refused *pbx.Refused
	if errors.As(err, &refused) {
		p := problem("pbx_refused", language)
		p.Detail = refused.Sentence().In(language)
		if !pbx.OwnCode(refused.Code) {
			p.PBXCode = refused.Code
		}
		return p
	}
	var blocked *pbx.Blocked
	if errors.As(err, &blocked) {
		p := problem("pbx_blocked", language, texts.Args{"why": blocked.Words, "until": blocked.Until.Local().Format("15:04:05")})
		p.PBXCode = blocked.Code
		return p
	}
	var kind *recordings.WrongKind
	if errors.As(err, &kind) {
		slog.Warn("recording refused", "err", err)
		return problem("recording_kind", language, texts.Args{"kind": kind.Kind})
	}
	var long *pbx.TooLong
	if errors.As(err, &long) {
		return problem("too_long", language, texts.Args{"have": long.Have, "limit": long.Limit})
	}
	var limit *calls.Limit
	if errors.As(err, &limit) {
		return limitProblem(limit, language)
	}
	return nil
}

// inputProblem tells what is wrong with what was sent; nil when err is something else.
func inputProblem(err error, language string) error {
	if errors.Is(err, phone.ErrSeveral) {
		p := problem("bad_phone", language)
		p.Detail = texts.Of("problem.several_numbers").In(language)
		return p
	}
	var conflict *store.Conflict
	if errors.As(err, &conflict) {
		p := problem("conflict", language)
		p.ChangedBy, p.ChangedAt, p.ETag = conflict.By, conflict.At, conflict.ETag
		return p
	}
	var fault *table.Fault
	if errors.As(err, &fault) {
		return faultProblem(fault, language)
	}
	var bad *run.BadInput
	if errors.As(err, &bad) {
		p := problem("bad_import", language)
		p.Detail = bad.In(language)
		return p
	}
	var invalid *crm.Invalid
	if errors.As(err, &invalid) {
		var fields []string
		for _, f := range few(invalid.In(language)) {
			fields = append(fields, cut(f))
		}
		p := problem("invalid", language, texts.Args{"fields": strings.Join(fields, "; ")})
		p.Fields = fields
		return p
	}
	return nil
}

// inside is the code of what went wrong for nobody's fault: the disk, the database, or us.
func inside(err error) string {
	switch {
	case store.IsFull(err):
		return "disk_full"
	case store.IsAway(err):
		return "database_away"
	}
	return "internal"
}

// unreachable says what came instead of an answer, and where that is not known, that the command
// may have been carried out.
func unreachable(ctx context.Context, err error) *client.Problem {
	slog.WarnContext(ctx, "no answer of the PBX", "err", err)
	language := languageOf(ctx)
	p := problem("pbx_unreachable", language)
	switch {
	case errors.Is(err, outbound.ErrForbidden):
		p.Detail = texts.Of("problem.pbx_forbidden").In(language)
	case errors.Is(err, pbx.ErrUnclear):
		p.Detail = texts.Of("problem.pbx_unclear").In(language)
	}
	if errors.Is(err, pbx.ErrUncertain) {
		p.Detail += " " + texts.Of("problem.pbx_uncertain").In(language)
	}
	return p
}

// limitProblem tells what is used up; how much of it there is stands at the end.
func limitProblem(l *calls.Limit, language string) *client.Problem {
	code := map[calls.LimitKind]string{
		calls.LimitSMSMinute: "sms_minute_limit", calls.LimitSMSDay: "sms_day_limit", calls.LimitAbroad: "abroad_limit",
	}[l.Kind]
	if l.Most == 0 {
		code = map[bool]string{true: "abroad_forbidden", false: "sms_forbidden"}[l.Kind == calls.LimitAbroad]
	}
	return problem(code, language, texts.Args{"most": l.Most})
}

// faultProblem tells what is wrong with a file; its code is the fault's.
func faultProblem(f *table.Fault, language string) *client.Problem {
	status := http.StatusUnprocessableEntity
	if f.Code == table.TooBig {
		status = http.StatusRequestEntityTooLarge
	}
	return &client.Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: string(f.Code), Detail: imports.Told(f).In(language)}
}

type langKey struct{}

func languageOf(ctx context.Context) string {
	if l, ok := ctx.Value(langKey{}).(string); ok {
		return l
	}
	return texts.Default
}
