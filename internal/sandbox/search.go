package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Bounds of searches.
const (
	defaultLimit    = 100
	maxLimit        = 1000
	maxFilterValues = 100
	minFuzzy        = 3
)

// window counts the searches of one operation in one minute; the upstream's windows are fixed, not rolling.
type window struct {
	begins time.Time
	used   int
}

// spend takes one from the window that begins at a time and has room for most.
func spend[K comparable](windows map[K]window, key K, begins time.Time, most int) error {
	current := windows[key]
	if !current.begins.Equal(begins) {
		current = window{begins: begins}
	}
	if current.used >= most {
		return errTooManyRequests()
	}
	current.used++
	windows[key] = current
	return nil
}

// spend takes one search from the minute's budget.
func (c *call) spend() error {
	if c.options.SearchesPerMinute < 0 {
		return nil
	}
	return spend(c.searches, c.operation.ID, c.time.Truncate(time.Minute), c.options.SearchesPerMinute)
}

type searchRequest struct {
	OrganizationIDs []string     `json:"organization_ids"`
	Cursor          *string      `json:"cursor"`
	Limit           *int64       `json:"limit"`
	Query           *searchQuery `json:"query"`
}

type searchQuery struct {
	Operator string                      `json:"operator"`
	Operands []map[string]jsontext.Value `json:"operands"`
}

// limit is the number of rows of a page.
func (in *searchRequest) limit() (int, error) {
	switch {
	case in.Limit == nil || *in.Limit == 0:
		return defaultLimit, nil
	case *in.Limit < 0 || *in.Limit > maxLimit:
		return 0, badRequest("user_search_invalid_limit", "The limit must be between 1 and 1000.")
	}
	return int(*in.Limit), nil
}

// either tells whether one matching operand is enough.
func (in *searchRequest) either() (bool, error) {
	if in.Query == nil {
		return false, nil
	}
	switch in.Query.Operator {
	case "AND":
		return false, nil
	case "OR":
		return true, nil
	}
	return false, badRequest("user_search_invalid_operator", "The operator must be AND or OR.")
}

