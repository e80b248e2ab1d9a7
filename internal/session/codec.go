package session

import (
	"encoding/binary"
	"errors"
	"time"
)

// errBlob is a session blob that is not one of ours.
var errBlob = errors.New("session: the stored session cannot be read")

// maxText is longer than any text that a session holds.
const maxText = 1 << 20

// codec writes the few texts that a session holds. The library's own one describes its types anew in every blob, and
// reading that was a twentieth of a list page.
type codec struct{}

// Encode implements scs.Codec. A value that is not a text is an error of ours.
func (codec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	blob := binary.AppendVarint(nil, deadline.UnixNano())
	for name, value := range values {
		text, ok := value.(string)
		if !ok {
			return nil, errBlob
		}
		blob = appendText(appendText(blob, name), text)
	}
	return blob, nil
}

// Decode implements scs.Codec.
func (codec) Decode(blob []byte) (time.Time, map[string]any, error) {
	deadline, n := binary.Varint(blob)
	if n <= 0 {
		return time.Time{}, nil, errBlob
	}
	blob = blob[n:]
	values := map[string]any{}
	for len(blob) > 0 {
		var name, text string
		var ok bool
		if name, blob, ok = cutText(blob); !ok {
			return time.Time{}, nil, errBlob
		}
		if text, blob, ok = cutText(blob); !ok {
			return time.Time{}, nil, errBlob
		}
		values[name] = text
	}
	return time.Unix(0, deadline).UTC(), values, nil
}

func appendText(blob []byte, text string) []byte {
	return append(binary.AppendUvarint(blob, uint64(len(text))), text...)
}

func cutText(blob []byte) (text string, rest []byte, ok bool) {
	size, n := binary.Uvarint(blob)
	if n <= 0 || size > maxText {
		return "", nil, false
	}
	if end := n + int(size); end <= len(blob) {
		return string(blob[n:end]), blob[end:], true
	}
	return "", nil, false
}
