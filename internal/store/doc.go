// Package store keeps what must outlive the process in one SQLite file: people's sessions, their keys, and which forms were
// used. [Open] makes or opens the file and gives
//
//	[Store.Ring]      the session.Keyring: rings, their keys, sign-ins in the middle, notes
//	[Store.Sessions]  what the session library keeps: a flash message at most
//	[Store.Tickets]   which rendered forms were used
//
// What is secret comes sealed and leaves sealed: the file has no key to it, and names sessions by hashes alone. It does hold
// e-mail addresses, people's and organizations' names, and roles, in the clear.
//
// One connection writes and a pool reads; each method is a statement or one short transaction. What was acknowledged is there
// after the process is killed. After a power cut the last moments may be missing, never a part of a transaction: the file is
// synced at checkpoints and not at each write, since what it holds can be had again by signing in.
//
// The SQL is plain where plain SQL does, because other databases may come; what is SQLite's own is in open.go and errors.go.
//
// When nothing can be written, because the disk is full for one, reading goes on, changes end with session.ErrNotKept, and
// what is taken away counts as gone at once: it is remembered, and deleted when the disk has room.
package store
