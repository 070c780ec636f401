// Package api answers Mango's API for the practice PBX: it checks form, signature and rates as the
// real one does, refuses what that refuses, and hands commands to the exchange whose calls they are for.
package api

import (
	"encoding/json"
	"log/slog"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dozvon/app/mango"
	"dozvon/app/practice"
	"dozvon/app/practice/control"
	"dozvon/app/practice/recordings"
	"dozvon/app/practice/staff"
)

// statusMethodFailure is the HTTP status of Mango's refusals, as the 1.10 document has it.
const statusMethodFailure = 420

// maxForm bounds a form in bytes; it is enough for 500 contacts.
const maxForm = 2 << 20

// Exchange is whose calls the API is about.
type Exchange interface {
	// Command hands a command to the call of its leg, which gives the result.
	Command(Command)
	// CallBack starts the call of a callback command.
	CallBack(Callback)
	// Result reports what became of a command.
	Result(c Command, code mango.Int)
	// Post sends an event to the server.
	Post(path string, event any)
}

// Config is what the API needs; every field but the switches and the delay is required.
type Config struct {
	Key, Salt string
	// NoLimits switches the rate limits and the bad-request block off.
	NoLimits bool
	// HoldOff makes commands/call/hold/off work, which the document does not have.
	HoldOff bool
	// SMSDelay is how long a message is on its way, SMSFails whether the next one is not delivered.
	SMSDelay time.Duration
	SMSFails func() bool
	// AcceptedZero says whether a command that is accepted is answered with 0 instead of 1000.
	AcceptedZero func() bool
	// Now is the clock of links and limits, Stamp of events.
	Now        func() time.Time
	Stamp      func() mango.Int
	Staff      *staff.Staff
	Recordings *recordings.Store
	Life       *practice.Life
	Log        *slog.Logger
}

// Server is the API.
type Server struct {
	config   Config
	exchange Exchange
	limits   *limits
}

// New returns an API for the calls of an exchange.
func New(c Config, e Exchange) *Server {
	return &Server{config: c, exchange: e, limits: newLimits(c)}
}

// Query answers one path of /vpbx/. code is 1000, or the refusal's.
type Query func(w http.ResponseWriter, raw []byte) (code int)

// Handler serves /vpbx/; more are further paths below it, such as the statistics'.
func (s *Server) Handler(more map[string]Query) http.Handler {
	mux := http.NewServeMux()
	paths := map[string]Query{
		mango.PathCallback: s.callbackCommand, mango.PathCallbackGroup: s.groupCallbackCommand,
		mango.PathHangup: s.hangupCommand, mango.PathHold: s.holdCommand, mango.PathUnhold: s.unholdCommand,
		mango.PathRoute: s.routeCommand, mango.PathTransfer: s.transferCommand,
		mango.PathConnect: s.connectCommand, mango.PathTransferCancel: s.cancelCommand,
		mango.PathSMSSend: s.smsCommand, mango.PathRecordingStart: s.recordCommand, mango.PathPlayStart: s.playCommand,
		mango.PathRecordingPost: s.recordingPost,
		mango.PathUsers:         s.users, mango.PathGroups: s.groups, mango.PathLines: s.lines,
		mango.PathSIPs: s.sips, mango.PathBalance: s.balance,
	}
	maps.Copy(paths, more)
	for path, q := range paths {
		// The document and its users write paths with and without the last slash.
		mux.HandleFunc("/vpbx/"+path, s.signed(path, q))
		mux.HandleFunc("/vpbx/"+path+"/{$}", s.signed(path, q))
	}
	mux.HandleFunc("/vpbx/", s.signed("", func(http.ResponseWriter, []byte) int { return mango.CodeNotSupported }))
	mux.HandleFunc("GET /vpbx/"+mango.PathRecordingLink+"/{id}/{action}/{key}/{timestamp}/{sign}", s.recordingLink)
	return mux
}

