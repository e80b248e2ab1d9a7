// Package ui has the parts that pages are made of: text that others wrote, states, ids, facts, notes, fields, pagers and
// JSON. It knows no area of the console.
//
// Parts that are drawn once per table row are concrete types with a Render method instead of templates: a template call
// costs several allocations, a method call on a value none.
package ui
