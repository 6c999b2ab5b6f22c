package strategies

import (
	"cmp"
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
func readFolder(folder string, options SignalOptions) ([]Signal, error) {
	entries, err := os.ReadDir(folder) // by name
	if err != nil {
		return nil, &SignalError{File: folder, Found: err.Error(), Cause: err}
	}
	all := newCollector(folder, options.Miner)
	var read []Signal
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		signal, err := readSignalFile(filepath.Join(folder, e.Name()), options.TimesOfFiles)
		if err != nil {
			return nil, err
		}
		if read = append(read, signal); len(read) > maxSignals {
			return nil, &SignalError{File: folder, Found: fmt.Sprintf("more than %d signals", maxSignals), Expected: "fewer"}
		}
	}
	slices.SortStableFunc(read, func(a, b Signal) int { return cmp.Compare(a.TimeMS, b.TimeMS) })
	for i := range read {
		if err := all.add(read[i]); err != nil {
			return nil, err
		}
	}
	return all.finish()
}

// readSignalFile reads a file with one signal.
func readSignalFile(path string, takesTime bool) (s Signal, err error) {
	unreadable := func(err error) error {
		return &SignalError{File: path, Found: "a file that can't be read: " + err.Error(), Expected: "a JSON file with one signal", Cause: err}
	}
	f, err := os.Open(path)
	if err != nil {
		return s, unreadable(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return s, unreadable(err)
	}
	if !info.Mode().IsRegular() {
		return s, &SignalError{File: path, Found: "no regular file", Expected: "a folder of JSON files alone, a signal a file"}
	}
	plain, err := text.Unpack(f)
	if err != nil {
		return s, unreadable(err)
	}
	data, err := io.ReadAll(io.LimitReader(plain, maxSignalFile+1))
	if err != nil {
		return s, unreadable(err)
	}
	if len(data) > maxSignalFile {
		return s, &SignalError{File: path, Found: fmt.Sprintf("more than %d bytes", maxSignalFile), Expected: "a JSON file with one signal"}
	}
	c := newCollector(path, "")
	name := filepath.Base(path)
	c.fileUUID = strings.TrimSuffix(name, filepath.Ext(name))
	if takesTime {
		c.fileMS = info.ModTime().UnixMilli()
	}
	if err := c.takeJSON(data, place{}); err != nil {
		return s, err
	}
	return c.signals[0], nil
}
