package beeline

import (
	"slices"
	"sync"

	"dozvon/app/practice"
)

// States of an agent of the call centre.
const (
	agentOnline  = "ONLINE"
	agentOffline = "OFFLINE"
	agentBreak   = "BREAK"
)

// cabinet is what people set: how telephones behave, who is at work, who is recorded.
type cabinet struct {
	mu       sync.Mutex // guards what follows
	rules    map[string]practice.Rule
	switches map[string]*switches // by extension
}

// switches are an abonent's.
type switches struct {
	agent      string // of the call centre: ONLINE, OFFLINE, BREAK
	unrecorded bool
	extra      map[string]string // additional numbers, each with its schedule
}

func newCabinet() *cabinet {
	return &cabinet{rules: map[string]practice.Rule{}, switches: map[string]*switches{}}
}

func (c *cabinet) setRule(number string, rule practice.Rule) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rules[number] = rule
}

func (c *cabinet) rule(number string, otherwise practice.Rule) practice.Rule {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r, ok := c.rules[number]; ok {
		return r
	}
	return otherwise
}

// of are an abonent's switches, made when first asked for. The caller holds mu.
func (c *cabinet) of(extension string) *switches {
	s, ok := c.switches[extension]
	if !ok {
		s = &switches{agent: agentOnline, extra: map[string]string{}}
		c.switches[extension] = s
	}
	return s
}

// change changes an abonent's switches.
func (c *cabinet) change(extension string, how func(*switches)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	how(c.of(extension))
}

func (c *cabinet) recorded(extension string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.of(extension).unrecorded
}

func (c *cabinet) agent(extension string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.of(extension).agent
}

// atWork are those of the call centre's people who are at work.
func (c *cabinet) atWork(people []string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(people), func(extension string) bool { return c.of(extension).agent != agentOnline })
}
