//go:build linux

package bench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"dozvon/app/mango"
)

// webhook is what the PBX posts.
type webhook struct{ path, payload string }

// answered is the whole life of an inbound call to extension 101, as the PBX tells it.
func answered(n int, caller string) []webhook {
	at := time.Now().Unix()
	leg := func(seq int, state mango.Text, reason int) webhook {
		return callEvent(n, 1, "101", caller, seq, state, at+int64(seq), reason)
	}
	return []webhook{
		leg(1, mango.StateAppeared, 0), leg(2, mango.StateConnected, 0), leg(3, mango.StateDisconnected, 1120),
		summary(n, "101", caller, at),
	}
}

func callEvent(n, leg int, extension, caller string, seq int, state mango.Text, at int64, reason int) webhook {
	e := map[string]any{
		"entry_id": fmt.Sprintf("MTYxNzAw%08d=", n), "call_id": fmt.Sprintf("MToxMDA0NTY3ODo1MDI6NjQ0%08d%d", n, leg), "timestamp": at, "seq": seq,
		"call_state": state, "location": mango.LocationAbonent, "from": map[string]any{"number": caller}, "to": destination(extension),
		"dct": map[string]any{"type": 0},
	}
	if reason != 0 {
		e["disconnect_reason"] = reason
	}
	return webhook{mango.PathCall, encode(e)}
}

func summary(n int, extension, caller string, at int64) webhook {
	return webhook{mango.PathSummary, encode(map[string]any{
		"entry_id": fmt.Sprintf("MTYxNzAw%08d=", n), "call_direction": 1, "from": map[string]any{"number": caller}, "to": destination(extension),
		"line_number": "74950000010", "create_time": at, "forward_time": at, "talk_time": at + 2, "end_time": at + 3, "entry_result": 1, "disconnect_reason": 1120,
	})}
}

func destination(extension string) map[string]any {
	return map[string]any{"extension": extension, "number": "sip:user" + extension + "@vpbx400045678.mangosip.ru", "line_number": "74950000010"}
}

func encode(v any) string {
	raw, _ := json.Marshal(v) // maps of texts and numbers always encode
	return string(raw)
}

// request is the webhook's POST, byte by byte, so that sending it costs next to nothing.
func (w webhook) request() []byte {
	body := mango.NewForm(key, salt, w.payload).Values().Encode()
	return fmt.Appendf(nil, "POST /mango/%s HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		w.path, len(body), body)
}

// sender is one kept-alive connection of the PBX.
type sender struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(t *testing.T, addr string) *sender {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	closing(t, conn)
	return &sender{conn, bufio.NewReaderSize(conn, 1024)}
}

func (s *sender) send(request []byte) error {
	if _, err := s.conn.Write(request); err != nil {
		return err
	}
	resp, err := http.ReadResponse(s.in, nil)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("webhook answered %s", resp.Status)
	}
	return err
}

// caller is one of some thousands: half of them have a card.
func caller(n int) string { return fmt.Sprintf("7903%07d", n%4000) }
