//go:build !linux && !darwin

package datasets

import "io/fs"

// identity is not known here: size and modification time must do.
func identity(fs.FileInfo) (inode uint64, changedNS int64) { return 0, 0 }
