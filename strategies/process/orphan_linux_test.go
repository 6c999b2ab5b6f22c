package process

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// hostClient is a ptnsim that starts a program, tells its id, and waits.
func hostClient() {
	path, err := os.Executable()
	if err != nil {
		os.Exit(96)
	}
	c, err := start(context.Background(), "exec:mute", []string{path, "client", "mute"}, Options{})
	if err != nil {
		os.Exit(95)
	}
	fmt.Println(c.cmd.Process.Pid)
	time.Sleep(time.Hour)
}

// TestKilledHostLeavesNoProgram: SIGKILL can't be caught, the system itself must
// see to it.
func TestKilledHostLeavesNoProgram(t *testing.T) {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	hosting := exec.Command(path, "client", "host")
	out, err := hosting.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := hosting.Start(); err != nil {
		t.Fatal(err)
	}
	pid, err := bufio.NewReader(out).ReadString('\n')
	_ = hosting.Process.Kill()
	_ = hosting.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if !gone(t, strings.TrimSpace(pid)) {
		t.Errorf("the program %s outlives its host", pid)
	}
}
