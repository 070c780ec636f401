package telephony

import "dozvon/app/desktop/ui/widgets"

// act is what a page's filled button does. There is one on a page: what the person most likely does next.
type act int

const (
	actCheck act = iota
	actCopy
	actRenew
	actAgree
	actExtensions
	actCredentials
	actRename
)

// next is the page's most likely next step: what is being written goes first, in the page's order, then
// what somebody must do before calls come.
func (p *page) next() act {
	switch {
	case p.state.naming:
		return actRename
	case p.credentials.changed():
		return actCredentials
	case p.extensions.changed():
		return actExtensions
	case p.book.asks():
		return actAgree
	case p.subscription.ended():
		return actRenew
	case p.hook.shown() && p.it.LastEvent == nil:
		return actCopy
	}
	return actCheck
}

// kindOf is how a button that does this is drawn.
func (p *page) kindOf(does act) widgets.Kind {
	if p.next() == does {
		return widgets.Primary
	}
	return widgets.Quiet
}
