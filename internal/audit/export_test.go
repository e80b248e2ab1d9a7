package audit_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"console.internal/internal/audit"
	"console.internal/internal/stytch"
)

// some are entries, and an error after them if there is one.
func some(entries []audit.Entry, err error) iter.Seq2[audit.Entry, error] {
	return func(yield func(audit.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
		if err != nil {
			yield(audit.Entry{}, err)
		}
	}
}

// hostile is an entry in which each text begins as a formula does.
func hostile() audit.Entry {
	return audit.Entry{
		Seq: 2, At: began, Operation: "=1+1", Actor: stytch.Actor{Email: "+ada@support.example", Name: "-2+3", MemberID: "@SUM(1)", OrganizationID: "\t=1"},
		ActingOrganizationID: "\r=1", ActingMemberID: "\n=1", OrganizationID: "＝1", MemberID: "plain", Target: `a "b", c`, Reason: "two\nlines",
		Changes: []stytch.Change{{Field: "=Name", Was: "a", Now: "b"}, {Field: "x", Now: "<b>"}}, Reference: " =1", Result: stytch.ResultUnknown, UpstreamRequestID: "'", ErrorType: "日",
	}
}

func TestWriteCSV(t *testing.T) {
	t.Parallel()
	head := audit.Head{Seq: 4, MAC: strings.Repeat("0a", 32)}
	var out bytes.Buffer
	must(t, audit.WriteCSV(&out, head, some([]audit.Entry{{Seq: 5}, {Seq: 4, At: began, FinishedAt: began, Status: 403, Result: stytch.ResultRefused}, hostile()}, nil)))
	lines, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(lines) != 4 {
		t.Fatalf("%v, %v", lines, err)
	}
	want := "2,2026-01-01T12:00:00Z,,unknown,'=1+1,'+ada@support.example,'-2+3,'@SUM(1),'\t=1,'\r=1,'\n=1,'＝1,plain,a \"b\", c,two\nlines,'=Name: a -> b\nx:  -> <b>, =1,,',日"
	if got := strings.Join(lines[2], ","); got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	if lines[0][0] != "seq" || lines[0][19] != "error_type" || lines[1][0] != "4" || lines[1][2] != "2026-01-01T12:00:00Z" || lines[1][17] != "403" {
		t.Errorf("%q", lines)
	}
	if last := strings.TrimRight(strings.Join(lines[3], ","), ","); last != "head,"+head.String()+",whole" {
		t.Error(last)
	}
}

func TestWriteJSONLines(t *testing.T) {
	t.Parallel()
	head := audit.Head{Seq: 4, MAC: strings.Repeat("0a", 32)}
	e := hostile()
	e.Reason = "\u2028"
	var out bytes.Buffer
	must(t, audit.WriteJSONLines(&out, head, some([]audit.Entry{{Seq: 5}, e}, nil)))
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != 2 || strings.Contains(lines[0], "\u2028") {
		t.Fatalf("%q", lines)
	}
	var got struct {
		Seq       int    `json:"seq"`
		At        string `json:"at"`
		Operation string `json:"operation"`
		Reason    string `json:"reason"`
		Changes   []struct {
			Field string `json:"field"`
			Was   string `json:"was"`
			Now   string `json:"now"`
		} `json:"changes"`
		Result string `json:"result"`
	}
	must(t, json.Unmarshal([]byte(lines[0]), &got))
	if got.Seq != 2 || got.At != "2026-01-01T12:00:00Z" || got.Operation != "=1+1" || got.Reason != "\u2028" || got.Changes[1].Now != "<b>" || got.Result != "unknown" {
		t.Errorf("%+v", got)
	}
	if want := `{"head":"` + head.String() + `","whole":true,"entries":1}`; lines[1] != want {
		t.Errorf("%s\nwant %s", lines[1], want)
	}
}

// What ends in the middle says so on its last line, and to the caller.
func TestAnExportThatIsCutOff(t *testing.T) {
	t.Parallel()
	why := errors.New("the disk is gone")
	var table, lines bytes.Buffer
	if err := audit.WriteCSV(&table, audit.Head{Seq: 9}, some([]audit.Entry{hostile()}, why)); !errors.Is(err, why) || !strings.Contains(table.String(), "\nhead,9:,cut off,") {
		t.Errorf("%v: %s", err, &table)
	}
	if err := audit.WriteJSONLines(&lines, audit.Head{Seq: 9}, some([]audit.Entry{hostile()}, why)); !errors.Is(err, why) || !strings.HasSuffix(lines.String(), `"whole":false,"entries":1}`+"\n") {
		t.Errorf("%v: %s", err, &lines)
	}
}

// gone is a reader who leaves after so many bytes.
type gone int

var errGone = errors.New("the reader has gone")

func (g *gone) Write(p []byte) (int, error) {
	if *g -= gone(len(p)); *g < 0 {
		return 0, errGone
	}
	return len(p), nil
}

func TestAReaderWhoLeaves(t *testing.T) {
	t.Parallel()
	k := open(t)
	seed(t, k, 0, 2000)
	for name, write := range map[string]func(*gone, iter.Seq2[audit.Entry, error]) error{
		"csv": func(g *gone, all iter.Seq2[audit.Entry, error]) error {
			return audit.WriteCSV(g, audit.Head{Seq: 2000}, all)
		},
		"lines": func(g *gone, all iter.Seq2[audit.Entry, error]) error {
			return audit.WriteJSONLines(g, audit.Head{Seq: 2000}, all)
		},
	} {
		for _, after := range []gone{0, 100_000} {
			read := 0
			err := write(&after, func(yield func(audit.Entry, error) bool) {
				for e, err := range k.All(t.Context(), audit.Filter{}) {
					if read++; !yield(e, err) {
						return
					}
				}
			})
			if !errors.Is(err, errGone) || read > 1000 {
				t.Errorf("%s: %v after %d entries", name, err, read)
			}
		}
	}
}
