package beeline

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ErrMalformed says that a body is not an event: no XML, too much of it, or XML with a DOCTYPE.
var ErrMalformed = errors.New("the body is not an event")

// Bounds of a body; an event of the PBX has about 2 KiB and 60 elements (section 2).
const (
	MaxBody     = 64 << 10
	maxDepth    = 32
	maxElements = 4000
)

// element is one element, known by its local name: the prefix differs from PBX to PBX (section 5).
type element struct {
	name     string
	kind     string // the value of the attribute whose local name is "type", without its prefix
	text     string
	children []*element
}

func (e *element) child(name string) *element {
	if e == nil {
		return nil
	}
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// value is the text of the first child of that name.
func (e *element) value(name string) string {
	if c := e.child(name); c != nil {
		return c.text
	}
	return ""
}

func (e *element) has(name string) bool { return e.child(name) != nil }

// span is a part of a body, in bytes.
type span struct{ from, to int64 }

// treeReader reads a body into elements within the bounds.
type treeReader struct {
	xml      *xml.Decoder
	open     []*element
	root     *element
	elements int
	// addresses are the texts of <uri>, which hold the secret word of our own address.
	addresses []span
}

func readTree(body []byte) (*element, []span, error) {
	if len(body) > MaxBody {
		return nil, nil, fmt.Errorf("%w: it has %d bytes, more than %d", ErrMalformed, len(body), MaxBody)
	}
	// Strict, and without entities of its own, so that nothing expands.
	r := &treeReader{xml: xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))}
	for {
		from := r.xml.InputOffset()
		token, err := r.xml.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = r.take(token, span{from, r.xml.InputOffset()})
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", ErrMalformed, err)
		}
	}
	if r.root == nil || len(r.open) > 0 {
		return nil, nil, fmt.Errorf("%w: it has no end", ErrMalformed)
	}
	return r.root, r.addresses, nil
}

func (r *treeReader) take(token xml.Token, at span) error {
	switch t := token.(type) {
	case xml.Directive:
		return errors.New("it has a DOCTYPE")
	case xml.StartElement:
		return r.begin(t)
	case xml.EndElement:
		last := r.open[len(r.open)-1]
		last.text = strings.TrimSpace(last.text)
		r.open = r.open[:len(r.open)-1]
	case xml.CharData:
		if len(r.open) == 0 {
			if len(bytes.TrimSpace(t)) > 0 {
				return errors.New("it has text outside of its elements")
			}
			return nil
		}
		last := r.open[len(r.open)-1]
		last.text += string(t)
		if last.name == "uri" {
			r.addresses = append(r.addresses, at)
		}
	}
	return nil
}

func (r *treeReader) begin(t xml.StartElement) error {
	r.elements++
	switch {
	case r.elements > maxElements:
		return fmt.Errorf("it has more than %d elements", maxElements)
	case len(r.open) >= maxDepth:
		return fmt.Errorf("it is more than %d elements deep", maxDepth)
	case len(r.open) == 0 && r.root != nil:
		return errors.New("it has a second root")
	}
	e := &element{name: t.Name.Local}
	for _, a := range t.Attr {
		if a.Name.Local == "type" && a.Name.Space != "xmlns" {
			_, local, prefixed := strings.Cut(a.Value, ":")
			if !prefixed {
				local = a.Value
			}
			e.kind = strings.TrimSpace(local)
		}
	}
	if len(r.open) == 0 {
		r.root = e
	} else {
		last := r.open[len(r.open)-1]
		last.children = append(last.children, e)
	}
	r.open = append(r.open, e)
	return nil
}

// without cuts spans out of a body.
func without(body []byte, spans []span) []byte {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	out := make([]byte, 0, len(body))
	at := int64(0)
	for _, s := range spans {
		out = append(out, body[at:s.from]...)
		at = s.to
	}
	return append(out, body[at:]...)
}
