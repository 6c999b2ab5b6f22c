package datasets

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"
)

// atomicFile is written under a temporary name in the folder of its final path
// and renamed when it is whole, so that nobody ever sees half of it. What is
// written is counted and hashed on its way.
type atomicFile struct {
	*bufio.Writer
	f     *os.File
	hash  hash.Hash
	bytes int64
	err   error // the first of writing
}

// createAtomic opens a temporary file beside path.
func createAtomic(path string) (*atomicFile, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return nil, err
	}
	a := &atomicFile{f: f, hash: sha256.New()}
	a.Writer = bufio.NewWriterSize(writerFunc(a.write), 1<<20)
	return a, nil
}

type writerFunc func(p []byte) (int, error)

// Write implements io.Writer.
func (w writerFunc) Write(p []byte) (int, error) { return w(p) }

var _ io.Writer = writerFunc(nil)

func (a *atomicFile) write(p []byte) (int, error) {
	n, err := a.f.Write(p)
	a.hash.Write(p[:n])
	a.bytes += int64(n)
	if a.err == nil {
		a.err = err
	}
	return n, err
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

// sha256 is the hash of the bytes, in hexadecimal, once they are committed.
func (a *atomicFile) sha256() string { return hex.EncodeToString(a.hash.Sum(nil)) }

// abort removes what was written. After commit it does nothing.
func (a *atomicFile) abort() {
	if a.f.Close() == nil {
		os.Remove(a.f.Name())
	}
}
