package beeline

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/server/pbx"
)

// lifetime is what a subscription is asked to live: of the values that were seen the shortest, so that
// one that vanished is missed for half an hour at most (section 4).
const lifetime = time.Hour

// longestLife bounds what is believed of a subscription's life, in seconds.
const longestLife = 10 * 365 * 24 * 3600

// Subscribe asks for all events of the whole company. A PBX whose tariff has no extended events gives
// the basic ones.
func (p *Provider) Subscribe(ctx context.Context, hookURL string) (pbx.Subscription, error) {
	s, err := p.subscribe(ctx, hookURL, beeline.AdvancedCall)
	if isGone(err) {
		return p.subscribe(ctx, hookURL, beeline.BasicCall)
	}
	return s, err
}

func (p *Provider) subscribe(ctx context.Context, hookURL, level string) (pbx.Subscription, error) {
	began := p.now()
	var answer beeline.Subscription
	// Sent twice it makes two, of which the lost one ends by itself.
	err := p.api.do(ctx, request{method: http.MethodPut, path: beeline.PathSubscription, out: &answer, harmless: true, secrets: secretsOf(hookURL), in: beeline.SubscriptionRequest{
		Expires: int(lifetime / time.Second), Type: level, URL: hookURL,
	}})
	if err != nil {
		return pbx.Subscription{}, fmt.Errorf("subscribing to %s: %w", level, err)
	}
	if answer.ID == "" {
		return pbx.Subscription{}, fmt.Errorf("subscribing to %s: %w: the answer names no subscription", level, pbx.ErrUnclear)
	}
	lives := lifetime
	if answer.Expires > 0 && answer.Expires < longestLife {
		lives = time.Duration(answer.Expires) * time.Second // the answer's word counts
	}
	return pbx.Subscription{ID: string(answer.ID), Began: began, Until: began.Add(lives), Level: level}, nil
}

// Subscribed asks whether a subscription still lives: they vanish at times (section 4).
func (p *Provider) Subscribed(ctx context.Context, s pbx.Subscription) error {
	var answer beeline.Subscription
	err := p.api.do(ctx, request{method: http.MethodGet, path: beeline.PathSubscription, query: byID(s), out: &answer, harmless: true, chore: true})
	if isGone(err) {
		return fmt.Errorf("%w: %w", pbx.ErrUnsubscribed, err)
	}
	if err == nil && string(answer.ID) != s.ID {
		return fmt.Errorf("%w: the PBX tells of another one", pbx.ErrUnsubscribed)
	}
	return err
}

// FindSubscription asks where a subscription sends to. To its address the portal may have appended a segment
// (section 1).
func (p *Provider) FindSubscription(ctx context.Context, id, hookURL string) (pbx.Subscription, error) {
	var answer beeline.Subscription
	began := p.now()
	err := p.api.do(ctx, request{
		method: http.MethodGet, path: beeline.PathSubscription, query: byID(pbx.Subscription{ID: id}), out: &answer,
		harmless: true, chore: true, secrets: secretsOf(hookURL),
	})
	switch {
	case isGone(err):
		return pbx.Subscription{}, fmt.Errorf("%w: %w", pbx.ErrUnsubscribed, err)
	case err != nil:
		return pbx.Subscription{}, fmt.Errorf("asking for a subscription: %w", err)
	}
	rest, ours := strings.CutPrefix(string(answer.URL), hookURL)
	if !ours || hookURL == "" || rest != "" && rest[0] != '/' || string(answer.ID) != id {
		return pbx.Subscription{}, fmt.Errorf("%w: it does not send to us", pbx.ErrUnsubscribed)
	}
	s := pbx.Subscription{ID: id, Began: began, Until: began.Add(lifetime), Level: string(answer.Type)}
	if answer.Expires > 0 && answer.Expires < longestLife {
		s.Until = began.Add(time.Duration(answer.Expires) * time.Second)
	}
	return s, nil
}

// Unsubscribe ends a subscription.
func (p *Provider) Unsubscribe(ctx context.Context, s pbx.Subscription) error {
	err := p.api.do(ctx, request{method: http.MethodDelete, path: beeline.PathSubscription, query: byID(s), harmless: true})
	if isGone(err) {
		return nil
	}
	return err
}

// secretsOf is what nobody but the PBX may know of the address that its events go to.
func secretsOf(hookURL string) []string {
	if u, err := url.Parse(hookURL); err == nil && len(u.Path) > 1 {
		return []string{hookURL, u.Path, path.Base(u.Path)}
	}
	return []string{hookURL}
}

func byID(s pbx.Subscription) url.Values { return url.Values{"subscriptionId": {s.ID}} }
