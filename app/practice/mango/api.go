package mango

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dozvon/app/mango"
	"dozvon/app/practice/control"
	"dozvon/app/practice/faults"
)

// statusMethodFailure is the HTTP status of Mango's refusals, as the 1.10 document has it.
const statusMethodFailure = 420

// maxForm bounds a form in bytes; it is enough for 500 contacts.
const maxForm = 2 << 20

// query answers one path of /vpbx/. code is 1000, or the refusal's.
type query func(w http.ResponseWriter, raw []byte) (code int)

func (p *PBX) routes() http.Handler {
	api := http.NewServeMux()
	for path, q := range map[string]query{
		mango.PathCallback: p.callbackCommand, mango.PathCallbackGroup: p.groupCallbackCommand,
		mango.PathHangup: p.hangupCommand, mango.PathHold: p.holdCommand, mango.PathUnhold: p.unholdCommand,
		mango.PathRoute: p.routeCommand, mango.PathTransfer: p.transferCommand,
		mango.PathConnect: p.connectCommand, mango.PathTransferCancel: p.cancelCommand,
		mango.PathSMSSend: p.smsCommand, mango.PathRecordingStart: p.recordCommand, mango.PathPlayStart: p.playCommand,
		mango.PathRecordingPost: p.recordingPost,
		mango.PathStats:         p.statsRequest, mango.PathStatsResult: p.statsResult,
		mango.PathStatsCalls: p.statsCallsRequest, mango.PathStatsCallsResult: p.statsCallsResult,
		mango.PathUsers: p.users, mango.PathGroups: p.groups, mango.PathLines: p.lines,
		mango.PathSIPs: p.sips, mango.PathBalance: p.balance,
		mango.PathBookInit: p.bookInit, mango.PathBookCursor: p.bookCursor, mango.PathBookCreate: p.bookCreate,
		mango.PathBookUpdate: p.bookUpdate, mango.PathBookDelete: p.bookDelete,
	} {
		// The document and its users write paths with and without the last slash.
		api.HandleFunc("/vpbx/"+path, p.signed(path, q))
		api.HandleFunc("/vpbx/"+path+"/{$}", p.signed(path, q))
	}
	api.HandleFunc("/vpbx/", p.signed("", func(http.ResponseWriter, []byte) int { return mango.CodeNotSupported }))
	api.HandleFunc("GET /vpbx/"+mango.PathRecordingLink+"/{id}/{action}/{key}/{timestamp}/{sign}", p.recordingLink)
	mux := http.NewServeMux()
	mux.Handle("/vpbx/", faults.Spoil(api, p.luck.answers, faults.Answers{
		Error: func(w http.ResponseWriter, _ *http.Request) {
			writeJSON(w, http.StatusServiceUnavailable, map[string]int{"code": 5008})
		},
		Limit: func(w http.ResponseWriter, _ *http.Request) { tooMany(w) },
	}, p.life.Closed()))
	mux.Handle("GET /files/{token}", p.files)
	control.Mount[Faults](mux, p)
	mux.HandleFunc("GET /control/book", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, p.Book()) })
	return mux
}

// signed checks what every request to the API must have before q sees it.
func (p *PBX) signed(path string, q query) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if p.limits.refused() {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		form, code := p.check(w, r)
		if code == mango.CodeDone && !p.limits.allow(path) {
			tooMany(w)
			return
		}
		if code == mango.CodeDone {
			code = q(w, []byte(form.JSON))
		}
		if code != mango.CodeDone {
			p.refuse(w, code)
		}
	}
}

// tooMany is the answer beyond a rate limit (section 1.4.2).
func tooMany(w http.ResponseWriter) {
	writeJSON(w, http.StatusTooManyRequests, map[string]any{
		"name": "Service Unavailable", "message": "Rate limit exceeded.", "code": 0, "status": http.StatusTooManyRequests,
	})
}

