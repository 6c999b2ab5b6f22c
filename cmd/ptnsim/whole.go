package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// writeWhole writes a file that appears when it is whole, in a folder that is made if
// there is none. A file that is there keeps its rights, and is replaced only if it
// may be written; a link stays one. A device or a pipe is written as it is: its name is
// no file's to take.
func writeWhole(path string, write func(io.Writer) error) error {
	mode, err := writable(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		mode = 0o644
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil { // less the umask
			return err
		}
	case err != nil:
		return err
	case !mode.IsRegular():
		return writeThrough(path, write)
	default:
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return err
		}
	}
	out, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name()) // there is none once it has its own name
	if err := errors.Join(write(out), out.Chmod(mode.Perm()), out.Close()); err != nil {
		return err
	}
	return os.Rename(out.Name(), path)
}

// writable is the mode of what a name stands for, if that can be written.
func writable(path string) (fs.FileMode, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	if info.IsDir() {
		return 0, usage(foundFolder(path))
	}
	if !info.Mode().IsRegular() {
		return info.Mode(), nil
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return 0, err
	}
	return info.Mode(), file.Close()
}

func foundFolder(path string) error {
	return fmt.Errorf("found the folder %s, expected the name of a file", path)
}

// writeThrough writes into what is there.
func writeThrough(path string, write func(io.Writer) error) error {
	out, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(out), out.Close())
}
