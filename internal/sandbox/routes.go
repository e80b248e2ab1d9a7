package sandbox

import (
	"net/url"
	"strings"
)

// routes finds operations. The contract's paths overlap ("members/search" and "{organization_id}/metrics"), which
// http.ServeMux refuses to register, so the more literal pattern wins here.
type routes struct {
	patterns map[string][]pattern
	methods  []string
}

type pattern struct {
	operation Operation
	segments  []string
}

func newRoutes(operations []Operation) routes {
	all := routes{patterns: map[string][]pattern{}}
	for _, operation := range operations {
		if _, known := all.patterns[operation.Method]; !known {
			all.methods = append(all.methods, operation.Method)
		}
		all.patterns[operation.Method] = append(all.patterns[operation.Method],
			pattern{operation, strings.Split(operation.Path, "/")})
	}
	return all
}

// match gives the operation and its path parameters. When there is none, known tells whether another method has the path.
func (r routes) match(method, escapedPath string) (operation *Operation, params map[string]string, known bool) {
	segments := strings.Split(escapedPath, "/")
	if found, values := bestMatch(r.patterns[method], segments); found != nil {
		return found, values, true
	}
	for _, other := range r.methods {
		if found, _ := bestMatch(r.patterns[other], segments); found != nil {
			return nil, nil, true
		}
	}
	return nil, nil, false
}

func bestMatch(patterns []pattern, segments []string) (*Operation, map[string]string) {
	var best *pattern
	for i := range patterns {
		candidate := &patterns[i]
		if matches(candidate.segments, segments) && (best == nil || moreLiteral(candidate.segments, best.segments)) {
			best = candidate
		}
	}
	if best == nil {
		return nil, nil
	}
	values := map[string]string{}
	for i, want := range best.segments {
		if !isParameter(want) {
			continue
		}
		value, err := url.PathUnescape(segments[i])
		if err != nil || value == "" {
			return nil, nil
		}
		values[want[1:len(want)-1]] = value
	}
	return &best.operation, values
}

func isParameter(segment string) bool { return strings.HasPrefix(segment, "{") }

func matches(want, have []string) bool {
	if len(want) != len(have) {
		return false
	}
	for i := range want {
		if !isParameter(want[i]) && want[i] != have[i] {
			return false
		}
	}
	return true
}

// moreLiteral tells whether a has a literal where b, from the left, first has a parameter.
func moreLiteral(a, b []string) bool {
	for i := range a {
		if isParameter(a[i]) != isParameter(b[i]) {
			return isParameter(b[i])
		}
	}
	return false
}
