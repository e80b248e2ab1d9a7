package handlers

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// minCompress is the size under which compressing costs more than it saves.
const minCompress = 1024

// compress writes answers in zstd or gzip, both at their cheapest. A page that holds a secret next to what somebody typed must not be compressed, since
// its length would tell about the secret: such a page says so with [plain].
func compress(next http.Handler) http.Handler {
	wrapper, err := gzhttp.NewWrapper(gzhttp.MinSize(minCompress), gzhttp.CompressionLevel(1), gzhttp.EnableZstd(true), gzhttp.PreferZstd(true))
	if err != nil {
		return next
	}
	return wrapper(next)
}

// plain keeps an answer uncompressed.
func plain(header http.Header) { header.Set(gzhttp.HeaderNoCompression, "1") }
