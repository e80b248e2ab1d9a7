package handlers

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"console.internal/internal/audit"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
)

// recordFormat is a form in which entries are taken along.
type recordFormat struct {
	media, ending string
	write         func(io.Writer, audit.Head, iter.Seq2[audit.Entry, error]) error
}

var (
	recordCSV  = recordFormat{"text/csv; charset=utf-8", "csv", audit.WriteCSV}
	recordJSON = recordFormat{"application/jsonl; charset=utf-8", "jsonl", audit.WriteJSONLines}
)

// exportAudit sends all entries of the filters, of all organizations.
func exportAudit(format recordFormat) endpoint {
	return signedIn(func(h *console, c echo.Context, p *session.Person) error {
		l, err := h.auditLedger(c, p, stytch.AuditExport)
		if err != nil {
			return err
		}
		return h.export(c, l, "audit", format)
	})
}

// exportActivity sends all entries of the filters, of one tenant, as its own people see them.
func exportActivity(format recordFormat) endpoint {
	return inTenant(func(h *console, c echo.Context, p *session.Person, t stytch.Tenant) error {
		if err := t.Permitted(c.Request().Context(), stytch.ActivitySearch); err != nil {
			return err
		}
		return h.export(c, h.activityLedger(p, t), "activity", format)
	})
}

// export sends entries as they are read, however many there are. The last line says whether it is whole: the status was sent long
// before that is known.
func (h *console) export(c echo.Context, l *ledger, name string, format recordFormat) error {
	q := readRecordQuery(c, l.tenantID)
	if len(q.problems) > 0 {
		return &problem{
			Status: http.StatusUnprocessableEntity, Heading: "This cannot be exported", What: "A filter in the address cannot be read: " + q.problems[0].Text,
			Do: "Choose the filters on the page, then export.", Href: l.path, HrefText: "To the entries",
		}
	}
	ctx := c.Request().Context()
	head, err := h.Audit.Head(ctx)
	if err != nil {
		return &problem{
			Status: http.StatusServiceUnavailable, Heading: "The record cannot be read", What: "The console's own record does not answer. Nothing is exported.",
			Do: "Try again in a moment.", Retry: true, Err: err,
		}
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, format.media)
	header.Set(echo.HeaderContentDisposition, `attachment; filename="`+name+"-"+h.Now().UTC().Format("20060102-150405")+"."+format.ending+`"`)
	c.Response().WriteHeader(http.StatusOK)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	out := bufio.NewWriterSize(&stream{to: c.Response(), control: http.NewResponseController(c.Response())}, streamPiece)
	return errors.Join(format.write(out, head, h.all(c, l, q)), out.Flush())
}

// all are the entries that may be seen.
func (h *console) all(c echo.Context, l *ledger, q recordQuery) iter.Seq2[audit.Entry, error] {
	ctx := c.Request().Context()
	return func(yield func(audit.Entry, error) bool) {
		for e, err := range h.Audit.All(ctx, q.filter) {
			if err == nil && !l.seen(&e, &q.filter) {
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

const (
	// streamPause is how long the reader of a long answer may take for the next piece of it.
	streamPause = time.Minute
	// streamPiece is how many bytes are sent off at once.
	streamPiece = 64 << 10
)

// stream is an answer that may take longer than the server lets a whole one take: each piece has the time anew, so that somebody who
// reads slowly gets all of it and somebody who has stopped does not hold it open.
type stream struct {
	to      io.Writer
	control *http.ResponseController
}

// Write implements io.Writer.
func (s *stream) Write(p []byte) (int, error) {
	if err := s.control.SetWriteDeadline(time.Now().Add(streamPause)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	n, err := s.to.Write(p)
	if err != nil {
		return n, err
	}
	return n, s.control.Flush()
}
