package strategies

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets/text"
)

// maxSignalFile bounds a file with one signal, bytes: what the validators
// answered stands beside it.
const maxSignalFile = 1 << 20

// readFolder reads a folder with a signal of the network's own format a file, as
// a miner keeps them. Files and folders whose names begin with a dot are left
// out. The signals are put in the order of their times, then of the files' names;
// the file's name is the uuid of a signal that has none, as it is for the network.
//
// The SHA-256 is of the lines that sha256sum prints of the files, by name.
func readFolder(folder string, options SignalOptions) ([]Signal, string, error) {
	entries, err := os.ReadDir(folder) // by name
	if err != nil {
		return nil, "", &SignalError{File: folder, Found: err.Error(), Cause: err}
	}
	all := newCollector(folder, options.selection())
	var read []Signal
	lines := sha256.New()
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		signal, sum, err := readSignalFile(filepath.Join(folder, e.Name()), options.TimesOfFiles)
		if err != nil {
			return nil, "", err
		}
		fmt.Fprintf(lines, "%x  %s\n", sum, e.Name())
		if read = append(read, signal); len(read) > maxSignals {
			return nil, "", &SignalError{File: folder, Found: fmt.Sprintf("more than %d signals", maxSignals), Expected: "fewer"}
		}
	}
	slices.SortStableFunc(read, func(a, b Signal) int { return cmp.Compare(a.TimeMS, b.TimeMS) })
	for i := range read {
		if err := all.add(read[i]); err != nil {
			return nil, "", err
		}
	}
	signals, err := all.finish()
	return signals, hex.EncodeToString(lines.Sum(nil)), err
}

// readSignalFile reads a file with one signal, and returns the SHA-256 of its bytes.
func readSignalFile(path string, takesTime bool) (s Signal, sum []byte, err error) {
	unreadable := func(err error) error {
		return &SignalError{File: path, Found: "a file that can't be read: " + err.Error(), Expected: "a JSON file with one signal", Cause: err}
	}
	info, err := os.Stat(path) // before it is opened: to open a pipe is to wait for who writes
	if err != nil {
		return s, nil, unreadable(err)
	}
	if !info.Mode().IsRegular() {
		return s, nil, &SignalError{File: path, Found: "no regular file", Expected: "a folder of JSON files alone, a signal a file"}
	}
	raw, data, err := readWhole(path)
	if err != nil {
		return s, nil, unreadable(err)
	}
	if max(len(raw), len(data)) > maxSignalFile {
		return s, nil, &SignalError{File: path, Found: fmt.Sprintf("more than %d bytes", maxSignalFile), Expected: "a JSON file with one signal"}
	}
	c := newCollector(path, selection{})
	name := filepath.Base(path)
	c.fileUUID = strings.TrimSuffix(name, filepath.Ext(name))
	if takesTime {
		c.fileMS = info.ModTime().UnixMilli()
	}
	if err := c.takeJSON(data, place{}); err != nil {
		return s, nil, err
	}
	hash := sha256.Sum256(raw)
	return c.signals[0], hash[:], nil
}

// readWhole returns a file's bytes, and its text unpacked. Either is cut off
// where it is longer than maxSignalFile.
func readWhole(path string) (raw, data []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	raw, err = io.ReadAll(io.LimitReader(f, maxSignalFile+1))
	if err != nil || len(raw) > maxSignalFile {
		return raw, nil, err
	}
	plain, err := text.Unpack(bytes.NewReader(raw))
	if err != nil {
		return raw, nil, err
	}
	data, err = io.ReadAll(io.LimitReader(plain, maxSignalFile+1))
	return raw, data, err
}
