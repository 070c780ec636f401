package telephones

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os/exec"
	"sync"
	"time"

	"github.com/emiago/diago"
	"github.com/emiago/diago/media"
	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"dozvon/app/practice"
)

// name is the PBX's own in SIP: the user of its contact and what it calls itself.
const name = "dozvon-pbx"

// encoderProgram is LAME, the usual encoder of MP3. It is a program of its own, because no Go module
// that can be had encodes 8 kHz.
const encoderProgram = "lame"

// Config says where telephones register and with what password.
type Config struct {
	// Listen is a UDP address, such as 127.0.0.1:5060; port 0 is any free one.
	Listen string
	// Password is that of every account.
	Password string
	// Alive is how often a telephone in a talk is asked whether it is still there; 15 s if 0. Two
	// questions without an answer end the talk: its BYE is lost.
	Alive time.Duration
	Log   *slog.Logger
}

// Server is the SIP side of a practice PBX. Listen starts it, Close ends it.
type Server struct {
	log       *slog.Logger
	encoder   string
	alive     time.Duration
	conn      net.PacketConn
	agent     *sipgo.UserAgent
	diago     *diago.Diago
	registrar *registrar
	life      *practice.Life
	closing   sync.Once

	mu      sync.Mutex // guards what follows
	devices map[string]*device
}

var _ practice.Telephones = (*Server)(nil)

// quiet keeps the libraries' own words, which hold whole messages with numbers, out of the log.
var quiet = sync.OnceFunc(func() {
	sip.SetDefaultLogger(slog.New(slog.DiscardHandler))
	media.SetDefaultLogger(slog.New(slog.DiscardHandler))
})

// Listen opens the address and begins to answer. Nobody can register before Admit.
func Listen(config Config) (*Server, error) {
	quiet()
	encoder, err := exec.LookPath(encoderProgram)
	if err != nil {
		return nil, fmt.Errorf("telephones are recorded by the program %s, which is not there (make deps installs it): %w", encoderProgram, err)
	}
	conn, err := net.ListenPacket("udp", config.Listen)
	if err != nil {
		return nil, fmt.Errorf("listening for telephones: %w", err)
	}
	s := &Server{
		log: cmp.Or(config.Log, slog.New(slog.DiscardHandler)), encoder: encoder, alive: cmp.Or(config.Alive, 15*time.Second), conn: conn,
		registrar: newRegistrar(config.Password), life: practice.NewLife(), devices: map[string]*device{},
	}
	if err := s.open(); err != nil {
		conn.Close()
		return nil, err
	}
	return s, nil
}

// open makes the SIP stack on the socket.
func (s *Server) open() error {
	local, ok := s.conn.LocalAddr().(*net.UDPAddr)
	if !ok {
		return fmt.Errorf("listening for telephones: %s is no UDP address", s.conn.LocalAddr())
	}
	var err error
	s.agent, err = sipgo.NewUA(sipgo.WithUserAgent(name), sipgo.WithUserAgentHostname(local.IP.String()),
		sipgo.WithUserAgentTransportLayerOptions(sip.WithTransportLayerReadFilter(newGate().filter)))
	if err != nil {
		return fmt.Errorf("starting SIP: %w", err)
	}
	client, err := sipgo.NewClient(s.agent, sipgo.WithClientNAT(), sipgo.WithClientConnectionAddr(local.String()))
	if err != nil {
		return fmt.Errorf("starting SIP: %w", err)
	}
	client.TxRequester = (*outgoing)(s)
	server, err := sipgo.NewServer(s.agent)
	if err != nil {
		return fmt.Errorf("starting SIP: %w", err)
	}
	s.diago = diago.NewDiago(s.agent, diago.WithServer(server), diago.WithClient(client),
		diago.WithTransport(diago.Transport{Transport: "udp", BindHost: local.IP.String(), BindPort: local.Port}),
		diago.WithMediaConfig(diago.MediaConfig{Codecs: []media.Codec{media.CodecAudioAlaw, media.CodecAudioUlaw, media.CodecTelephoneEvent8000}}),
		diago.WithServerRequestMiddleware(s.follow))
	server.OnRegister(s.registrar.register)
	server.OnRefer(s.referred)
	s.life.Background(func() {
		if err := server.ServeUDP(s.conn); err != nil && !errors.Is(err, net.ErrClosed) {
			s.log.Error("no longer listening for telephones", "err", err)
		}
	})
	return nil
}

// Admit gives each extension an account.
func (s *Server) Admit(extensions ...string) { s.registrar.admit(extensions) }

// Addr is where telephones register, host:port.
func (s *Server) Addr() string { return s.conn.LocalAddr().String() }

// Registered is how many devices an extension has.
func (s *Server) Registered(extension string) int { return len(s.registrar.contacts(extension)) }

// Close hangs everything up and waits for it.
func (s *Server) Close() {
	s.closing.Do(func() {
		s.mu.Lock()
		var all []*telephone
		for _, d := range s.devices {
			all = append(all, d.telephone)
		}
		s.mu.Unlock()
		for _, t := range all {
			t.Release(false)
		}
		s.part(all)
		s.agent.Close() // ends what still waits for an answer
		s.conn.Close()
		s.life.Close()
	})
}

// part waits until the telephones have been told that their calls have ended, or do not answer.
func (s *Server) part(all []*telephone) {
	told := make(chan struct{})
	go func() {
		for _, t := range all {
			t.wait()
		}
		close(told)
	}()
	limit := time.NewTimer(partingLimit)
	defer limit.Stop()
	select {
	case <-told:
	case <-limit.C:
	}
}

// survive keeps a telephone's nonsense, over which the library falls, from ending the PBX.
func (s *Server) survive(doing string) {
	if broken := recover(); broken != nil {
		s.log.Warn("a telephone's message cannot be understood", "while", doing, "panic", broken)
	}
}

// device returns the device that a request's dialog is with; nil if it is with none.
func (s *Server) device(callID *sip.CallIDHeader) *device {
	if callID == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.devices[callID.Value()]
}

func (s *Server) keep(callID string, d *device) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.devices[callID] = d
}

func (s *Server) forget(callID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.devices, callID)
}

// outgoing is what every request to a telephone goes through: it goes to where the device registered
// from, whatever address it calls its own, and a CANCEL says why (RFC 3326), which the library's does not.
type outgoing Server

// Request sends a request of a transaction, or an ACK, which has none.
func (o *outgoing) Request(ctx context.Context, req *sip.Request) (sip.ClientTransaction, error) {
	s := (*Server)(o)
	if d := s.device(req.CallID()); d != nil {
		req.SetDestination(d.contact.source)
		if req.IsCancel() && d.telephone.answeredElsewhere() {
			req.AppendHeader(sip.NewHeader("Reason", `SIP;cause=200;text="Call completed elsewhere"`))
		}
	}
	if req.IsAck() {
		if err := s.agent.TransportLayer().WriteMsg(req); err != nil {
			return nil, fmt.Errorf("sending an ACK: %w", err)
		}
		return nil, nil //nolint:nilnil // an ACK has no transaction
	}
	tx, err := s.agent.TransactionLayer().Request(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("sending a %s: %w", req.Method, err)
	}
	return tx, nil
}
