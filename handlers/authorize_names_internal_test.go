package handlers

import (
	"net/url"
	"testing"
)

// TestImitates is the table of names that warn.
func TestImitates(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"Ledgerly": false, "": false, "R2-D2 & Söhne": false, "Café №5™": false, "Яндекс": false, "Новости дня": false, "日本語アプリ": false, "LINE公式": false, "Ελλάδα": false,
		"تطبيق": false, "Яндекс Mail": false, "Ünïcode": false, "App 2.0": false, "🎉 Party": false,
		"L\u0435dg\u0435rly": true, "\u0420\u0430\u0443\u0440\u0430\u04cf": true, "\u0430\u0440\u0440": true, "\u039f\u039a": true, "G\u043e\u043egle Drive": true, "Go\u200bogle": true,
		"\u202eelgooG": true, "Le\u00addgerly": true, "\U0001d40b\U0001d41e\U0001d41d\U0001d420\U0001d41e\U0001d42b": true, "Goog\u217ce": true, "\u2110BM": true,
	} {
		if got := imitates(name); got != want {
			t.Errorf("%q: %t", name, got)
		}
	}
}

// TestHostOf sets apart what somebody must own.
func TestHostOf(t *testing.T) {
	t.Parallel()
	for address, want := range map[string][3]string{
		"https://ledgerly.example/cb":            {"", "ledgerly.example", ""},
		"https://a.b.ledgerly.example:8443/":     {"a.b.", "ledgerly.example", ":8443"},
		"https://ledgerly.example.evil.example/": {"ledgerly.example.", "evil.example", ""},
		"https://www.shop.co.uk/":                {"www.", "shop.co.uk", ""},
		"https://shop.co.uk/":                    {"", "shop.co.uk", ""},
		"https://x.example.info/":                {"x.", "example.info", ""},
		"https://login.example.evil.example./":   {"login.example.", "evil.example", "."},
		"http://127.0.0.1:49152/cb":              {"", "127.0.0.1", ":49152"},
		"http://[::1]:80/":                       {"", "[::1]", ":80"},
		"http://localhost/":                      {"", "localhost", ""},
		"com.example.notes:/oauth":               {"", "com.example.notes:", ""},
		"https://xn--ldgrly-7of.example/":        {"", "xn--ldgrly-7of.example", ""},
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := hostOf(u); [3]string{got.Before, got.Domain, got.After} != want {
			t.Errorf("%s: %+v", address, got)
		}
	}
	for host, want := range map[string]bool{"ledgerly.example": false, "xn--ldgrly-7of.example": true, "a.XN--80ak6aa92e.example": true, "ledg\u0435rly.example": true, "127.0.0.1": false, "notxn--.example": false} {
		if got := foreignHost(host); got != want {
			t.Errorf("%s: %t", host, got)
		}
	}
	for name, want := range map[string]string{"ledgerly": "L", "  7 up": "7", "<script>": "S", "": "", "\u202e": "", "日本": "日", "éa": "É"} {
		if got := monogram(name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
}
