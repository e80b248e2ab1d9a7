package session

import (
	"testing"
	"time"
)

func TestStore(t *testing.T) {
	t.Parallel()
	m := newMemory()
	must(t, m.Commit("a", []byte("1"), time.Now().Add(time.Hour)))
	must(t, m.Commit("old", []byte("2"), time.Now().Add(-time.Second)))
	if data, found, err := m.Find("a"); string(data) != "1" || !found || err != nil {
		t.Errorf("%q, %t, %v", data, found, err)
	}
	for _, token := range []string{"old", "none"} {
		if _, found, err := m.Find(token); found || err != nil {
			t.Errorf("%s: %t, %v", token, found, err)
		}
	}
	m.swept = time.Now().Add(-sweepEvery)
	must(t, m.Commit("b", []byte("3"), time.Now().Add(time.Hour)))
	if len(m.items) != 2 {
		t.Errorf("%d are kept", len(m.items))
	}
	must(t, m.Delete("a"))
	must(t, m.Delete("a"))
	if _, found, err := m.Find("a"); found || err != nil {
		t.Errorf("%t, %v", found, err)
	}
	m.clear()
	if len(m.items) != 0 {
		t.Error("not all is forgotten")
	}
}
