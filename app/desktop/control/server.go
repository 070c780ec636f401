package control

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

const (
	// requestLimit bounds what is asked, in bytes; a sign-in is the longest, a few hundred.
	requestLimit = 64 << 10
	// sendLimit is how long a caller may take to send what they ask. They are on the same machine.
	sendLimit = 5 * time.Second
	// answerLimit bounds one command; click-to-call waits for the PBX.
	answerLimit = 20 * time.Second
	// callersLimit is how many callers are heard at once; the others wait their turn.
	callersLimit = 256
	// goodbyeLimit is how long Close waits for answers that are on their way.
	goodbyeLimit = time.Second
)

// problem is the answer of a command that failed.
type problem struct {
	Error string `json:"error"`
}

func newServer() *http.Server {
	return &http.Server{
		ReadHeaderTimeout: sendLimit, ReadTimeout: sendLimit, WriteTimeout: answerLimit + sendLimit, MaxHeaderBytes: 8 << 10,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
}

// serve answers until the server is closed.
func serve(server *http.Server, listener net.Listener, commands Commands) {
	server.Handler = routes(commands)
	server.SetKeepAlivesEnabled(false)
	err := server.Serve(netutil.LimitListener(ownOnly{listener}, callersLimit))
	if !errors.Is(err, http.ErrServerClosed) {
		slog.Error("control channel ended", "error", err)
	}
}

func routes(c Commands) http.Handler {
	type none = struct{}
	mux := http.NewServeMux()
	mux.Handle("POST /status", command(func(ctx context.Context, _ none) (Status, error) { return c.Status(ctx) }))
	mux.Handle("POST /start", order(c.Start))
	mux.Handle("POST /dial", order(c.Dial))
	mux.Handle("POST /sign-in", order(c.SignIn))
	mux.Handle("POST /restore", order(func(ctx context.Context, _ none) error { return c.Restore(ctx) }))
	mux.Handle("POST /do", order(c.Do))
	mux.Handle("POST /quit", order(func(ctx context.Context, _ none) error { return c.Quit(ctx) }))
	return mux
}

// order is a command that answers nothing.
func order[In any](carryOut func(context.Context, In) error) http.Handler {
	return command(func(ctx context.Context, in In) (struct{}, error) { return struct{}{}, carryOut(ctx, in) })
}

func command[In, Out any](carryOut func(context.Context, In) (Out, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in In
		body := json.NewDecoder(http.MaxBytesReader(w, r.Body, requestLimit))
		body.DisallowUnknownFields() // half of a newer program's wish would be another wish
		if err := body.Decode(&in); err != nil {
			answer(w, http.StatusBadRequest, problem{"the running dozvon does not understand this; it may be of another version"})
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), answerLimit)
		defer cancel()
		out, err := carryOut(ctx, in)
		if err != nil {
			answer(w, http.StatusUnprocessableEntity, problem{err.Error()})
			return
		}
		answer(w, http.StatusOK, out)
	})
}

func answer(w http.ResponseWriter, status int, what any) {
	raw, err := json.Marshal(what)
	if err != nil {
		slog.Error("answer of the control channel not written", "error", err)
		status, raw = http.StatusInternalServerError, []byte(`{"error":"the answer could not be written"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(raw) // whoever asked may be gone
}

// ownOnly accepts this person's programs and sends others away.
type ownOnly struct{ net.Listener }

// Accept waits for the next caller of ours.
func (l ownOnly) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if err := samePerson(conn); err != nil {
			slog.Warn("command refused", "reason", err)
			conn.Close()
			continue
		}
		return conn, nil
	}
}
