package handlers

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"console.internal/views"
)

// maxRedirectURL bounds an address that a client may send people to.
const maxRedirectURL = 2048

// clientAddresses says what is wrong with addresses that a client may send people to, one a line; "" for nothing (rule
// redirect-url-registration). The first bad one is named: there may be many.
func clientAddresses(live, public bool) func(string) string {
	return func(wanted string) string {
		seen := map[string]bool{}
		for _, one := range splitText(wanted) {
			if text := addressTrouble(one, live, public); text != "" {
				return quoted(one) + " " + text
			}
			if seen[one] {
				return quoted(one) + " is there twice."
			}
			seen[one] = true
		}
		return ""
	}
}

// quoted is what somebody typed, in a sentence: cut, and without characters that nobody sees.
func quoted(s string) string {
	const longest = 80
	if r := []rune(s); len(r) > longest {
		s = string(r[:longest]) + "…"
	}
	return strconv.Quote(s)
}

// addressTrouble says what is wrong with one address, as the rest of a sentence; "" for nothing.
func addressTrouble(address string, live, public bool) string {
	switch {
	case len(address) > maxRedirectURL:
		return "is too long: 2,048 characters are the most."
	case strings.ContainsAny(address, " \t"):
		return "has a space. Write one address a line, without spaces."
	case strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return "has a character that no address may have."
	case strings.ContainsFunc(address, func(r rune) bool { return r > 0x7f }):
		return "has letters that an address has only in another form: a host as xn--…, the rest as %-codes."
	case strings.Contains(address, "*"):
		return "has a *. There are no wildcards: list each address."
	case strings.Contains(address, "#"):
		return "has a fragment. Leave out the # and what follows it."
	case strings.Contains(address, `\`):
		return `has a \, which browsers take for another /.`
	}
	u, err := url.Parse(address)
	scheme, rest, _ := strings.Cut(address, ":")
	switch {
	case err == nil && u.Scheme == "", err != nil && scheme == address:
		return "does not say how to get there. Begin it with https://."
	case err != nil:
		return "is not an address."
	case u.User != nil:
		return "names somebody before the host. Leave out the @ and what comes before it."
	case u.Scheme == "https", u.Scheme == "http":
		return webTrouble(u, live)
	case rest != "" && rest[0] >= '0' && rest[0] <= '9':
		// A host and a port look like a scheme.
		return "does not say how to get there. Begin it with https://."
	case !strings.Contains(u.Scheme, "."):
		return "has the scheme " + scheme + ". It must be https, or for an app on a phone one of its maker's own, as com.example.app."
	case !public:
		return "has a scheme of its own. Only public clients, as apps on phones, may have one."
	}
	return ""
}

// webTrouble says what is wrong with an address of the web.
func webTrouble(u *url.URL, live bool) string {
	host := u.Hostname()
	local := isLocalhost(host)
	switch {
	case host == "":
		return "names no host."
	case local && live:
		return "is localhost. A live project takes only the number of this computer, as http://127.0.0.1/callback."
	case u.Scheme == "http" && !local && !isLoopbackHost(host):
		return "is not encrypted. Write https; only addresses of this computer, as http://127.0.0.1/callback, may be http."
	}
	return ""
}

func isLocalhost(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

func isLoopbackHost(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// redirectWords is an address that a client may send people to, cut so that its host is seen, with where it leads. It says so of
// whatever the upstream has, also of what it should not.
func redirectWords(address string) views.Redirect {
	scheme, rest, ok := strings.Cut(address, ":")
	u, err := url.Parse(address)
	if !ok || err != nil || u.Scheme == "" {
		return views.Redirect{Before: address, Goes: views.Status{Kind: views.StatusBad, Text: "Not an address"}}
	}
	if u.Scheme != "https" && u.Scheme != "http" {
		if strings.Contains(u.Scheme, ".") {
			return views.Redirect{Host: scheme, After: ":" + rest, Goes: views.Status{Kind: views.StatusWarn, Text: "An app on the device"}}
		}
		return views.Redirect{Before: address, Goes: views.Status{Kind: views.StatusBad, Text: "No place to go to"}}
	}
	authority, found := strings.CutPrefix(rest, "//")
	if !found || u.Host == "" || strings.Contains(address, `\`) {
		return views.Redirect{Before: address, Goes: views.Status{Kind: views.StatusBad, Text: "Not an address"}}
	}
	end := strings.IndexAny(authority, "/?#")
	if end < 0 {
		end = len(authority)
	}
	r := views.Redirect{Before: scheme + "://", Host: authority[:end], After: authority[end:], Goes: views.Status{Text: "Web"}}
	if at := strings.LastIndexByte(r.Host, '@'); at >= 0 {
		r.Before, r.Host = r.Before+r.Host[:at+1], r.Host[at+1:]
	}
	switch host := u.Hostname(); {
	case u.User != nil:
		r.Goes = views.Status{Kind: views.StatusBad, Text: "Web, with a name before the host"}
	case isLocalhost(host), isLoopbackHost(host):
		r.Goes = views.Status{Kind: views.StatusWarn, Text: "This computer"}
	case u.Scheme == "http":
		r.Goes = views.Status{Kind: views.StatusBad, Text: "Web, not encrypted"}
	}
	return r
}

// redirectHosts are the hosts that a client may send people to, each once; a scheme of an app stands for itself.
func redirectHosts(addresses []string) []string {
	var hosts []string
	seen := map[string]bool{}
	for _, address := range addresses {
		r := redirectWords(address)
		host := r.Host
		if host == "" {
			host = r.Before
		}
		if !seen[host] {
			seen[host] = true
			hosts = append(hosts, host)
		}
	}
	return hosts
}
