package telephones

import (
	"net"

	"github.com/emiago/sipgo/sip"
	"github.com/jellydator/ttlcache/v3"
	"golang.org/x/time/rate"
)

const (
	// messagesPerSecond is far above what a school's telephones send, twenty talks and their
	// registrations included. The library remembers each request for half a minute (RFC 3261, timer
	// J), so this bounds its memory, too.
	messagesPerSecond = 200
	messagesAtOnce    = 400
	// ofOneSource is what one source may take of that, so that its flood leaves room for the others;
	// mostSources is how many sources (host and port) are told apart.
	ofOneSource = 2 // one half
	mostSources = 1000
	// longestMessage in bytes; what comes by UDP in one piece is far shorter.
	longestMessage = 8 << 10
)

// gate drops what comes faster than telephones send, and what is no SIP: the library takes messages
// whose headers are missing, and falls over them later.
type gate struct {
	all     *rate.Limiter
	sources *ttlcache.Cache[string, *rate.Limiter]
}

func newGate() gate {
	return gate{
		rate.NewLimiter(messagesPerSecond, messagesAtOnce),
		ttlcache.New(ttlcache.WithCapacity[string, *rate.Limiter](mostSources)),
	}
}

// allows says whether a message may still come from an address. Ports are told apart, too: many
// telephones may be behind one address.
func (g gate) allows(from net.Addr) bool {
	own, _ := g.sources.GetOrSetFunc(from.String(), func() *rate.Limiter {
		return rate.NewLimiter(messagesPerSecond/ofOneSource, messagesAtOnce/ofOneSource)
	})
	return own.Value().Allow() && g.all.Allow()
}

func (g gate) filter(from sip.TransportReadProps, data []byte) ([]byte, error) {
	if len(data) > longestMessage || !g.allows(from.RemoteAddr) {
		return nil, nil
	}
	// Keep-alives of one or two line ends are no message and harmless.
	if len(data) > len("\r\n\r\n") && !whole(data) {
		return nil, nil
	}
	return data, nil
}

// whole reports whether a message has what every one must have (RFC 3261, section 8.1.1).
func whole(data []byte) bool {
	m, err := sip.ParseMessage(data)
	if err != nil {
		return false
	}
	via, from, to, id, number := m.Via(), m.From(), m.To(), m.CallID(), m.CSeq()
	if via == nil || from == nil || to == nil || id == nil || number == nil {
		return false
	}
	req, ok := m.(*sip.Request)
	return !ok || number.MethodName == req.Method
}
