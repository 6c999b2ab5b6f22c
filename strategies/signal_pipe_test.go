//go:build unix

package strategies

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestAPipeInAFolderIsNoSignal: nobody writes to it, and to open it would be to
// wait for ever.
func TestAPipeInAFolderIsNoSignal(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(folder, "a"), 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	_, _, err := ReadSignals(folder, SignalOptions{TimesOfFiles: true})
	if err == nil || !strings.HasSuffix(err.Error(), "a: found no regular file; expected a folder of JSON files alone, a signal a file") {
		t.Errorf("%v", err)
	}
}
