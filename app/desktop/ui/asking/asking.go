// Package asking asks the server now and then how something goes on that it does by itself. A server that does not
// answer is asked ever more seldom, and whoever waits is told; one that refuses is asked no more.
package asking

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"

	"dozvon/app/desktop/ui"
	"dozvon/client"
)

const (
	// every is how often a server that answers is asked, seldom how often one that does not is at the end.
	every  = 700 * time.Millisecond
	seldom = 15 * time.Second
)

// Host is what asking needs of the program.
type Host interface {
	ui.Base
	// After runs do on Fyne's goroutine when a while has passed.
	After(wait time.Duration, do func())
}

// Answer is what came of one question.
type Answer struct {
	Over bool  // it goes on no more
	Err  error // what went wrong; nil: the server has answered
	Last bool  // nobody asks again
}

// Until asks until the answer is that it is over, the server refuses, or shown ends: then nothing is told any more.
// All but ask runs on Fyne's goroutine.
func Until(shown context.Context, host Host, ask func(context.Context, *client.API) (over bool, err error), told func(Answer)) {
	pace := backoff.NewExponentialBackOff()
	pace.InitialInterval, pace.MaxInterval = 2*every, seldom
	var once func()
	once = func() {
		if shown.Err() != nil {
			return
		}
		over := false
		host.Work(func(ctx context.Context, api *client.API) (err error) {
			over, err = ask(ctx, api)
			return err
		}, func(err error) {
			if shown.Err() != nil {
				return
			}
			wait := every
			if err == nil {
				pace.Reset()
			} else {
				wait = pace.NextBackOff()
			}
			last := err == nil && over || refused(err)
			told(Answer{Over: err == nil && over, Err: err, Last: last})
			if !last {
				host.After(wait, once)
			}
		})
	}
	once()
}

// refused tells whether asking again will not help: nobody is signed in, or the server says no.
func refused(err error) bool {
	if errors.Is(err, ui.ErrSignedOut) || errors.Is(err, client.ErrSignedOut) {
		return true
	}
	var p *client.Problem
	passing := []int{http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests}
	return errors.As(err, &p) && p.Status >= 400 && p.Status < 500 && !slices.Contains(passing, p.Status)
}
