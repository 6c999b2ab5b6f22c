//go:build !unix

package datasets

import "os"

// mapFile reads the file where this package has no memory mapping.
func mapFile(path string) (data []byte, unmap func() error, err error) {
	data, err = os.ReadFile(path)
	if err == nil && len(data) == 0 {
		err = empty(path)
	}
	return data, func() error { return nil }, err
}
