package session

import (
	"maps"
	"testing"
	"time"
)

func TestCodec(t *testing.T) {
	t.Parallel()
	deadline := time.Date(2026, 11, 28, 9, 14, 0, 123, time.UTC)
	for _, values := range []map[string]any{{}, {"flash": ""}, {"flash": "You left Zoë\x00\u202e.", "flash.kind": "ok"}} {
		blob, err := codec{}.Encode(deadline, values)
		if err != nil {
			t.Fatal(err)
		}
		at, got, err := codec{}.Decode(blob)
		if err != nil || !at.Equal(deadline) || !maps.Equal(got, values) {
			t.Errorf("%v came back as %v, %v, %v", values, at, got, err)
		}
		for n := range len(blob) {
			if _, short, err := (codec{}).Decode(blob[:n]); err == nil && maps.Equal(short, values) {
				t.Errorf("%d of %d bytes pass for the whole", n, len(blob))
			}
		}
	}
	if _, err := (codec{}).Encode(deadline, map[string]any{"n": 1}); err == nil {
		t.Error("a number is written")
	}
}

func FuzzCodec(f *testing.F) {
	blob, err := codec{}.Encode(time.Unix(0, 1), map[string]any{"flash": "text"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(blob)
	f.Fuzz(func(t *testing.T, b []byte) {
		at, values, err := codec{}.Decode(b)
		if err != nil {
			return
		}
		again, err := codec{}.Encode(at, values)
		if err != nil {
			t.Fatal(err)
		}
		if _, back, err := (codec{}).Decode(again); err != nil || !maps.Equal(back, values) {
			t.Errorf("%v came back as %v, %v", values, back, err)
		}
	})
}
