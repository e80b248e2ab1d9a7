// Package entry lets the support staff into tenants that they do not belong to, for a reason and for a while.
//
// Entering makes a membership in the tenant, and whatever is made so must go again: on leaving, after some hours, and after a
// crash in the middle. So the record of an entry is written before anything is made, and its id goes upstream as the member's
// external id: whoever has the record alone can delete what came of it. The desk deletes nothing that is not in the record.
package entry
