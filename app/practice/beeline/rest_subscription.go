package beeline

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"dozvon/app/practice/beeline/portal"
	"dozvon/app/practice/beeline/subscription"
	"dozvon/app/practice/beeline/xsi"
	"dozvon/app/practice/control"
)

var errSubscription = errors.New("unknown subscription")

// checkLimit bounds the portal's own request to a subscribed address.
const checkLimit = 5 * time.Second

// subscribe takes PUT subscription (section 4).
func (a rest) subscribe(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Pattern string `json:"pattern"`
		Expires int64  `json:"expires"`
		Type    string `json:"subscriptionType"`
		URL     string `json:"url"`
	}
	if !portal.ReadJSON(w, r, &asked) {
		return
	}
	target, ok := a.target(asked.Pattern)
	u, err := url.Parse(asked.URL)
	switch {
	case !ok:
		portal.Refuse(w, http.StatusBadRequest, portal.AbonentNotFound, "Абонент не найден")
		return
	case asked.Type != subscription.Basic && asked.Type != subscription.Advanced,
		asked.Type == subscription.Advanced && a.config.BasicOnly,
		asked.Expires <= 0, err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		portal.RefuseBad(w, "Некорректный запрос")
		return
	}
	if err := a.checkAddress(r.Context(), asked.URL); err != nil {
		a.config.Log.Info("subscription refused", "err", err)
		portal.RefuseBad(w, "Адрес недоступен")
		return
	}
	target.Type, target.URL, target.Expires = asked.Type, asked.URL, min(asked.Expires, a.config.MaxExpires)
	made := a.subscriptions.Create(target)
	control.JSON(w, http.StatusOK, map[string]any{"subscriptionId": made.ID, "expires": made.Expires})
	a.tellRunning(made, xsi.Subscribed)
}

// target is whose events a pattern asks for: without one the whole company's.
func (a rest) target(pattern string) (subscription.Subscription, bool) {
	if pattern == "" {
		return subscription.Subscription{TargetType: subscription.Company, TargetID: companyID}, true
	}
	if e, ok := a.directory.abonent(pattern); ok {
		return subscription.Subscription{TargetType: subscription.Abonent, TargetID: a.directory.userID(e)}, true
	}
	line, ok := a.directory.Line(pattern)
	return subscription.Subscription{TargetType: subscription.Line, TargetID: a.directory.LineID(line)}, ok
}

// checkAddress asks the address, when the portal does (section 1).
func (a rest) checkAddress(ctx context.Context, address string) error {
	if a.config.CheckURL == "" {
		return nil
	}
	if a.config.AppendNull {
		address = appendNull(address)
	}
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, a.config.CheckURL, address, nil)
	if err != nil {
		return fmt.Errorf("checking the address: %w", err)
	}
	client := a.config.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("checking the address: %w", err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("checking the address: answered %s", response.Status)
	}
	return nil
}

// tellRunning sends the first event of a subscription, or one after events were lost, for every target that has calls in progress, or
// one about nothing (section 5.1; for which target is inferred).
func (a rest) tellRunning(s subscription.Subscription, event string) {
	var targets []string
	running := map[string][]xsi.Call{}
	a.mu.Lock()
	for _, c := range a.calls {
		if c.over() {
			continue
		}
		for _, l := range c.legs {
			mine := s.TargetType == subscription.Company || s.TargetID == l.target || s.TargetID == a.directory.LineID(c.line)
			if l.State == xsi.Ended || !mine {
				continue
			}
			if running[l.target] == nil {
				targets = append(targets, l.target)
			}
			running[l.target] = append(running[l.target], l.Call)
		}
	}
	a.mu.Unlock()
	if len(targets) == 0 {
		a.subscriptions.PublishTo(s.ID, xsi.Event{Type: event, Target: s.TargetID, Hook: "On-Hook"})
	}
	for _, target := range targets {
		a.subscriptions.PublishTo(s.ID, xsi.Event{Type: event, Target: target, Calls: running[target]})
	}
}

func (a rest) subscription(w http.ResponseWriter, r *http.Request) {
	s, ok := a.subscriptions.Get(r.URL.Query().Get("subscriptionId"))
	if !ok {
		portal.Refuse(w, http.StatusNotFound, portal.SubscriptionNotFound, "Подписка не найдена")
		return
	}
	control.JSON(w, http.StatusOK, s)
}

func (a rest) unsubscribe(w http.ResponseWriter, r *http.Request) {
	if !a.subscriptions.End(r.URL.Query().Get("subscriptionId")) {
		portal.Refuse(w, http.StatusNotFound, portal.SubscriptionNotFound, "Подписка не найдена")
		return
	}
	w.WriteHeader(http.StatusOK)
}
