package pbx_test

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"dozvon/app/bilingual"
	"dozvon/app/server/pbx"
)

// What we refuse ourselves is not told as an answer of the PBX, and no number of ours is told at all.
func TestSentenceOf_tellsOurOwnRefusalAsOurs(t *testing.T) {
	t.Parallel()
	words := bilingual.Text{RU: "запись лежит не у АТС", EN: "the recording lies elsewhere"}
	for name, tt := range map[string]struct {
		code   int
		answer bool
	}{"ours": {2, false}, "HTTP's": {403, true}, "the PBX's": {1100, true}} {
		r := &pbx.Refused{Code: tt.code, Words: words, Advice: bilingual.Text{RU: "Проверьте адрес.", EN: "Check the address."}}
		told := pbx.SentenceOf(r)
		for _, sentence := range []string{told.RU, told.EN, r.Error()} {
			if got := strings.ContainsAny(sentence, "0123456789"); got != tt.answer {
				t.Errorf("%s: %q", name, sentence)
			}
		}
		if strings.Contains(told.RU, "АТС ответила") != tt.answer || !strings.Contains(told.RU, words.RU) || !strings.HasSuffix(told.RU, "Проверьте адрес.") {
			t.Errorf("%s: %q", name, told.RU)
		}
	}
}

// TestNoAnswer_isNotOurOwnFailure: «check the server's internet» is no help where the server has no room for a
// connection more.
func TestNoAnswer_isNotOurOwnFailure(t *testing.T) {
	t.Parallel()
	dial := func(errno syscall.Errno) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("socket", errno)}
	}
	for name, tt := range map[string]struct {
		err  error
		want bool
	}{
		"nobody listens": {dial(syscall.ECONNREFUSED), true}, "it broke off": {io.ErrUnexpectedEOF, true},
		"too many open files here": {dial(syscall.EMFILE), false}, "no memory here": {dial(syscall.ENOMEM), false},
	} {
		if err := pbx.NoAnswer(tt.err); errors.Is(err, pbx.ErrUnreachable) != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
