// Package static serves the files that pages load: the style sheet, the scripts and the icon.
//
// They are built by build.mjs into dist and embedded. Each is served under a name with the hash of its content, so that a
// browser may keep it for a year and still gets the new one with the next page. Without a build the package works and
// serves nothing: URL then gives addresses that answer 404.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// Prefix is the path under which Handler expects to be mounted.
const Prefix = "/static/"

//go:embed all:dist
var dist embed.FS

// file is one built file with its compressed variants.
type file struct {
	url      string // address with the hash in the name
	kind     string // Content-Type
	etag     string
	raw      []byte
	br, gzip []byte // nil when the build made none
}

// bundle is the built files by their plain name and by their address.
type bundle struct {
	byName map[string]*file
	byURL  map[string]*file
}

var built = sync.OnceValue(func() bundle {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return bundle{}
	}
	return load(sub)
})

// load reads all files of a build. What cannot be read is left out: its address then answers 404.
func load(files fs.FS) bundle {
	b := bundle{byName: map[string]*file{}, byURL: map[string]*file{}}
	names, err := fs.Glob(files, "*.*")
	if err != nil {
		return b
	}
	for _, name := range names {
		ext := path.Ext(name)
		kind := kindOf(ext)
		if kind == "" || strings.HasPrefix(name, ".") {
			continue
		}
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			continue
		}
		sum := sha256.Sum256(raw)
		hash := hex.EncodeToString(sum[:8])
		f := &file{
			url:  Prefix + strings.TrimSuffix(name, ext) + "." + hash + ext,
			kind: kind,
			etag: hash,
			raw:  raw,
			br:   variant(files, name+".br"),
			gzip: variant(files, name+".gz"),
		}
		b.byName[name] = f
		b.byURL[f.url] = f
	}
	return b
}

// kindOf is the Content-Type of the kinds of files that are served; "" for all others, which then are not. It does not ask
// the system's table of types, which differs from machine to machine.
func kindOf(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return ""
}

func variant(files fs.FS, name string) []byte {
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return nil
	}
	return b
}

// URL is the address of a built file, with the hash of its content in the name. The address of a file that was not built
// answers 404.
func URL(name string) string {
	if f, ok := built().byName[name]; ok {
		return f.url
	}
	return Prefix + name
}

// Handler serves the built files. It expects to be mounted under Prefix, with the prefix still in the path; it reads the
// path and Accept-Encoding and nothing else of a request. Anything but the exact address of a file is 404.
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	f, ok := built().byURL[r.URL.Path]
	if !ok {
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusNotFound)
		return
	}
	body, coding := f.pick(r.Header.Get("Accept-Encoding"))
	etag := `"` + f.etag + coding + `"`
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", etag)
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.kind)
	if coding != "" {
		h.Set("Content-Encoding", coding)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body) // the browser went away: there is nobody to tell
}

// pick is the smallest variant that the browser takes, and its coding ("" for none).
func (f *file) pick(accept string) (body []byte, coding string) {
	if f.br != nil && takes(accept, "br") {
		return f.br, "br"
	}
	if f.gzip != nil && takes(accept, "gzip") {
		return f.gzip, "gzip"
	}
	return f.raw, ""
}

// takes says whether an Accept-Encoding header names a coding and does not refuse it. A wildcard is not taken: no browser
// sends one, and what does may not be able to read Brotli.
func takes(accept, coding string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		_, q, given := strings.Cut(params, "=")
		if !given {
			return true
		}
		weight, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return err == nil && weight > 0
	}
	return false
}
