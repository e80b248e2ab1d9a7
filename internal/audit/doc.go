// Package audit is the record of what was done through the console: by whom, to what, why, and how it ended.
//
// A [Log] is the stytch.Recorder of the console. It writes an intent before an act and its outcome after it, each a row of a
// chain in the database: a row has a body, and a MAC over the body and the MAC of the row before. The MAC's key is derived
// from the console's own key, which is not in the database. So nobody who can only write to the database can change, insert,
// reorder or drop a row without [Log.Verify] saying so, save for taking rows from the end, down to a state that once was: that
// shows against a [Head] written down elsewhere, which each start of the console and each export does.
//
// An intent without an outcome has [stytch.ResultUnknown]: nobody knows whether it was done.
//
// Rows are found by a second table of columns, which are all derived from the bodies; what [Log.Search] returns is the bodies',
// and Verify checks that the columns agree with them.
//
// [Log.Prune] deletes the oldest rows and adds one that says up to where, from which Verify then starts.
//
// Texts of the upstream and of people are kept as they came, cut to a length. Nothing here masks a secret: whoever makes a
// stytch.Change leaves it out.
package audit