// start is the position at which the page begins. A cursor is good only for the search that it came from.
func (c *call) start(in *searchRequest) (int, error) {
	if in.Cursor == nil || *in.Cursor == "" {
		return 0, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(*in.Cursor)
	if err != nil || len(raw) != 8+sha256.Size {
		return 0, errInvalidCursor()
	}
	position := binary.BigEndian.Uint64(raw)
	if !hmac.Equal(raw[8:], c.cursorSum(position, in)) || position > 1<<40 {
		return 0, errInvalidCursor()
	}
	return int(position), nil
}

func errInvalidCursor() error {
	return badRequest("user_search_invalid_cursor", "The cursor is not one of this search.")
}

// cursor leads to the page that begins at a position.
func (c *call) cursor(position int, in *searchRequest) string {
	raw := make([]byte, 8, 8+sha256.Size)
	binary.BigEndian.PutUint64(raw, uint64(max(0, position)))
	return base64.RawURLEncoding.EncodeToString(append(raw, c.cursorSum(binary.BigEndian.Uint64(raw), in)...))
}

func (c *call) cursorSum(position uint64, in *searchRequest) []byte {
	mac := hmac.New(sha256.New, c.cursorKey)
	mac.Write(binary.BigEndian.AppendUint64([]byte(c.operation.ID), position))
	for _, id := range in.OrganizationIDs {
		mac.Write([]byte("\x00" + id))
	}
	if in.Query != nil {
		query, err := json.Marshal(in.Query, json.Deterministic(true))
		if err == nil {
			mac.Write(query)
		}
	}
	return mac.Sum(nil)
}

// operand is one filter with its value.
type operand struct {
	name  string
	value jsontext.Value
	area  string // organization or member: how error types begin
}

// operands reads the filters of a search.
func (in *searchRequest) operands(area string) ([]operand, error) {
	if in.Query == nil {
		return nil, nil
	}
	var all []operand
	for _, given := range in.Query.Operands {
		raw, named := given["filter_name"]
		if !named {
			return nil, badRequest(area+"_search_missing_filter_name", "An operand has no filter_name.")
		}
		var name string
		if err := json.Unmarshal(raw, &name); err != nil || raw.Kind() != '"' {
			return nil, badRequest(area+"_search_filter_name_must_be_string", "filter_name must be a string.")
		}
		value, valued := given["filter_value"]
		if !valued || value.Kind() == 'n' {
			return nil, badRequest(area+"_search_missing_filter_value", "The filter "+strconv.Quote(name)+" has no filter_value.")
		}
		all = append(all, operand{name, value, area})
	}
	return all, nil
}

func (o operand) unknown() error {
	return badRequest(o.area+"_search_filter_name_not_recognized", "There is no such filter.")
}

func (o operand) texts() ([]string, error) {
	wrong := badRequest(o.area+"_search_expected_array_of_strings", "The filter takes a list of strings.")
	var values []string
	if o.value.Kind() != '[' {
		return nil, wrong
	}
	if err := json.Unmarshal(o.value, &values); err != nil {
		return nil, wrong
	}
	if len(values) > maxFilterValues {
		return nil, badRequest("user_search_maximum_filter_value_count_exceeded", "The filter has more than 100 values.")
	}
	return values, nil
}

func (o operand) text() (string, error) {
	var value string
	if err := json.Unmarshal(o.value, &value); err != nil {
		return "", badRequest(o.area+"_search_expected_string", "The filter takes a string.")
	}
	return value, nil
}

// fuzzy is a text of at least three characters, in lower case.
func (o operand) fuzzy() (string, error) {
	value, err := o.text()
	if err != nil {
		return "", err
	}
	if len([]rune(value)) < minFuzzy {
		return "", badRequest(o.area+"_search_"+o.name+"_too_short", "The filter needs at least 3 characters.")
	}
	return strings.ToLower(value), nil
}

func (o operand) boolean() (bool, error) {
	var value bool
	if err := json.Unmarshal(o.value, &value); err != nil {
		return false, badRequest(o.area+"_search_expected_boolean", "The filter takes true or false.")
	}
	return value, nil
}

// test tells whether a row matches one filter.
type test[T any] func(T) bool

// exact matches rows of which some value is in the list.
func exact[T any](o operand, values func(T) []string) (test[T], error) {
	wanted, err := o.texts()
	if err != nil {
		return nil, err
	}
	return func(row T) bool {
		return slices.ContainsFunc(values(row), func(have string) bool { return slices.Contains(wanted, have) })
	}, nil
}

// contains matches rows of which some value contains the text, whatever the case.
func contains[T any](o operand, values func(T) []string) (test[T], error) {
	wanted, err := o.fuzzy()
	if err != nil {
		return nil, err
	}
	return func(row T) bool {
		return slices.ContainsFunc(values(row), func(have string) bool { return strings.Contains(strings.ToLower(have), wanted) })
	}, nil
}

// is matches rows of which something is so, or not.
func is[T any](o operand, value func(T) bool) (test[T], error) {
	wanted, err := o.boolean()
	if err != nil {
		return nil, err
	}
	return func(row T) bool { return value(row) == wanted }, nil
}

// matching picks the rows that pass all tests, or any of them.
func matching[T any](rows []T, tests []test[T], either bool) []T {
	if len(tests) == 0 {
		return rows
	}
	var found []T
	for _, row := range rows {
		passed := slices.ContainsFunc(tests, func(t test[T]) bool { return t(row) == either })
		if passed == either {
			found = append(found, row)
		}
	}
	return found
}

// page cuts one page out of rows and says where the next one begins; next is 0 on the last page.
func page[T any](rows []T, start, limit int) (cut []T, next int) {
	start = min(start, len(rows))
	end := min(start+limit, len(rows))
	if end < len(rows) {
		next = end
	}
	return rows[start:end], next
}

// resultsMetadata says how large a whole result is, and where its next page begins; null on the last one.
type resultsMetadata struct {
	Total      int     `json:"total"`
	NextCursor *string `json:"next_cursor"`
}

// cutPage cuts the page out of rows that a search asks for.
func cutPage[T any](c *call, in *searchRequest, rows []T) ([]T, resultsMetadata, error) {
	metadata := resultsMetadata{Total: len(rows)}
	limit, err := in.limit()
	if err != nil {
		return nil, metadata, err
	}
	start, err := c.start(in)
	if err != nil {
		return nil, metadata, err
	}
	cut, next := page(rows, start, limit)
	if next != 0 {
		cursor := c.cursor(next, in)
		metadata.NextCursor = &cursor
	}
	return cut, metadata, nil
}

// opening begins an answer that has rows of about this many bytes each, with room for all of them.
func (c *call) opening(list string, rows, size int) []byte {
	out := make([]byte, 0, 4096+rows*size)
	out = append(out, `{"request_id":"`...)
	out = append(out, c.requestID...)
	out = append(out, `","status_code":200,"`...)
	out = append(out, list...)
	return append(out, `":[`...)
}

// metadata writes results_metadata.
func (c *call) metadata(into []byte, in *searchRequest, total, next int) []byte {
	into = append(into, `"results_metadata":{"total":`...)
	into = strconv.AppendInt(into, int64(total), 10)
	into = append(into, `,"next_cursor":`...)
	if next == 0 {
		return append(into, "null}"...)
	}
	into = append(into, '"')
	into = append(into, c.cursor(next, in)...)
	return append(into, `"}`...)
}
