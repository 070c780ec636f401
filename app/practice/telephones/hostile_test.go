//go:build linux

package telephones_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/icholy/digest"

	"dozvon/app/practice/telephones"
)

// stranger is a second SIP stack: bytes in datagrams.
type stranger struct {
	t    *testing.T
	conn net.Conn
	sent int
}

func meet(t *testing.T, s *telephones.Server) *stranger {
	t.Helper()
	conn, err := net.Dial("udp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &stranger{t: t, conn: conn}
}

// request is a message to the PBX as extension, with more headers and a body.
func (s *stranger) request(method, extension string, more ...string) string {
	s.sent++
	at := s.conn.LocalAddr()
	return strings.Join(append([]string{
		fmt.Sprintf("%s sip:%s@%s SIP/2.0", method, extension, s.conn.RemoteAddr()),
		fmt.Sprintf("Via: SIP/2.0/UDP %s;branch=z9hG4bK%d;rport", at, s.sent),
		fmt.Sprintf("From: <sip:%s@%s>;tag=a", extension, s.conn.RemoteAddr()),
		fmt.Sprintf("To: <sip:%s@%s>", extension, s.conn.RemoteAddr()),
		fmt.Sprintf("Call-ID: %d-%s", s.sent, at), fmt.Sprintf("CSeq: %d %s", s.sent, method), "Max-Forwards: 70",
		fmt.Sprintf("Contact: <sip:%s@%s>", extension, at),
	}, more...), "\r\n") + "\r\nContent-Length: 0\r\n\r\n"
}

// ask sends until there is an answer, as SIP over UDP does.
func (s *stranger) ask(ctx context.Context, message string) string {
	s.t.Helper()
	buf := make([]byte, 8<<10)
	for ctx.Err() == nil {
		if _, err := s.conn.Write([]byte(message)); err != nil {
			s.t.Fatal(err)
		}
		_ = s.conn.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
		for {
			n, err := s.conn.Read(buf)
			if err != nil {
				break
			}
			answer := string(buf[:n])
			if _, cseq, ok := strings.Cut(message, "CSeq: "); ok && strings.Contains(answer, "CSeq: "+strings.SplitN(cseq, "\r\n", 2)[0]) {
				return answer
			}
		}
	}
	s.t.Fatal("no answer")
	return ""
}

// signed is the Authorization that answers a challenge.
func signed(t *testing.T, challenge, method, extension, secret string) string {
	t.Helper()
	_, value, ok := strings.Cut(challenge, "WWW-Authenticate: ")
	if !ok {
		t.Fatalf("no challenge: %s", challenge)
	}
	c, err := digest.ParseChallenge(strings.SplitN(value, "\r\n", 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	cred, err := digest.Digest(c, digest.Options{Method: method, URI: "sip:pbx", Username: extension, Password: secret})
	if err != nil {
		t.Fatal(err)
	}
	return "Authorization: " + cred.String()
}

func TestRegister_wantsThePassword(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ extension, signedAs, secret, want string }{
		"right":             {"101", "101", password, "200"},
		"wrong password":    {"101", "101", "guess", "403"},
		"unknown extension": {"777", "777", password, "403"},
		"another's account": {"101", "102", password, "403"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			s := open(t)
			stranger := meet(t, s)
			challenge := stranger.ask(ctx, stranger.request("REGISTER", tt.extension))
			if !strings.HasPrefix(challenge, "SIP/2.0 401") {
				t.Fatalf("without a password: %s", challenge)
			}
			got := stranger.ask(ctx, stranger.request("REGISTER", tt.extension, signed(t, challenge, "REGISTER", tt.signedAs, tt.secret), "Expires: 60"))
			if !strings.HasPrefix(got, "SIP/2.0 "+tt.want) {
				t.Errorf("answered %s", got)
			}
			if have := s.Registered(tt.extension); (have == 1) != (tt.want == "200") {
				t.Errorf("%d devices", have)
			}
			if tt.want != "200" {
				return
			}
			stranger.ask(ctx, stranger.request("REGISTER", tt.extension, signed(t, challenge, "REGISTER", tt.signedAs, tt.secret), "Expires: 0"))
			if have := s.Registered(tt.extension); have != 0 {
				t.Errorf("%d devices after the registration was ended", have)
			}
		})
	}
}

// TestServer_answersStrangersClearly: what it does not take is refused in words, and what is no SIP leaves it as it was.
func TestServer_answersStrangersClearly(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	s := open(t)
	stranger := meet(t, s)
	for _, garbage := range []string{
		"", "\x00\x00\x00\x00", "SIP", "REGISTER", "INVITE sip:101 SIP/2.0\r\n\r\n", strings.Repeat("A", 60_000),
		"REGISTER sip:101@x SIP/2.0\r\nVia: \r\nTo: \r\nCSeq: x\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n", "INVITE sip:1@x SIP/2.0\r\nContent-Length: 99999999\r\n\r\n",
		"BYE sip:101@x SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bKx\r\nCSeq: 1 BYE\r\n\r\n",
		"INVITE sip:101@x SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bKy\r\nFrom: <sip:a@x>\r\nTo: <sip:101@x>;tag=b\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n\r\n",
	} {
		if _, err := stranger.conn.Write([]byte(garbage)); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct{ method, header, want string }{
		{"OPTIONS", "", "200"},
		{"REGISTER", "Authorization: nonsense", "400"},
		{"REGISTER", `Authorization: Digest username="101", realm="dozvon-pbx", nonce="AAAA", uri="x", response="x"`, "401"},
		{"INVITE", "", "501"},
		{"BYE", "", "4"},
		{"REFER", "Refer-To: <sip:102@x>", "481"},
	} {
		more := []string{"Supported: path"}
		if tt.header != "" {
			more = append(more, tt.header)
		}
		if got := stranger.ask(ctx, stranger.request(tt.method, "101", more...)); !strings.HasPrefix(got, "SIP/2.0 "+tt.want) {
			t.Errorf("%s %s is answered %s", tt.method, tt.header, got)
		}
	}
}

// TestServer_outlastsAFlood: what comes faster than telephones send is dropped, and a telephone gets through afterwards.
func TestServer_outlastsAFlood(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	s := open(t)
	flood := meet(t, s)
	for range 5000 {
		if _, err := flood.conn.Write([]byte(flood.request("REGISTER", "101"))); err != nil {
			t.Fatal(err)
		}
	}
	own := meet(t, s)
	if got := own.ask(ctx, own.request("OPTIONS", "101")); !strings.HasPrefix(got, "SIP/2.0 200") {
		t.Errorf("after a flood: %s", got)
	}
}