// signed checks what every request to the API must have before q sees it.
func (s *Server) signed(path string, q Query) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.limits.refused() {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		form, code := s.check(w, r)
		if code == mango.CodeDone && !s.limits.allow(path) {
			TooMany(w)
			return
		}
		if code == mango.CodeDone {
			code = q(w, []byte(form.JSON))
		}
		if code != mango.CodeDone {
			s.refuse(w, code)
		}
	}
}

// TooMany is the answer beyond a rate limit (section 1.4.2).
func TooMany(w http.ResponseWriter) {
	control.JSON(w, http.StatusTooManyRequests, map[string]any{
		"name": "Service Unavailable", "message": "Rate limit exceeded.", "code": 0, "status": http.StatusTooManyRequests,
	})
}

func (s *Server) check(w http.ResponseWriter, r *http.Request) (mango.Form, int) {
	if r.Method != http.MethodPost {
		return mango.Form{}, mango.CodeNotPOST
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	values, err := formOf(r)
	if err != nil {
		return mango.Form{}, mango.CodeBadRequest
	}
	form := mango.ParseForm(values)
	return form, refusal(form, s.config.Key, s.config.Salt)
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
func (s *Server) refuse(w http.ResponseWriter, code int) {
	s.CountWrong(code)
	control.JSON(w, statusMethodFailure, map[string]int{"code": code})
}

// CountWrong counts towards the block. A thing that does not exist (33xx) is an
// answer to a right request, so it does not count (inferred).
func (s *Server) CountWrong(code int) {
	if code/100 == 30 || code/100 == 31 || code == mango.CodeMalformedJSON {
		s.limits.bad()
	}
	s.config.Log.Info("request refused", "code", code)
}

// recordingPost answers with a one-time link to a recording.
func (s *Server) recordingPost(w http.ResponseWriter, raw []byte) int {
	var r mango.RecordingRequest
	if json.Unmarshal(raw, &r) != nil {
		return mango.CodeBadFormat
	}
	if r.RecordingID == "" || r.Action == "" {
		return mango.CodeMissingParam
	}
	return s.redirect(w, string(r.RecordingID), string(r.Action))
}

// recordingLink is the way without a form: everything is in the path.
func (s *Server) recordingLink(w http.ResponseWriter, r *http.Request) {
	if s.limits.refused() {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if !s.limits.allow(mango.PathRecordingLink) {
		TooMany(w)
		return
	}
	var code int
	expires, err := strconv.ParseInt(r.PathValue("timestamp"), 10, 64)
	want := mango.LinkSign(s.config.Key, r.PathValue("timestamp"), r.PathValue("id"), s.config.Salt)
	switch {
	case r.PathValue("key") != s.config.Key:
		code = mango.CodeBadKey
	case r.PathValue("sign") != want:
		code = mango.CodeBadSign
	case err != nil || expires < s.config.Now().Unix():
		code = mango.CodeBadFormat
	default:
		code = s.redirect(w, r.PathValue("id"), r.PathValue("action"))
	}
	if code != mango.CodeDone {
		s.refuse(w, code)
	}
}

func (s *Server) redirect(w http.ResponseWriter, recordingID, action string) int {
	if action != "play" && action != "download" {
		return mango.CodeBadFormat
	}
	token, ok := s.config.Recordings.Link(recordingID)
	if !ok {
		return mango.CodeRecordNotFound
	}
	w.Header().Set("Location", "/files/"+url.PathEscape(token))
	w.WriteHeader(http.StatusFound)
	return mango.CodeDone
}

// accepted says that a command is taken; what becomes of it is its result's to tell.
func (s *Server) accepted(w http.ResponseWriter) {
	answer := mango.Answer{Result: mango.CodeDone}
	if s.config.AcceptedZero() {
		answer.Result = 0
	}
	control.JSON(w, http.StatusOK, answer)
}
