//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package fetch

import "os"

// openLocked does nothing: here, folders can't be locked.
func openLocked(string) (*os.File, error) { return nil, nil }
