package telephones

import (
	"context"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"

	"dozvon/app/practice"
)

// notifyLimit is how long a telephone may take to hear what became of its transfer.
const notifyLimit = 2 * time.Second

// referred answers a REFER: the owner hands the other party over without asking (RFC 3515). The
// PBX's call does it, as if its API had been told to.
func (s *Server) referred(req *sip.Request, tx sip.ServerTransaction) {
	defer s.survive("reading REFER")
	d := s.device(req.CallID())
	if d == nil || d.dialog.LoadState() != sip.DialogStateConfirmed {
		respond(tx, sip.NewResponseFromRequest(req, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist", nil))
		return
	}
	var target sip.Uri
	params := sip.NewParams()
	h := req.GetHeader("Refer-To")
	if h == nil {
		respond(tx, sip.NewResponseFromRequest(req, sip.StatusBadRequest, "Refer-To is missing", nil))
		return
	}
	if _, err := sip.ParseAddressValue(h.Value(), &target, &params); err != nil || target.User == "" {
		respond(tx, sip.NewResponseFromRequest(req, sip.StatusBadRequest, "Refer-To cannot be read", nil))
		return
	}
	if target.Headers.Has("Replaces") {
		respond(tx, sip.NewResponseFromRequest(req, sip.StatusNotImplemented, "Transfer after asking is not supported", nil))
		return
	}
	respond(tx, sip.NewResponseFromRequest(req, sip.StatusAccepted, "Accepted", nil))
	s.life.Background(func() {
		d.notify("SIP/2.0 100 Trying", "active;expires=60")
		d.transfers.Store(true) // hangUp tells how it went
		if d.telephone.refused(practice.Signal{Does: practice.Transfers, Target: target.User}) {
			d.transfers.Store(false)
			d.notify("SIP/2.0 404 Not Found", "terminated;reason=noresource")
		}
	})
}

// notify tells a telephone how far its transfer is.
func (d *device) notify(status, state string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(d.telephone.over), notifyLimit)
	defer cancel()
	d.asking.Lock()
	defer d.asking.Unlock()
	req := sip.NewRequest(sip.NOTIFY, d.target())
	req.AppendHeader(sip.NewHeader("Event", "refer"))
	req.AppendHeader(sip.NewHeader("Subscription-State", state))
	req.AppendHeader(sip.NewHeader("Content-Type", "message/sipfrag;version=2.0"))
	req.SetBody(fmt.Appendf(nil, "%s\r\n", status))
	if _, err := d.dialog.Do(ctx, req); err != nil {
		d.telephone.server.log.Debug("a telephone was not told of its transfer", "err", err)
	}
}
