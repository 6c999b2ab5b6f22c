package datasets

import (
	"io/fs"
	"syscall"
)

// identity is a file's inode and the time of its last change of any kind, ns,
// which no program can set back.
func identity(info fs.FileInfo) (inode uint64, changedNS int64) {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Ino, s.Ctimespec.Nano()
	}
	return 0, 0
}
