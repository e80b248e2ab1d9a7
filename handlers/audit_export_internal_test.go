package handlers

import (
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// TestStream sends an answer that takes longer than the server lets one take, through the compression of every page. Without the
// stream it is cut off.
func TestStream(t *testing.T) {
	t.Parallel()
	const pieces = 8
	piece := bytes.Repeat([]byte("an entry of the record\n"), 200)
	for name, wanted := range map[string]bool{"in pieces": true, "as any other page": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pause := time.NewTicker(300 * time.Millisecond)
			defer pause.Stop()
			l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			s := &http.Server{ReadHeaderTimeout: time.Second, WriteTimeout: time.Second, Handler: compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/csv")
				var out io.Writer = w
				if wanted {
					out = &stream{to: w, control: http.NewResponseController(w)}
				}
				for range pieces {
					<-pause.C
					if _, err := out.Write(piece); err != nil {
						return
					}
				}
			}))}
			go func() { _ = s.Serve(l) }()
			defer func() { _ = s.Close() }()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.Addr().String(), nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Accept-Encoding", "gzip")
			var got []byte
			answer, err := http.DefaultTransport.RoundTrip(r)
			if err == nil {
				defer func() { _ = answer.Body.Close() }()
				var plain io.Reader
				if plain, err = gzip.NewReader(answer.Body); err == nil {
					got, err = io.ReadAll(plain)
				}
			}
			if whole := err == nil && bytes.Equal(got, bytes.Repeat(piece, pieces)); whole != wanted {
				t.Errorf("%d bytes came, %v", len(got), err)
			}
		})
	}
}
