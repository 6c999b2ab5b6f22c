package datasets

import (
	"bufio"
	"errors"
	"os"
	"path/filepath"
)

// atomicFile is written under a temporary name in the folder of its final path
// and renamed when it is whole, so that nobody ever sees half of it.
type atomicFile struct {
	*bufio.Writer
	f *os.File
}

// createAtomic opens a temporary file beside path.
func createAtomic(path string) (*atomicFile, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return nil, err
	}
	return &atomicFile{bufio.NewWriterSize(f, 1<<20), f}, nil
}

// commit gives the file its final path. It doesn't wait for the disk: what a
// power cut may lose can be computed again.
func (a *atomicFile) commit(path string) error {
	err := errors.Join(a.Flush(), a.f.Chmod(0o644), a.f.Close())
	if err == nil {
		err = os.Rename(a.f.Name(), path)
	}
	if err != nil {
		os.Remove(a.f.Name())
	}
	return err
}

// abort removes what was written. After commit it does nothing.
func (a *atomicFile) abort() {
	if a.f.Close() == nil {
		os.Remove(a.f.Name())
	}
}
