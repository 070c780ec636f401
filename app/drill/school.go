package drill

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/app/server/wire"
	"dozvon/client"
	practised "dozvon/client/sandbox"
)

// Who is there to practise with. The numbers are nobody's.
const (
	knownName, knownNumber     = "Учебный Иван Иванович", "79000000001"
	unknownNumber              = "79000000002"
	missedName, missedNumber   = "Пробная Мария Петровна", "79000000003"
	colleague                  = "Наставник Пётр Ильич"
	colleagueExtension         = "902"
	ownExtension               = "901" // of whoever has none in the real school
	lineNumber, lineName       = "+74950000900", "Учёба"
	contractNumber, contractOf = "900", "1"
)

// school is one that somebody practises in.
type school struct {
	dir       string
	pace      Pace
	until     time.Time
	extension string // of whoever practises
	colleague string // likewise
	token     string
	parts     *server.Parts
	handler   http.Handler // of its API
	pbx       *mango.PBX
	listener  net.Listener
	web       *http.Server
	life      context.Context
	end       context.CancelFunc
	running   sync.WaitGroup

	mu   sync.Mutex
	step string
}

// settle makes the people, the PBX and the cards.
func (s *school) settle(ctx context.Context, me client.Employee) error {
	s.extension, s.colleague = cmp.Or(me.Extension, ownExtension), colleagueExtension
	if s.extension == s.colleague {
		s.colleague = ownExtension
	}
	kind, name, on, key, salt := "mango", lineName, true, rand.Text(), rand.Text()
	address := "http://" + s.listener.Addr().String() + "/vpbx/"
	lines := []client.Line{{Number: lineNumber, Name: lineName}}
	made, err := s.parts.Directory.SaveIntegration(ctx, client.Employee{}, "", client.IntegrationInput{
		Kind: &kind, Name: &name, Active: &on, APIKey: &key, APISalt: &salt, APIURL: &address, Lines: &lines,
	})
	if err != nil {
		return fmt.Errorf("connecting the practice PBX: %w", err)
	}
	s.startPBX(s.parts.Directory.Snapshot().Integration(made.ID).HookURL, key, salt, me)
	trainee, err := s.hire(ctx, me.Name, s.extension)
	if err != nil {
		return err
	}
	if _, err := s.hire(ctx, colleague, s.colleague); err != nil {
		return err
	}
	account, err := s.parts.Store.AccountByLogin(ctx, loginOf(s.extension))
	if err != nil {
		return fmt.Errorf("finding who practises: %w", err)
	}
	in, err := s.parts.Sessions.Open(ctx, account, "")
	if err != nil {
		return fmt.Errorf("signing in who practises: %w", err)
	}
	s.token = in.Token
	return s.makeCards(ctx, trainee)
}

// loginOf is the login of whoever sits at an extension. Nobody types it.
func loginOf(extension string) string { return "practice" + extension }

// hire makes an employee of an extension.
func (s *school) hire(ctx context.Context, name, extension string) (client.Employee, error) {
	login, password, role := loginOf(extension), rand.Text(), client.RoleOperator
	e, err := s.parts.Staff.SaveEmployee(ctx, "", client.EmployeeInput{
		Name: &name, Login: &login, Password: &password, Role: &role, Extension: &extension,
	})
	if err != nil {
		return e, fmt.Errorf("hiring ext. %s: %w", extension, err)
	}
	return e, nil
}

func (s *school) makeCards(ctx context.Context, trainee client.Employee) error {
	number, name, category, group, note := contractNumber, knownName, "B", contractOf, "Учебный договор: меняйте что угодно."
	phones := []string{"+" + knownNumber}
	_, err := s.parts.Cards.Save(ctx, trainee, client.SubjectRef{Kind: client.KindContract}, wire.ContractInput(client.ContractInput{
		Number: &number, Name: &name, Phones: &phones, Category: &category, Group: &group, Note: &note, ResponsibleID: &trainee.ID,
	}))
	if err != nil {
		return fmt.Errorf("making the contract: %w", err)
	}
	kind, other, hers := "client", missedName, []string{"+" + missedNumber}
	_, err = s.parts.Cards.Save(ctx, trainee, client.SubjectRef{Kind: client.KindClient}, wire.ClientInput(client.ClientInput{Kind: &kind, Name: &other, Phones: &hers}))
	if err != nil {
		return fmt.Errorf("making the client: %w", err)
	}
	return nil
}

// ServeHTTP is the server's API in the name of whoever practises, and how far they are.
func (s *school) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && r.URL.Path == "/api/v1/practice" {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(practised.State{Step: s.at(), Until: s.until, Now: time.Now()}); err != nil {
			slog.Debug("state of a practice not told", "err", err)
		}
		return
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	s.handler.ServeHTTP(w, r)
}

// inside is a transport to a handler of this program.
type inside struct{ handler http.Handler }

// RoundTrip is http.RoundTripper's.
func (i inside) RoundTrip(req *http.Request) (*http.Response, error) {
	in := req.Clone(req.Context())
	in.RequestURI, in.RemoteAddr = req.URL.RequestURI(), nowhere
	if in.Body == nil {
		in.Body = http.NoBody
	}
	if in.Host == "" {
		in.Host = req.URL.Host
	}
	answer := &recorded{header: http.Header{}, status: http.StatusOK}
	i.handler.ServeHTTP(answer, in)
	return &http.Response{
		Status: http.StatusText(answer.status), StatusCode: answer.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: answer.header, Body: io.NopCloser(&answer.body), ContentLength: int64(answer.body.Len()), Request: req,
	}, nil
}

// recorded is an answer that is kept.
type recorded struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is http.ResponseWriter's.
func (r *recorded) Header() http.Header { return r.header }

// WriteHeader is http.ResponseWriter's.
func (r *recorded) WriteHeader(status int) { r.status = status }

// Write is http.ResponseWriter's.
func (r *recorded) Write(p []byte) (int, error) { return r.body.Write(p) }
