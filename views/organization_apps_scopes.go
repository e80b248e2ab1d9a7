package views

import "strings"

// strength is the mark of a scope that stands out: it lets an app do everything, or go on while its member is away. The zero kind is
// any other.
func (l *ScopeLine) strength() StatusKind {
	switch l.Scope {
	case "full_access":
		return StatusBad
	case "offline_access":
		return StatusWarn
	}
	return StatusPlain
}

// words say what the scope lets an app do, or name it where nobody describes it.
func (l *ScopeLine) words() string {
	if l.Text == "" {
		return l.Scope
	}
	return l.Text
}

// scopesInLine are scopes in one line, for places that have no room for a list.
func scopesInLine(lines []ScopeLine) string {
	words := make([]string, len(lines))
	for i := range lines {
		words[i] = lines[i].words()
	}
	return strings.Join(words, "; ")
}
