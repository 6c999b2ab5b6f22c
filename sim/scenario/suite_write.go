package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// write puts the new text into the scenario's file, and keeps what changed. A file
// that changed since it was read stays as it is.
func (t *trial) write() {
	if err := replace(t.path, []byte(t.Scenario.Text), []byte(t.text)); err != nil {
		t.Outcome, t.Err = Broken, fmt.Errorf("%s: found no way to write what came of it: %w; nothing was changed", t.File, err)
		return
	}
	t.Updated = unified(t.File, t.Scenario.Text, t.text)
}

// replace replaces a file's text, if it is the one that is expected and not
// write-protected, whole or not at all. A link leads to the file; its permissions stay.
func replace(path string, before, after []byte) (err error) {
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return err
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case info.Mode().Perm()&0o200 == 0: // a rename would not mind
		return errors.New("it is write-protected: allow that it is written")
	}
	switch now, err := os.ReadFile(path); {
	case err != nil:
		return err
	case !bytes.Equal(now, before):
		return errors.New("the file changed while it was checked: check it again")
	}
	out, err := os.CreateTemp(filepath.Dir(path), ".update-*") // on the same disk
	if err != nil {
		return err
	}
	defer os.Remove(out.Name()) // there is none once it took the file's place
	_, err = out.Write(after)
	if err == nil {
		err = out.Chmod(info.Mode().Perm())
	}
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return err
	}
	return os.Rename(out.Name(), path)
}
