// Package contract checks requests and answers against the upstream's interface (testdata/contract.json). Tests put it between a
// client and the sandbox; the product never imports it.
//
// The contract as it stands lets misspelled fields pass and refuses nulls that the upstream does send. So every object schema that
// has properties is closed, and in answers every property that is optional or a reference may be null, save for a few exceptions.
package contract
