package phone

import (
	"strings"
	"unicode"
)

// label gives every telephone the words and the extension that stand beside it.
func (s *scanned) label(found []*item) {
	first, last := found[0], found[len(found)-1]
	head := s.stretch(0, first.at)
	tail := s.stretch(last.end, len(s.src))
	if ext, ok := head.extensionBefore(); ok && first.entry.Number != "" {
		first.entry.Ext, head = ext, stretch{}
	}
	tail = last.takeExtension(tail)
	// «мама 8914…, папа 8914…»: then the words between two numbers belong to the second.
	leading := head.label() != "" && tail.label() == ""
	labels := make([][]string, len(found))
	add := func(i int, words stretch) {
		if text := words.label(); text != "" {
			labels[i] = append(labels[i], text)
		}
	}
	add(0, head)
	for i := range len(found) - 1 {
		between := found[i].takeExtension(s.stretch(found[i].end, found[i+1].at))
		mine, next := between.part(leading)
		add(i, mine)
		add(i+1, next)
	}
	add(len(found)-1, tail)
	for i, it := range found {
		it.entry.Label = strings.Join(labels[i], ", ")
		if it.entry.Doubt == Sure && strings.ContainsFunc(it.entry.Label, unicode.IsDigit) {
			it.entry.Doubt = DigitsBeside
		}
	}
}

// stretch is text beside numbers, as typed and made plain.
type stretch struct{ src, norm []rune }

func (s *scanned) stretch(from, to int) stretch {
	if from > to {
		return stretch{}
	}
	return stretch{s.src[from:to], s.norm[from:to]}
}

func (t stretch) label() string {
	text := tidyLabel(string(t.src))
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return ""
	}
	if text == "8" { // «8 +7 914…»: a dialling prefix before the plus
		return ""
	}
	return text
}

func (t stretch) extensionBefore() (string, bool) {
	m := extensionBefore.FindStringSubmatch(skeleton(t.norm))
	if m == nil {
		return "", false
	}
	return m[1], true
}

// takeExtension takes the extension out of what stands behind a number.
func (it *item) takeExtension(behind stretch) stretch {
	if it.entry.Number == "" || it.entry.Ext != "" {
		return behind
	}
	text := skeleton(behind.norm)
	m := extensionNamed.FindStringSubmatchIndex(text)
	if m == nil {
		m = extensionSign.FindStringSubmatchIndex(text)
	}
	if m == nil {
		return behind
	}
	if len(m) > 4 && m[2] < 0 {
		m[2], m[3] = m[4], m[5]
	}
	it.entry.Ext = text[m[2]:m[3]]
	from, to := runesIn(text, m[0]), runesIn(text, m[3])
	if to < len(behind.norm) && behind.norm[to] == '#' {
		to++
	}
	// What stood on both sides of the extension stays apart.
	rest := stretch{src: append(append([]rune{}, behind.src[:from]...), ' '), norm: append(append([]rune{}, behind.norm[:from]...), ' ')}
	if r := behind.norm[from]; r == ',' || r == ';' || r == '\n' || r == '(' {
		rest.src[from], rest.norm[from] = r, r
	}
	return stretch{append(rest.src, behind.src[to:]...), append(rest.norm, behind.norm[to:]...)}
}

// part says which words between two numbers belong to the first and which to the second.
func (t stretch) part(leading bool) (mine, next stretch) {
	cut, depth := -1, 0
	for i, r := range t.norm {
		switch {
		case r == '(':
			depth++
		case r == ')' && depth > 0:
			depth--
		case depth == 0 && strings.ContainsRune(",;\n\r|", r) && (cut < 0 || !leading):
			cut = i
		}
	}
	if cut >= 0 {
		return t.split(cut)
	}
	plain := strings.TrimSpace(string(t.norm))
	switch {
	case strings.HasPrefix(plain, "("):
		for i, r := range t.norm {
			if r == ')' {
				return t.split(i + 1)
			}
		}
		return stretch{}, t
	case leading, strings.HasSuffix(plain, ":"):
		return stretch{}, t
	}
	return t, stretch{}
}

func (t stretch) split(at int) (before, after stretch) {
	at = min(at, len(t.src))
	return stretch{t.src[:at], t.norm[:at]}, stretch{t.src[at:], t.norm[at:]}
}
