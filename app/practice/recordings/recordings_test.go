package recordings_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"dozvon/app/practice/recordings"
)

func TestStore_soundsAndLinks(t *testing.T) {
	t.Parallel()
	now := time.Unix(1760000000, 0)
	s := recordings.New(func() time.Time { return now })
	if _, ok := s.Sound("1"); ok {
		t.Error("sound before there is any")
	}
	if _, ok := s.Link("1"); ok {
		t.Error("a link to nothing")
	}
	s.Add("1")
	s.Add("2")
	one, _ := s.Sound("1")
	two, _ := s.Sound("2")
	if len(one) < 1000 || len(one) == len(two) {
		t.Errorf("%d and %d bytes, want two dialogues", len(one), len(two))
	}
	mux := http.NewServeMux()
	mux.Handle("GET /files/{token}", s)
	get := func(token string) int {
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/files/"+token, nil))
		return answer.Code
	}
	once, _ := s.Link("1")
	if first, second := get(once), get(once); first != http.StatusOK || second != http.StatusNotFound {
		t.Errorf("the link answers %d, then %d", first, second)
	}
	old, _ := s.Link("1")
	now = now.Add(recordings.LinkLife + time.Second)
	if got := get(old); got != http.StatusNotFound {
		t.Errorf("an old link answers %d", got)
	}
	if !s.Remove("1") || s.Remove("1") {
		t.Error("a recording is removed once")
	}
	if _, ok := s.Sound("1"); ok {
		t.Error("it sounds though it is removed")
	}
}
