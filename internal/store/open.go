package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

//go:embed migrations/*.sql
var files embed.FS

// pragmas are what every connection is opened with. Foreign keys are off by default.
var pragmas = []string{"busy_timeout(5000)", "journal_mode(WAL)", "foreign_keys(1)"}

const (
	// immediate makes each transaction wait for its turn when it begins, and not in the middle.
	immediate = "_txlock=immediate"
	// normal syncs at checkpoints, full at each commit too.
	normal, full = "_pragma=synchronous(NORMAL)", "_pragma=synchronous(FULL)"
)

// Open opens the database, makes it where there is none, and brings its tables up to date. An *[OpenError] says what is wrong.
func Open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{limits: o.Limits, now: o.Now, log: o.Log}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if o.Fresh {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			if err := os.Remove(o.Path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, openError(err)
			}
		}
	}
	if o.Existing {
		// It would be made otherwise, and be found in order.
		if _, err := os.Stat(o.Path); err != nil {
			return nil, openError(err)
		}
	}
	path, err := own(o.Path)
	if err != nil {
		return nil, openError(err)
	}
	if s.writer, err = connect(path, 1, immediate, normal); err != nil {
		return nil, openError(err)
	}
	if err := s.prepare(ctx, path, o); err != nil {
		return nil, openError(errors.Join(err, s.writer.Close()))
	}
	if o.Existing {
		return s, nil
	}
	// Not the caller's context: a start is over soon, and sweeping is not.
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.sweeping.Go(func() { s.sweep(ctx) })
	return s, nil
}

// own makes the file where there is none, for its owner alone: SQLite would make it by the process's mask, and gives the files
// beside it the same mode.
func own(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // G304: the operator names the file, at start-up.
	if err != nil {
		return "", err
	}
	info, err := f.Stat()
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = f.Chmod(0o600)
	}
	return path, errors.Join(err, f.Close())
}

// connect makes a pool of connections that stay open.
func connect(path string, size int, extra ...string) (*sql.DB, error) {
	query := extra
	for _, pragma := range pragmas {
		query = append(query, "_pragma="+pragma)
	}
	address := url.URL{Scheme: "file", Path: path, RawQuery: strings.Join(query, "&")}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

// prepare checks whose database it is, migrates it and opens the readers.
func (s *Store) prepare(ctx context.Context, path string, o Options) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	steps, err := migrations()
	switch {
	case err != nil:
	case o.Existing:
		err = upToDate(ctx, tx, len(steps))
	default:
		err = s.apply(ctx, tx, o.ProjectID, steps)
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	if s.reader, err = connect(path, max(4, runtime.GOMAXPROCS(0)), normal, "_pragma=query_only(1)"); err != nil {
		return err
	}
	if err := s.queries.prepare(ctx, s.reader); err != nil {
		return errors.Join(err, s.reader.Close())
	}
	// It connects at its first use.
	if s.durable, err = connect(path, 1, immediate, full); err != nil {
		return errors.Join(err, s.reader.Close())
	}
	return nil
}

// upToDate refuses a file whose tables are not those of this version, and leaves it as it is.
func upToDate(ctx context.Context, tx *sql.Tx, want int) error {
	version, _, err := about(ctx, tx)
	switch {
	case err != nil:
		return err
	case version > want:
		return &OpenError{Why: whyNewer}
	case version < want:
		return &OpenError{Why: whyOlder}
	default:
		return nil
	}
}

// apply takes the steps that the file has not seen yet, in the one transaction that it is given.
func (s *Store) apply(ctx context.Context, tx *sql.Tx, projectID string, steps []string) error {
	version, owner, err := about(ctx, tx)
	switch {
	case err != nil:
		return err
	case version > len(steps):
		return &OpenError{Why: whyNewer}
	case version > 0 && owner != projectID:
		return &OpenError{Why: whyProject}
	}
	if version == 0 {
		if _, err := tx.ExecContext(ctx, "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL)"); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO about (name, value) VALUES ('project', ?), ('schema', '0'), ('opened', '')", projectID); err != nil {
			return err
		}
	}
	for _, step := range steps[version:] {
		if _, err := tx.ExecContext(ctx, step); err != nil {
			return err
		}
	}
	for name, value := range map[string]string{"schema": strconv.Itoa(len(steps)), "opened": s.now().UTC().Format("2006-01-02T15:04:05Z")} {
		// Writing at each start shows at the start whether the file can be written.
		if _, err := tx.ExecContext(ctx, "UPDATE about SET value = ? WHERE name = ?", value, name); err != nil {
			return err
		}
	}
	return nil
}

// about is the version of the tables, 0 in an empty file, and the project they belong to.
func about(ctx context.Context, tx *sql.Tx) (version int, project string, err error) {
	var tables, ours int
	err = tx.QueryRowContext(ctx, "SELECT count(*), coalesce(sum(name = 'about'), 0) FROM sqlite_master WHERE type = 'table'").Scan(&tables, &ours)
	if err != nil || tables == 0 {
		return 0, "", err
	}
	if ours == 0 {
		return 0, "", &OpenError{Why: whyForeign}
	}
	var schema string
	err = tx.QueryRowContext(ctx, "SELECT s.value, p.value FROM about s, about p WHERE s.name = 'schema' AND p.name = 'project'").Scan(&schema, &project)
	if err != nil {
		return 0, "", &OpenError{Why: whyForeign, Err: err}
	}
	version, err = strconv.Atoi(schema)
	if err != nil || version < 1 {
		return 0, "", &OpenError{Why: whyBroken, Err: err}
	}
	return version, project, nil
}

// migrations are the steps in their order. Their numbers have no gaps.
func migrations() ([]string, error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	steps := make([]string, len(names))
	for i, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(name, fmt.Sprintf("migrations/%04d_", i+1)) {
			return nil, errors.New("store: " + name + " is out of order")
		}
		steps[i] = string(text)
	}
	return steps, nil
}
