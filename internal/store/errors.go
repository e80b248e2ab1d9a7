package store

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"console.internal/internal/session"
)

// OpenError says why a database cannot be used.
type OpenError struct {
	// Why is one sentence for the operator. It names no path.
	Why string
	// Err is the cause, or nil.
	Err error
}

// Error is the whole message.
func (e *OpenError) Error() string {
	if e.Err == nil {
		return "store: " + e.Why
	}
	return "store: " + e.Why + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *OpenError) Unwrap() error { return e.Err }

// What is wrong with a file that is a database, but not this console's.
const (
	whyNewer   = "a newer version of the console has used this database; run that version, or put back a copy from before it"
	whyOlder   = "an older version of the console has used this database, or none yet; start the console on it first"
	whyProject = "the database belongs to another project; give each project a database of its own"
	whyForeign = "the file is another program's database"
	whyBroken  = "the file is damaged, or no database"
)

// openError finds the words for a failure to open.
func openError(err error) error {
	if known, ok := errors.AsType[*OpenError](err); ok {
		return known
	}
	why := "it cannot be opened"
	switch code(err) {
	case sqlite3.SQLITE_FULL:
		why = "the disk is full"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM:
		why = "the file or its directory cannot be written"
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		why = whyBroken
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		why = "another program holds the database"
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		why = "there is no such file"
	case errors.Is(err, syscall.ENOSPC):
		why = "the disk is full"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		why = "the file or its directory cannot be written"
	case errors.Is(err, syscall.ENOTDIR):
		why = "its directory is a file"
	case errors.Is(err, syscall.EISDIR):
		why = "it is a directory, not a file"
	}
	return &OpenError{Why: why, Err: err}
}

// notKept marks an error by which nothing new can be kept.
func notKept(err error) error {
	switch code(err) {
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w: the disk is full: %w", session.ErrNotKept, err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%w: %w", session.ErrNotKept, err)
	default:
		return err
	}
}

// code is the primary result code of SQLite, or 0.
func code(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}
