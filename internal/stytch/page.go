package stytch

import (
	"context"
	"errors"
	"iter"
)

// Page is one page of a search.
type Page[T any] struct {
	Items []T
	// Next is the cursor of the next page, empty on the last one. It is opaque (rule cursors).
	Next string
	// Total is the size of the whole result, or -1 where the upstream does not tell (rule totals).
	Total int
}

// resultsMetadata is how a search tells where it stands.
type resultsMetadata struct {
	Total      *int   `json:"total"`
	NextCursor string `json:"next_cursor"`
}

func (m *resultsMetadata) complete() bool { return m != nil && m.Total != nil }

// all goes through every page. It yields an error once and stops. A cursor that came before is an error too: it would go
// round for ever, and an export that just ended there would pass for a whole one.
func all[T any](ctx context.Context, op Operation, page func(context.Context, string) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		cursor, seen := "", map[string]bool{}
		for {
			p, err := page(ctx, cursor)
			if err == nil && p.Next != "" && seen[p.Next] {
				err = &Fault{Operation: op, Kind: Malformed, Err: errors.New("the cursor leads back")}
			}
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			for _, item := range p.Items {
				if !yield(item, nil) {
					return
				}
			}
			if p.Next == "" {
				return
			}
			cursor = p.Next
			seen[cursor] = true
		}
	}
}

// Query is the filter part of a search: all operands must match.
type Query struct {
	Operator string    `json:"operator"`
	Operands []Operand `json:"operands"`
}

// Operand is one filter: its upstream name and its value (string, bool or list of strings, as the name asks for).
type Operand struct {
	Name  string `json:"filter_name"`
	Value any    `json:"filter_value"`
}

func queryOf(operands []Operand) *Query {
	if len(operands) == 0 {
		return nil
	}
	return &Query{Operator: "AND", Operands: operands}
}
