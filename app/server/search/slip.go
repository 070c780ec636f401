package search

// slipLeast is from how many letters on a word may have a slip in it: shorter ones are near to
// too many others.
const slipLeast = 4

// slips is how many slips a word of so many letters may have.
func slips(letters int) int {
	switch {
	case letters < slipLeast:
		return 0
	case letters < 8:
		return 1
	}
	return 2
}

// Near tells whether word, or its beginning, is typed up to a slip: a letter wrong, missing, too
// much, or two letters changed round.
func Near(typed, word string) bool {
	a, b := []rune(typed), []rune(word)
	allowed := slips(len(a))
	if allowed == 0 || len(b)+allowed < len(a) {
		return false
	}
	// The beginning of a longer word counts: «контстант» finds «константинопольский».
	for cut := len(a) - allowed; cut <= len(a)+allowed && cut <= len(b); cut++ {
		if cut > 0 && distance(a, b[:cut]) <= allowed {
			return true
		}
	}
	return false
}

// MayBeNear tells whether a word can have a near one: digits cannot.
func MayBeNear(typed string) bool {
	for _, r := range typed {
		if r >= '0' && r <= '9' {
			return false
		}
	}
	return slips(len([]rune(typed))) > 0
}

// distance counts the slips between two words (Damerau's, of neighbouring letters).
func distance(a, b []rune) int {
	before, last, now := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}
