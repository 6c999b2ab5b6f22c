package process

import "syscall"

// apart puts a program into a process group of its own, and has the system kill
// it when the thread that started it ends.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
