package handlers

import (
	"net/url"
	"strings"
	"unicode"

	"console.internal/views"
)

// lookAlikes are letters of other alphabets that are drawn as Latin ones.
const lookAlikes = "ӏӀасеорхуѕіјһԁԛԝкмтвнАВЕКМНОРСТХУІЈЅԌԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧαινορτυχօսոհցԱՍՕ"

// styled are Latin letters once more, as mathematics and numerals have them.
var styled = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x2100, Hi: 0x214f, Stride: 1}, {Lo: 0x2160, Hi: 0x2188, Stride: 1}}, R32: []unicode.Range32{{Lo: 0x1d400, Hi: 0x1d7ff, Stride: 1}},
}

// imitates says whether a name may be made to be read as another one: a word with letters of several alphabets, or one whose every letter
// is drawn as a Latin one and is none, or one with letters of mathematics, or with characters that cannot be seen.
func imitates(name string) bool {
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }) {
		latin, foreign, alike := 0, 0, 0
		for _, r := range word {
			switch {
			case unicode.In(r, unicode.Cf, unicode.Cc), unicode.Is(styled, r) && unicode.In(r, unicode.L, unicode.Nl):
				return true
			case !unicode.IsLetter(r):
			case unicode.Is(unicode.Latin, r):
				latin++
			case unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee, unicode.Georgian, unicode.Coptic, unicode.Lisu, unicode.Deseret):
				foreign++
				if strings.ContainsRune(lookAlikes, r) {
					alike++
				}
			}
		}
		if foreign > 0 && (latin > 0 || alike == foreign) {
			return true
		}
	}
	return false
}

// foreignHost says whether a host has letters that are not Latin, as they are or in their encoded form.
func foreignHost(host string) bool {
	for label := range strings.SplitSeq(strings.ToLower(host), ".") {
		if strings.HasPrefix(label, "xn--") || strings.ContainsFunc(label, func(r rune) bool { return r > unicode.MaxASCII }) {
			return true
		}
	}
	return false
}

// hostOf sets apart what somebody must own to answer at an address. Without the list of public suffixes it is the last two labels, or the
// last three under the second-level domains of countries.
func hostOf(u *url.URL) views.Host {
	if u.Host == "" {
		return views.Host{Domain: u.Scheme + ":"}
	}
	host, port := u.Hostname(), ""
	if p := u.Port(); p != "" {
		port = ":" + p
	}
	if strings.Contains(host, ":") {
		return views.Host{Domain: "[" + host + "]", After: port}
	}
	if bare, dotted := strings.CutSuffix(host, "."); dotted {
		host, port = bare, "."+port
	}
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	if last != "" && strings.Trim(last, "0123456789") == "" {
		return views.Host{Domain: host, After: port} // an IPv4 address
	}
	own := 2
	if len(labels) > 2 && len(last) == 2 && len(labels[len(labels)-2]) <= 3 {
		own = 3
	}
	if len(labels) <= own {
		return views.Host{Domain: host, After: port}
	}
	before := strings.Join(labels[:len(labels)-own], ".") + "."
	return views.Host{Before: before, Domain: strings.Join(labels[len(labels)-own:], "."), After: port}
}

// monogram stands in for the picture of a client: a picture would be loaded from a place that others choose.
func monogram(name string) string {
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return ""
}
