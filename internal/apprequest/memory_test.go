package apprequest_test

import (
	"testing"
	"time"

	"console.internal/internal/apprequest"
	"console.internal/internal/apprequest/apprequesttest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	apprequesttest.Store(t, func(_ *testing.T, now func() time.Time) apprequest.Store { return &apprequest.Memory{Now: now} })
}
