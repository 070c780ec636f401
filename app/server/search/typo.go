package search

// typoLeast is from how many letters on a word may have a typo in it: shorter ones are like
// too many others.
const typoLeast = 4

// typos is how many typos a word of so many letters may have.
func typos(letters int) int {
	switch {
	case letters < typoLeast:
		return 0
	case letters < 8:
		return 1
	}
	return 2
}

// FuzzyMatch tells whether word, or its beginning, is typed but for a typo: a letter wrong, missing, too
// much, or two letters changed round.
func FuzzyMatch(typed, word string) bool {
	a, b := []rune(typed), []rune(word)
	allowed := typos(len(a))
	if allowed == 0 || len(b)+allowed < len(a) {
		return false
	}
	// The beginning of a longer word counts: «контстант» finds «константинопольский».
	b = b[:min(len(b), len(a)+allowed)]
	for cut, n := range distances(a, b, allowed) {
		if cut > 0 && n <= allowed {
			return true
		}
	}
	return false
}

// MayHaveTypo tells whether a word can have a typo: figures cannot.
func MayHaveTypo(typed string) bool {
	for _, r := range typed {
		if r >= '0' && r <= '9' {
			return false
		}
	}
	return typos(len([]rune(typed))) > 0
}

// distances counts the typos between a and each beginning of b (Damerau's, of neighbouring letters);
// nothing when it turns out on the way that all are more than allowed.
func distances(a, b []rune, allowed int) []int {
	n := len(b) + 1
	rows := make([]int, 3*n)
	before, last, now := rows[:n], rows[n:2*n], rows[2*n:]
	for j := range last {
		last[j] = j
	}
	least := 0
	for i := 1; i <= len(a); i++ {
		former := least
		now[0], least = i, i
		for j := 1; j < n; j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
			least = min(least, now[j])
		}
		// Two rows, for letters changed round look two back.
		if least > allowed && former > allowed {
			return nil
		}
		before, last, now = last, now, before
	}
	return last
}
