//go:build !linux

package process

// hostClient has nothing to show here.
func hostClient() {}
