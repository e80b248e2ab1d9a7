package contract

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

//go:embed testdata/contract.json
var source []byte

// object is a piece of the contract as JSON.
type object = map[string]any

// Operation is one operation of the contract.
type Operation struct {
	// ID is the operationId; Method and Path say where it is, Path with {names} for its parameters.
	ID, Method, Path string
	// Headers and Queries are the names of the parameters that it reads there.
	Headers, Queries []string

	segments []string
	request  object // schema of the body, or nil
	answer   object // schema of a 200
}

// Contract is the whole interface.
type Contract struct {
	operations []*Operation
	schemas    object

	mu       sync.Mutex
	compiled map[string]*openapi3.Schema
}

// Load reads the contract once in a process. Schemas are prepared when they are first needed, for the whole would take seconds.
var Load = sync.OnceValues(load)

func load() (*Contract, error) {
	var document struct {
		Paths      map[string]object `json:"paths"`
		Components struct {
			Schemas object `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(source, &document); err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	c := &Contract{schemas: document.Components.Schemas, compiled: map[string]*openapi3.Schema{}}
	for path, methods := range document.Paths {
		for method, described := range methods {
			if fields, isOperation := described.(object); isOperation && fields["operationId"] != nil {
				c.operations = append(c.operations, newOperation(method, path, fields))
			}
		}
	}
	slices.SortFunc(c.operations, func(a, b *Operation) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	return c, nil
}

func newOperation(method, path string, fields object) *Operation {
	o := &Operation{ID: text(fields["operationId"]), Method: strings.ToUpper(method), Path: path, segments: strings.Split(path, "/")}
	parameters, _ := fields["parameters"].([]any)
	for _, one := range parameters {
		parameter, _ := one.(object)
		switch text(parameter["in"]) {
		case "header":
			o.Headers = append(o.Headers, text(parameter["name"]))
		case "query":
			o.Queries = append(o.Queries, text(parameter["name"]))
		}
	}
	o.request = at(fields, "requestBody", "content", "application/json", "schema")
	o.answer = at(fields, "responses", "200", "content", "application/json", "schema")
	return o
}

// Operations are all operations, by path.
func (c *Contract) Operations() []*Operation { return slices.Clone(c.operations) }

// match finds the operation of a request; the pattern with the more literal path wins.
func (c *Contract) match(method, path string) *Operation {
	segments := strings.Split(path, "/")
	var best *Operation
	for _, o := range c.operations {
		if o.Method == method && o.matches(segments) && (best == nil || strings.Count(o.Path, "{") < strings.Count(best.Path, "{")) {
			best = o
		}
	}
	return best
}

func (o *Operation) matches(segments []string) bool {
	if len(segments) != len(o.segments) {
		return false
	}
	for i, want := range o.segments {
		if want != segments[i] && (!strings.HasPrefix(want, "{") || segments[i] == "") {
			return false
		}
	}
	return true
}

// schema prepares the schema of a request or of an answer.
func (c *Contract) schema(root object, answer bool) (*openapi3.Schema, error) {
	ref := text(root["$ref"])
	if ref == "" {
		return nil, errors.New("contract: a body without a named schema")
	}
	key := fmt.Sprint(answer, ref)
	c.mu.Lock()
	defer c.mu.Unlock()
	if ready := c.compiled[key]; ready != nil {
		return ready, nil
	}
	used := object{}
	c.collect(name(ref), answer, false, used)
	document, err := json.Marshal(object{
		"openapi": "3.0.3", "info": object{"title": "part", "version": "1"}, "paths": object{},
		"components": object{"schemas": used},
	})
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	part, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, fmt.Errorf("contract: %s: %w", name(ref), err)
	}
	ready := part.Components.Schemas[name(ref)].Value
	c.compiled[key] = ready
	return ready, nil
}

// orNull is the name of a schema's twin that may be null.
const orNull = "_or_null"

// collect copies a named schema, and those that it needs, into used: closed, and with nulls where answers have them.
func (c *Contract) collect(name string, answer, nullable bool, used object) {
	target := name
	if nullable {
		target += orNull
	}
	if used[target] != nil {
		return
	}
	original, _ := c.schemas[name].(object)
	used[target] = true // stands for itself while its own parts are copied
	copied, _ := c.tighten(name, original, answer, used).(object)
	if nullable {
		copied["nullable"] = true
		if values, isEnum := copied["enum"].([]any); isEnum {
			copied["enum"] = append(slices.Clone(values), nil)
		}
	}
	used[target] = copied
}

// tighten copies a part of a schema.
func (c *Contract) tighten(owner string, part any, answer bool, used object) any {
	switch part := part.(type) {
	case object:
		if ref := text(part["$ref"]); ref != "" {
			c.collect(name(ref), answer, false, used)
			return object{"$ref": ref}
		}
		copied := object{}
		for key, value := range part {
			copied[key] = c.tighten(owner, value, answer, used)
		}
		c.close(owner, part, copied, answer, used)
		return copied
	case []any:
		copied := make([]any, len(part))
		for i, value := range part {
			copied[i] = c.tighten(owner, value, answer, used)
		}
		return copied
	}
	return part
}

// close refuses unknown properties of an object schema and allows its nulls. A schema without properties is a free-form map and
// stays open.
func (c *Contract) close(owner string, original, copied object, answer bool, used object) {
	properties, _ := copied["properties"].(object)
	if original["type"] != "object" || len(properties) == 0 {
		return
	}
	if _, said := original["additionalProperties"]; !said {
		copied["additionalProperties"] = false
	}
	if !answer {
		return
	}
	required, _ := original["required"].([]any)
	for key, value := range properties {
		property, _ := value.(object)
		ref := text(property["$ref"])
		if ref == "" && slices.Contains(required, any(key)) || neverNull(owner, key) {
			continue
		}
		if ref == "" {
			property["nullable"] = true
			continue
		}
		c.collect(name(ref), answer, true, used)
		properties[key] = object{"$ref": ref + orNull}
	}
}

func name(ref string) string { return strings.TrimPrefix(ref, "#/components/schemas/") }

func text(value any) string {
	s, _ := value.(string)
	return s
}

// at follows a path of keys; nil when it ends early.
func at(from object, keys ...string) object {
	for _, key := range keys {
		from, _ = from[key].(object)
	}
	return from
}
