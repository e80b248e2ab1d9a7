package authz

import (
	"context"
	"sync"
	"time"
)

// Cache keeps the policy for a few minutes. An old copy is used while a new one is fetched, so that no page waits for it.
type Cache struct {
	base context.Context
	load func(context.Context) (Policy, error)
	keep time.Duration
	now  func() time.Time

	mu      sync.Mutex
	policy  Policy
	fetched time.Time
	loading bool
}

// NewCache keeps what load returns for the duration keep. Fetches in the background run under ctx, but not only until
// it ends: the page that notices an old copy is not the one to wait for a new one.
func NewCache(ctx context.Context, load func(context.Context) (Policy, error), keep time.Duration, now func() time.Time) *Cache {
	return &Cache{base: context.WithoutCancel(ctx), load: load, keep: keep, now: now}
}

// Refresh fetches the policy and waits for it.
func (c *Cache) Refresh(ctx context.Context) error {
	policy, err := c.load(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loading = false
	if err != nil {
		// The old copy stays, and the next look tries again after a moment, not at once.
		c.fetched = c.now().Add(5*time.Second - c.keep)
		return err
	}
	c.policy, c.fetched = policy, c.now()
	return nil
}

// Policy returns the copy at hand, and has an old one renewed in the background.
func (c *Cache) Policy() Policy {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.loading && c.now().Sub(c.fetched) >= c.keep {
		c.loading = true
		// The page that noticed must not wait, and its end must not end the fetch.
		go func() {
			ctx, cancel := context.WithTimeout(c.base, 10*time.Second)
			defer cancel()
			_ = c.Refresh(ctx) // the old copy stays in use, and the next look tries again
		}()
	}
	return c.policy
}

// May is Policy().May.
func (c *Cache) May(roles []string, resource, action string) bool {
	return c.Policy().May(roles, resource, action)
}
