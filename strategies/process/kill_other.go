//go:build !unix

package process

import (
	"os"
	"syscall"
)

// apart has nothing to offer here: what a program starts may outlive it.
func apart() *syscall.SysProcAttr { return nil }

func killGroup(p *os.Process) { _ = p.Kill() }
