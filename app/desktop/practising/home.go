package practising

// Home keeps what the program knows of the real school while somebody practises, so that it stands there as they left
// it when they come back, also when the server is away by then. Not safe for concurrent use.
type Home[T any] struct {
	kept  *T
	whose string
}

// Leave keeps what is known of the school of whoever begins a practice.
func (h *Home[T]) Leave(whose string, known T) { h.kept, h.whose = &known, whose }

// Back gives it to whom it belongs, once; false: somebody else came, or nobody practised.
func (h *Home[T]) Back(whose string) (known T, ok bool) {
	kept := h.kept
	h.kept = nil
	if kept == nil || h.whose != whose {
		return known, false
	}
	return *kept, true
}
