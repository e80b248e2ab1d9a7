package stytch

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// fieldRow is what the client knows of a field that can be updated. No request has a name that is not one of a row: what a form
// says becomes a value at most.
type fieldRow[F ~string] struct {
	field F
	// action is what a member session needs for it, "" where the upstream publishes none.
	action string
	// self says that stytch.self with the same action is enough for one's own member.
	self bool
	// staff is the operation by which the support staff may write the field; 0 for none.
	staff Operation
	// secretOnly marks what the upstream takes with no member session at all.
	secretOnly bool
	// with is the field that this one goes along with; "" where it stands for itself.
	with F
	// is says whether a value is of the field's type.
	is func(any) bool
}

// a says whether a value is of this type.
func a[T any](value any) bool {
	_, ok := value.(T)
	return ok
}

// isObject says whether a value is JSON of an object, which null and half of one are not.
func isObject(value any) bool {
	v, ok := value.(jsontext.Value)
	return ok && v.Kind() == '{' && v.IsValid()
}

// rowOf returns the row of a field; a field that the table does not have gets an empty one.
func rowOf[F ~string](table []fieldRow[F], field F) fieldRow[F] {
	if at := slices.IndexFunc(table, func(row fieldRow[F]) bool { return row.field == field }); at >= 0 {
		return table[at]
	}
	return fieldRow[F]{}
}

func namesOf[F ~string](table []fieldRow[F]) []F {
	names := make([]F, len(table))
	for i, row := range table {
		names[i] = row.field
	}
	return names
}

// canSend says whether a member session may be sent with these values. It takes neither a field that the table does not have, nor
// a value of another type, nor nothing at all.
func canSend[F ~string](table []fieldRow[F], values map[F]any) bool {
	for field, value := range values {
		row := rowOf(table, field)
		if row.field == "" || row.secretOnly || !row.is(value) {
			return false
		}
		if _, along := values[row.with]; row.with != "" && !along {
			return false
		}
	}
	return len(values) > 0
}

// staffSends returns the operation by which the support staff write this one value.
func staffSends[F ~string](table []fieldRow[F], field F, value any) (Operation, bool) {
	row := rowOf(table, field)
	return row.staff, row.staff != 0 && row.is(value)
}

// isSegment says whether the id of a child of a member can be part of a path. Their shapes are the upstream's own affair; that
// the child is the member's, the caller has seen in a fresh read.
func isSegment(id string) bool { return id != "" && id != "." && id != ".." }

// clone keeps what is sent from changing while it is sent.
func clone[M ~map[F]any, F ~string](values map[F]any) M { return M(maps.Clone(values)) }