func (p *PBX) check(w http.ResponseWriter, r *http.Request) (mango.Form, int) {
	if r.Method != http.MethodPost {
		return mango.Form{}, mango.CodeNotPOST
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	values, err := formOf(r)
	if err != nil {
		return mango.Form{}, mango.CodeBadRequest
	}
	form := mango.ParseForm(values)
	return form, refusal(form, p.config.Key, p.config.Salt)
}

// formOf reads a body that is urlencoded, as the document has it, or multipart, as some HTTP clients prefer.
func formOf(r *http.Request) (url.Values, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		err := r.ParseForm()
		return r.PostForm, err
	}
	if err := r.ParseMultipartForm(maxForm); err != nil {
		return nil, err
	}
	return r.MultipartForm.Value, nil
}

func refusal(form mango.Form, key, salt string) int {
	switch err := form.Verify(key, salt); err {
	case nil:
	case mango.ErrKey:
		return mango.CodeBadKey
	default:
		return mango.CodeBadSign
	}
	if !json.Valid([]byte(form.JSON)) || !strings.HasPrefix(strings.TrimSpace(form.JSON), "{") {
		return mango.CodeMalformedJSON
	}
	return mango.CodeDone
}

// refuse answers with a code and counts a wrong request.
func (p *PBX) refuse(w http.ResponseWriter, code int) {
	p.countWrong(code)
	writeJSON(w, statusMethodFailure, map[string]int{"code": code})
}

// countWrong counts towards the block. A thing that does not exist (33xx) is an
// honest answer to a right request, so it does not count (inferred).
func (p *PBX) countWrong(code int) {
	if code/100 == 30 || code/100 == 31 || code == mango.CodeMalformedJSON {
		p.limits.bad()
	}
	p.config.Log.Info("request refused", "code", code, "words", mango.Explain(code).EN)
}

// recordingPost answers with a one-time link to a recording.
func (p *PBX) recordingPost(w http.ResponseWriter, raw []byte) int {
	var r mango.RecordingRequest
	if json.Unmarshal(raw, &r) != nil {
		return mango.CodeBadFormat
	}
	if r.RecordingID == "" || r.Action == "" {
		return mango.CodeMissingParam
	}
	return p.redirect(w, string(r.RecordingID), string(r.Action))
}

// recordingLink is the way without a form: everything is in the path.
func (p *PBX) recordingLink(w http.ResponseWriter, r *http.Request) {
	if p.limits.refused() {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if !p.limits.allow(mango.PathRecordingLink) {
		tooMany(w)
		return
	}
	var code int
	expires, err := strconv.ParseInt(r.PathValue("timestamp"), 10, 64)
	want := mango.LinkSign(p.config.Key, r.PathValue("timestamp"), r.PathValue("id"), p.config.Salt)
	switch {
	case r.PathValue("key") != p.config.Key:
		code = mango.CodeBadKey
	case r.PathValue("sign") != want:
		code = mango.CodeBadSign
	case err != nil || expires < p.config.Now().Unix():
		code = mango.CodeBadFormat
	default:
		code = p.redirect(w, r.PathValue("id"), r.PathValue("action"))
	}
	if code != mango.CodeDone {
		p.refuse(w, code)
	}
}

func (p *PBX) redirect(w http.ResponseWriter, recordingID, action string) int {
	if action != "play" && action != "download" {
		return mango.CodeBadFormat
	}
	token, ok := p.files.Link(recordingID)
	if !ok {
		return mango.CodeRecordNotFound
	}
	w.Header().Set("Location", "/files/"+url.PathEscape(token))
	w.WriteHeader(http.StatusFound)
	return mango.CodeDone
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that went away needs no answer
}

// accepted says that a command is taken; what becomes of it is its result's to tell.
func (p *PBX) accepted(w http.ResponseWriter) {
	answer := mango.Answer{Result: mango.CodeDone}
	if p.luck.Get().AcceptedZero {
		answer.Result = 0
	}
	writeJSON(w, http.StatusOK, answer)
}
