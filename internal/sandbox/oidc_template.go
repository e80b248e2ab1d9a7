package sandbox

import (
	"strings"

	"github.com/go-json-experiment/json"
)

// fillTemplate gives the claims of an access token's template, with the values that its tags stand for (rule
// template-values). A template that is no JSON object was refused when the client was written.
func (m *member) fillTemplate(template string) map[string]any {
	if template == "" {
		return nil
	}
	var filled strings.Builder
	inText, rest := false, template
	values := map[string]any{}
	if strings.Contains(template, "{{") {
		values = m.templateValues()
	}
	for {
		at := templateTag.FindStringSubmatchIndex(rest)
		if at == nil {
			filled.WriteString(rest)
			break
		}
		before := rest[:at[0]]
		filled.WriteString(before)
		inText = endsInText(before, inText)
		filled.WriteString(templateValue(values, strings.TrimSpace(rest[at[2]:at[3]]), inText))
		rest = rest[at[1]:]
	}
	var claims map[string]any
	if json.Unmarshal([]byte(filled.String()), &claims) != nil {
		return nil
	}
	return claims
}

// endsInText tells whether a piece of JSON ends inside a text, when it began in one or not.
func endsInText(piece string, inText bool) bool {
	for i := 0; i < len(piece); i++ {
		switch piece[i] {
		case '\\':
			i++
		case '"':
			inText = !inText
		}
	}
	return inText
}

// templateValues are the member and the organization as everybody reads them.
func (m *member) templateValues() map[string]any {
	encoded, err := encode(map[string]any{"member": &m.memberFields, "organization": &m.tenant.organization})
	if err != nil {
		return nil
	}
	var values map[string]any
	if json.Unmarshal(encoded, &values) != nil {
		return nil
	}
	return values
}

// templateValue is what a tag stands for, as JSON or as a part of a JSON text.
func templateValue(values map[string]any, path string, inText bool) string {
	var value any = values
	for name := range strings.SplitSeq(path, ".") {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	encoded, err := encode(value)
	switch {
	case err != nil || value == nil && inText:
		return ""
	case !inText:
		return string(encoded)
	}
	if _, isText := value.(string); !isText {
		if encoded, err = encode(string(encoded)); err != nil {
			return ""
		}
	}
	return string(encoded[1 : len(encoded)-1])
}
