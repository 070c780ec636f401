//go:build linux

package telephones_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/telephones"
)

// await reads until a message begins with something.
func (s *stranger) await(ctx context.Context, begins string) string {
	s.t.Helper()
	buf := make([]byte, 8<<10)
	for ctx.Err() == nil {
		_ = s.conn.SetReadDeadline(time.Now().Add(time.Second))
		n, err := s.conn.Read(buf)
		if err == nil && strings.HasPrefix(string(buf[:n]), begins) {
			return string(buf[:n])
		}
	}
	s.t.Fatalf("no %s came", begins)
	return ""
}

// header is a header of a message with its name, such as "Via: …".
func header(message, name string) string {
	for line := range strings.SplitSeq(message, "\r\n") {
		if strings.HasPrefix(strings.ToLower(line), strings.ToLower(name)+":") {
			return line
		}
	}
	return ""
}

// reply answers a request of the PBX.
func (s *stranger) reply(request, status, contact, sdp string) {
	s.t.Helper()
	to := header(request, "To")
	if !strings.Contains(to, "tag=") {
		to += ";tag=z"
	}
	lines := []string{"SIP/2.0 " + status, header(request, "Via"), header(request, "From"), to, header(request, "Call-ID"), header(request, "CSeq")}
	if contact != "" {
		lines = append(lines, "Contact: <"+contact+">")
	}
	if sdp != "" {
		lines = append(lines, "Content-Type: application/sdp")
	}
	lines = append(lines, fmt.Sprintf("Content-Length: %d", len(sdp)), "", sdp)
	if _, err := s.conn.Write([]byte(strings.Join(lines, "\r\n"))); err != nil {
		s.t.Fatal(err)
	}
}

// register makes the stranger a telephone of 101 that calls itself contact.
func (s *stranger) register(ctx context.Context, contact string) {
	s.t.Helper()
	message := func(more ...string) string {
		m := s.request("REGISTER", "101", more...)
		return strings.Replace(m, header(m, "Contact"), "Contact: <"+contact+">", 1)
	}
	challenge := s.ask(ctx, message())
	if got := s.ask(ctx, message(signed(s.t, challenge, "REGISTER", "101", password))); !strings.HasPrefix(got, "SIP/2.0 200") {
		s.t.Fatal(got)
	}
}

// offer is the sound that a telephone has.
func offer(media string, attributes ...string) string {
	return strings.Join(append([]string{"v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", media}, attributes...), "\r\n") + "\r\n"
}

func ring(s *telephones.Server) (practice.Telephone, chan practice.Signal) {
	told := make(chan practice.Signal, 8)
	return s.Ring(practice.Ringing{Extension: "101", From: client, Tell: func(s practice.Signal) bool {
		told <- s
		return true
	}}), told
}

// TestTelephone_whoseSoundWeDoNotHaveIsHungUp: whatever a telephone answers, it is hung up and the PBX goes on.
func TestTelephone_whoseSoundWeDoNotHaveIsHungUp(t *testing.T) {
	t.Parallel()
	for name, sdp := range map[string]string{
		"another codec":         offer("m=audio 40000 RTP/AVP 96", "a=rtpmap:96 opus/48000/2"),
		"none":                  "",
		"no SDP":                "hello",
		"video":                 offer("m=video 40000 RTP/AVP 96", "a=rtpmap:96 VP8/90000"),
		"a codec told twice":    offer("m=audio 40000 RTP/AVP 96", "a=rtpmap:96 opus/48000/2", "a=rtpmap:96 opus/48000/2"),
		"encrypted":             offer("m=audio 40000 RTP/SAVP 8", "a=crypto:1"),
		"a port that is none":   offer("m=audio x RTP/AVP 8"),
		"an address that lacks": strings.Replace(offer("m=audio 40000 RTP/AVP 8"), "c=IN IP4 127.0.0.1\r\n", "", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			s := open(t)
			own := meet(t, s)
			at := "sip:101@" + own.conn.LocalAddr().String()
			own.register(ctx, at)
			_, told := ring(s)
			own.reply(own.await(ctx, "INVITE"), "200 OK", at, sdp)
			own.await(ctx, "ACK")
			own.reply(own.await(ctx, "BYE"), "200 OK", "", "")
			if got := next(ctx, t, told); got.Does != practice.NoAnswer {
				t.Errorf("the telephone %+v", got)
			}
		})
	}
}

