package handlers

import "testing"

// TestTypedNumbers reads phone numbers and codes, as people type them.
func TestTypedNumbers(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"+44 20 7946 0958": "+442079460958", "+1 (415) 555-0142": "+14155550142", "+44.20.7946.0958": "+442079460958", "+442079460958": "+442079460958",
		"020 7946 0958": "", "0044207946": "", "+0123456789": "", "+44": "", "": "", "+44 20 7946 0958x": "", "+١٢٣٤٥٦٧٨٩": "", "++442079460958": "",
		"+1234567890123456": "",
	} {
		if got, ok := phoneOf(typed); ok != (want != "") || (ok && got != want) {
			t.Errorf("phone %q: %q %t", typed, got, ok)
		}
	}
	for typed, want := range map[string]string{
		"123456": "123456", "123 456": "123456", "123-456": "123456", "12\u00a034 56": "123456", "12345": "", "1234567": "", "12345a": "", "١٢٣٤٥٦": "", "": "",
	} {
		if got, ok := sixDigits(typed); ok != (want != "") || (ok && got != want) {
			t.Errorf("code %q: %q %t", typed, got, ok)
		}
	}
	for typed, want := range map[string]string{
		"ab12-cd34-ef56": "ab12-cd34-ef56", "AB12 CD34 EF56": "ab12-cd34-ef56", "ab12cd34ef56": "ab12-cd34-ef56", "ab12-cd34-ef5": "", "ab12-cd34-ef567": "",
		"äb12-cd34-ef5": "", "": "", "ab12_cd34_ef56": "",
	} {
		if got, ok := recoveryCodeOf(typed); ok != (want != "") || (ok && got != want) {
			t.Errorf("recovery code %q: %q %t", typed, got, ok)
		}
	}
}
