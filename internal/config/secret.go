package config

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// KeySize is the length of a key in bytes.
const KeySize = 32

// keyFile is the name of the made key in the data directory.
const keyFile = "console.key"

// maxSecretFile bounds what is read of a secret's file, in bytes. A path that names a device or a log by mistake must
// not fill the memory.
const maxSecretFile = 64 << 10

// redacted is what a secret prints as.
const redacted = "[secret]"

// Secret is a value that does not print: logging or formatting a [Config] as a whole gives nothing away.
type Secret struct{ value string }

// NewSecret wraps a value.
func NewSecret(value string) Secret { return Secret{value: value} }

// Reveal is the value itself, for the one place that needs it.
func (s Secret) Reveal() string { return s.value }

// IsZero says whether there is no value.
func (s Secret) IsZero() bool { return s.value == "" }

// String hides the value.
func (Secret) String() string { return redacted }

// GoString hides the value from %#v.
func (Secret) GoString() string { return redacted }

// Format hides the value from every verb: without it %d or %x would reach into the struct.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue hides the value from log/slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText hides the value from encoders.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// secret reads a value from the variable name, or from the file that name_FILE points to. The second result says
// whether either of them is set; a value that is set and unusable is a problem, and comes back empty.
func secret(name string, getenv func(string) string, p *problems) (string, bool) {
	value, path := getenv(name), getenv(name+"_FILE")
	switch {
	case value != "" && path != "":
		p.add(name, "set together with "+name+"_FILE; keep one of them")
		return "", true
	case value != "":
		return strings.TrimSpace(value), true
	case path == "":
		return "", false
	}
	text, err := readSecretFile(path)
	if err != nil {
		p.add(name+"_FILE", reason(err))
		return "", true
	}
	if text == "" {
		p.add(name+"_FILE", "the file is empty")
	}
	return text, true
}

// readSecretFile is the text of a file without the white space around it.
func readSecretFile(path string) (string, error) {
	f, err := os.Open(path) //nolint:gosec // G304: the operator names the file, at start-up.
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, maxSecretFile+1))
	if err != nil {
		return "", err
	}
	if len(text) > maxSecretFile {
		return "", errFileSize
	}
	return strings.TrimSpace(string(text)), nil
}

var (
	errFileSize = errors.New("the file is larger than 64 KB")
	errFileMode = errors.New("the key file can be read by others; run chmod 600 on it, and make a new key if it may have been read")
)

// reason says why a file cannot be used, without its path: somebody may have put the secret where its path belongs.
func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	case errors.Is(err, fs.ErrPermission):
		return "no permission to use the file"
	case errors.Is(err, errFileSize), errors.Is(err, errFileMode):
		return err.Error()
	default:
		return "the file cannot be used"
	}
}

// parseKeys reads one or more keys, separated by commas or white space.
func parseKeys(text string) ([]Secret, bool) {
	var keys []Secret
	for field := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) }) {
		key, ok := parseKey(field)
		if !ok {
			return nil, false
		}
		keys = append(keys, NewSecret(string(key)))
	}
	return keys, len(keys) > 0
}

// parseKey reads one key of [KeySize] bytes, as hexadecimal digits or base64 of either alphabet, padded or not.
func parseKey(text string) ([]byte, bool) {
	if key, err := hex.DecodeString(text); err == nil && len(key) == KeySize {
		return key, true
	}
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	key, err := base64.RawStdEncoding.DecodeString(text)
	return key, err == nil && len(key) == KeySize
}

// ownKeys reads the key that an earlier start left in the data directory, or makes one where it may.
func ownKeys(dir string, anew bool, p *problems) []Secret {
	path := filepath.Join(dir, keyFile)
	text, err := readOwnKey(path)
	if errors.Is(err, fs.ErrNotExist) && !anew {
		p.add("CONSOLE_KEY", "missing; give the keys that the console runs with (or CONSOLE_KEY_FILE, or the --data-dir that has its "+keyFile+")")
		return nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeKey(dir, path); err == nil {
			text, err = readOwnKey(path)
		}
	}
	if err != nil {
		p.add("--data-dir", "cannot keep the key in "+keyFile+": "+reason(err))
		return nil
	}
	keys, ok := parseKeys(text)
	if !ok {
		p.add("--data-dir", keyFile+" in it does not hold keys of 32 bytes in base64 or hexadecimal")
	}
	return keys
}

// readOwnKey reads a key file that nobody else can read. A key that others could have read is refused rather than
// used: every session's token is sealed with it.
func readOwnKey(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", errFileMode
	}
	return readSecretFile(path)
}

// makeKey writes a new key. The file appears whole, and never over another one, so that two consoles which start at
// the same time on one directory end with the same key.
func makeKey(dir, path string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	key := make([]byte, KeySize)
	_, _ = rand.Read(key) // It never fails: the process ends instead.
	f, err := os.CreateTemp(dir, keyFile+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err = os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}