// TestTelephone_behindNATIsReached: a telephone that calls itself by an address of its own network is rung, talked
// with and hung up where it registered from.
func TestTelephone_behindNATIsReached(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	s := open(t)
	own := meet(t, s)
	const inside = "sip:101@10.1.2.3:5062"
	own.register(ctx, inside)
	rings, told := ring(s)
	own.reply(own.await(ctx, "INVITE "+inside), "200 OK", inside, offer("m=audio 40000 RTP/AVP 8"))
	own.await(ctx, "ACK")
	if got := next(ctx, t, told); got.Does != practice.Answers {
		t.Fatalf("the telephone %+v", got)
	}
	rings.Release(false)
	own.reply(own.await(ctx, "BYE"), "200 OK", "", "")
	rings, _ = ring(s)
	own.reply(own.await(ctx, "INVITE "+inside), "180 Ringing", inside, "")
	rings.Release(false)
	own.await(ctx, "CANCEL")
}

// TestTelephone_thatIsThereNoMoreEndsTheTalk: its BYE is lost, or it has forgotten the talk.
func TestTelephone_thatIsThereNoMoreEndsTheTalk(t *testing.T) {
	t.Parallel()
	for name, forgets := range map[string]bool{"gone": false, "begun anew": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			s := openWith(t, telephones.Config{Alive: 50 * time.Millisecond})
			own := meet(t, s)
			at := "sip:101@" + own.conn.LocalAddr().String()
			own.register(ctx, at)
			_, told := ring(s)
			own.reply(own.await(ctx, "INVITE"), "200 OK", at, offer("m=audio 40000 RTP/AVP 8"))
			if got := next(ctx, t, told); got.Does != practice.Answers {
				t.Fatalf("the telephone %+v", got)
			}
			if forgets {
				for range 2 {
					own.reply(own.await(ctx, "OPTIONS"), "481 Call/Transaction Does Not Exist", "", "")
				}
			}
			if got := next(ctx, t, told); got.Does != practice.HangsUp {
				t.Errorf("the telephone %+v", got)
			}
		})
	}
}

// TestTelephone_offersNonsenseInATalk: a re-INVITE that cannot be read is refused, and the talk goes on.
func TestTelephone_offersNonsenseInATalk(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	s := open(t)
	own := meet(t, s)
	at := "sip:101@" + own.conn.LocalAddr().String()
	own.register(ctx, at)
	rings, told := ring(s)
	invite := own.await(ctx, "INVITE")
	own.reply(invite, "200 OK", at, offer("m=audio 40000 RTP/AVP 8"))
	own.await(ctx, "ACK")
	next(ctx, t, told)
	for i, tt := range []struct{ sdp, want string }{
		{"hello", "488"},
		{offer("m=audio 40000 RTP/AVP 96", "a=rtpmap:96 opus/48000/2"), "4"},
		{offer("m=audio 40000 RTP/AVP 96", "a=rtpmap:96 opus/48000/2", "a=rtpmap:96 opus/48000/2"), "4"},
		{offer("m=audio 40000 RTP/AVP 8", "a=sendonly"), "200"},
	} {
		m := strings.Join([]string{
			"INVITE sip:dozvon-pbx@" + s.Addr() + " SIP/2.0", fmt.Sprintf("Via: SIP/2.0/UDP %s;branch=z9hG4bKre%d;rport", own.conn.LocalAddr(), i),
			strings.Replace(header(invite, "To"), "To:", "From:", 1) + ";tag=z", strings.Replace(header(invite, "From"), "From:", "To:", 1),
			header(invite, "Call-ID"), fmt.Sprintf("CSeq: %d INVITE", i+1), "Max-Forwards: 70", "Contact: <" + at + ">", "Content-Type: application/sdp",
			fmt.Sprintf("Content-Length: %d", len(tt.sdp)), "", tt.sdp,
		}, "\r\n")
		if got := own.ask(ctx, m); !strings.HasPrefix(got, "SIP/2.0 "+tt.want) {
			t.Errorf("%q is answered %s", tt.sdp, got)
		}
	}
	if got := next(ctx, t, told); got.Does != practice.Holds {
		t.Errorf("the telephone %+v", got)
	}
	rings.Release(false)
	own.await(ctx, "BYE")
}
