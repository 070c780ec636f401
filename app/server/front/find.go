package front

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"

	"dozvon/app/server/access"
	"dozvon/app/server/deadline"
	"dozvon/app/server/directory"
	"dozvon/app/server/hookbody"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store/registry"
)

const (
	welcomePath  = "/api/v1/welcome"
	sessionsPath = "/api/v1/sessions"
	streamPath   = "/api/v1/stream"
	practicePath = "/api/v1/practice"
	// signInMost bounds what is read of a sign-in's body to find its school; the school has the same bound.
	signInMost = 16 << 10
)

// finding is whose a request is.
type finding struct {
	// schools are the names of those that it may be of; more than one only of a webhook without a word of its own.
	schools []string
	hook    bool // it is a PBX's
	probe   bool // it only asks whether somebody is there
}

// lasting tells whether a request is one that goes on for hours.
func (f finding) lasting(r *http.Request) bool {
	return !f.hook && r.Method == http.MethodGet && (r.URL.Path == streamPath || r.URL.Path == practicePath)
}

// find tells whose a request is: by its host, by what it holds. The two must not differ. No school: nothing tells.
// refusal is the code of a problem.
func (f *Front) find(w http.ResponseWriter, r *http.Request, path string) (found finding, refusal string) {
	var refused error
	if word, ok := f.hookWord(path); ok {
		found = f.byAddress(r.Context(), registry.AddressOf("", word))
	} else if kind, ok := f.shared(path); ok {
		found, refused = f.byKey(w, r, path, kind)
	} else {
		found, refused = f.byCaller(w, r, path)
	}
	if refused != nil {
		return found, codeOf(refused)
	}
	host, known, err := f.byHost(r)
	switch {
	case err != nil:
		return found, "no_school"
	case !known:
	case len(found.schools) == 0 && !found.hook:
		found.schools = []string{host}
	case !found.hook && found.schools[0] != host:
		return found, "wrong_school"
	}
	for _, name := range found.schools {
		switch f.Mirror.State(r.Context(), name) {
		case registry.Active:
		case registry.Suspended:
			return found, "school_suspended"
		case "":
			return found, "no_school"
		default:
			return found, "school_away"
		}
	}
	return found, ""
}

// codeOf is the refusal of a request that could not be read as far as its school.
func codeOf(err error) string {
	if errors.Is(err, errForeignHook) {
		return "no_school"
	}
	return "slow_body"
}

// errForeignHook says that a PBX's request cannot be read, or is of no account here.
var errForeignHook = errors.New("the request tells no account that is known here")

// byHost is the school of the host that was asked; errors.New when the host is one of a school that is not there.
func (f *Front) byHost(r *http.Request) (name string, known bool, err error) {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if name, ok := f.Mirror.Host(r.Context(), host); ok {
		return name, true, nil
	}
	if f.BaseHost == "" {
		return "", false, nil
	}
	label, below := strings.CutSuffix(host, "."+strings.ToLower(f.BaseHost))
	if !below {
		return "", false, nil
	}
	if f.Mirror.State(r.Context(), label) == "" {
		return "", false, errForeignHook
	}
	return label, true, nil
}

// byCaller is the school that whoever asks names: in the token, when they sign in, or in the address.
func (f *Front) byCaller(w http.ResponseWriter, r *http.Request, path string) (finding, error) {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return named(access.SchoolOf(token)), nil
	}
	switch {
	case path == welcomePath:
		return named(f.nameOf(r.Context(), r.URL.Query().Get("school"))), nil
	case path == sessionsPath && r.Method == http.MethodPost:
		raw, err := f.peek(w, r)
		if err != nil {
			return finding{}, err
		}
		var in struct {
			School string `json:"school"`
		}
		if json.Unmarshal(raw, &in) != nil {
			return finding{}, nil // by its host it may still have a school, which tells what is wrong with it
		}
		return named(f.nameOf(r.Context(), in.School)), nil
	}
	return finding{}, nil
}

func named(name string) finding {
	if name == "" {
		return finding{}
	}
	return finding{schools: []string{name}}
}

// nameOf is the name of the school that people call so: by its name, or its host.
func (f *Front) nameOf(ctx context.Context, said string) string {
	said = strings.ToLower(strings.TrimSpace(said))
	if name, ok := f.Mirror.Host(ctx, said); ok {
		return name
	}
	if f.BaseHost != "" {
		said = strings.TrimSuffix(said, "."+strings.ToLower(f.BaseHost))
	}
	return said
}

// peek reads the beginning of a body and puts it back.
func (f *Front) peek(w http.ResponseWriter, r *http.Request) (raw []byte, err error) {
	rest := r.Body
	timed := deadline.Handler(f.BodyIdle, http.HandlerFunc(func(_ http.ResponseWriter, timed *http.Request) {
		raw, err = io.ReadAll(io.LimitReader(timed.Body, signInMost+1))
	}))
	timed.ServeHTTP(w, r.WithContext(r.Context()))
	if err != nil {
		return nil, err
	}
	r.Body = restored(raw, rest)
	return raw, nil
}

// restored is a body whose beginning was read.
func restored(raw []byte, rest io.ReadCloser) io.ReadCloser {
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(raw), rest), rest}
}

// hookWord is the secret word in the path of a PBX's request.
func (f *Front) hookWord(path string) (word string, ok bool) {
	if rest, own := strings.CutPrefix(path, directory.HookPath); own {
		return rest[:min(len(rest), directory.HookLength)], true
	}
	if kind, ok := f.shared(path); ok {
		word, _ := directory.SplitHook(strings.TrimPrefix(path, kind.Shared.Path))
		return word, word != ""
	}
	return "", false
}

// shared is the kind whose accounts share the address of a request.
func (f *Front) shared(path string) (pbx.Kind, bool) {
	for _, kind := range f.Kinds {
		if kind.Shared != nil && strings.HasPrefix(path, kind.Shared.Path) {
			return kind, true
		}
	}
	return pbx.Kind{}, false
}

func (f *Front) byAddress(ctx context.Context, a registry.Address) finding {
	return finding{schools: f.Mirror.Address(ctx, a), hook: true}
}

// byKey reads of which account a request is, and whose that account is. Several schools may say that it is theirs:
// the request's signature tells.
func (f *Front) byKey(w http.ResponseWriter, r *http.Request, path string, kind pbx.Kind) (finding, error) {
	var raw []byte
	var err error
	timed := deadline.Handler(f.BodyIdle, http.HandlerFunc(func(w http.ResponseWriter, timed *http.Request) { raw, err = hookbody.Read(w, timed) }))
	timed.ServeHTTP(w, r.WithContext(r.Context()))
	if err != nil {
		return finding{hook: true}, errForeignHook
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	r.Header.Del("Content-Encoding")
	key, probe, err := kind.Shared.Key(pbx.Request{
		Method: r.Method, Path: strings.TrimPrefix(path, kind.Shared.Path), Query: r.URL.Query(), Header: r.Header, Body: raw,
	})
	switch {
	case err != nil:
		return finding{hook: true}, errForeignHook
	case probe:
		return finding{hook: true, probe: true}, nil
	}
	return f.byAddress(r.Context(), registry.AddressOf(kind.Name, key)), nil
}
