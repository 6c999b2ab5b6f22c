//go:build unix

package process

import (
	"os"
	"syscall"
)

// killGroup kills a program and everything in its group, which outlives it.
func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }
