package textindex

import (
	"fmt"
	"testing"
)

func newCache() *wordCache { return &wordCache{known: map[string]Usage{}} }

// meet is what a committed transaction does with one word; it gives what went to the database.
func meet(c *wordCache, word string, met Usage) (Usage, bool) {
	u, now := c.pending(word, met)
	all := Met{}
	all.note(word, met, now)
	c.commit(all)
	return u, now
}

func TestWordCache_countsAKnownWordRarely(t *testing.T) {
	t.Parallel()
	c := newCache()
	if u, now := meet(c, "вызов", Usage{Times: 1, In: 4}); !now || u.Times != 1 {
		t.Errorf("a new word: %+v, %t; it must be counted at once", u, now)
	}
	counted, times := 0, 0
	for range 10 * CountedAfter {
		if u, now := meet(c, "вызов", Usage{Times: 1, In: 4}); now {
			counted, times = counted+1, times+u.Times
		}
	}
	if counted != 10 || times != 10*CountedAfter {
		t.Errorf("written %d times, %d in all; want 10 and %d", counted, times, 10*CountedAfter)
	}
}

func TestWordCache_tellsANewKindAtOnce(t *testing.T) {
	t.Parallel()
	c := newCache()
	meet(c, "вызов", Usage{Times: 1, In: 4})
	if _, now := meet(c, "вызов", Usage{Times: 1, In: 32}); !now {
		t.Error("a word in a kind where it never stood waits: searches there would not find it")
	}
	if _, now := meet(c, "вызов", Usage{Times: 1, In: 4 | 32}); now {
		t.Error("both kinds are known, and still the word is written")
	}
}

func TestWordCache_remembersOnlyWhatWasCommitted(t *testing.T) {
	t.Parallel()
	c := newCache()
	if _, now := c.pending("вызов", Usage{Times: 1, In: 4}); !now {
		t.Fatal("a new word waits")
	}
	if _, now := c.pending("вызов", Usage{Times: 1, In: 4}); !now {
		t.Error("the first transaction was rolled back, and the word counts as known")
	}
}

func TestWordCache_staysBounded(t *testing.T) {
	t.Parallel()
	c := newCache()
	all := Met{}
	for i := range cachedWords {
		all.note(fmt.Sprint("w", i), Usage{Times: 1, In: 1}, true)
	}
	c.commit(all)
	c.commit(Met{"one": {Usage{Times: 1, In: 1}, true}, "more": {Usage{Times: 1, In: 1}, true}})
	if n := len(c.known); n > cachedWords {
		t.Errorf("%d words are remembered, at most %d may be", n, cachedWords)
	}
}
