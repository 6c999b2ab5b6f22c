package process

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// lineMax bounds a line of a program.
const lineMax = 1 << 20

// patience is how long a program that is ending may take to do so, and what it
// left behind to let go of its standard error.
const patience = time.Second

// child is a program that runs.
type child struct {
	name   string
	cmd    *exec.Cmd
	stdin  *os.File
	stdout *os.File
	lines  *bufio.Reader
	spoke  bool   // a line was read
	long   []byte // a line that is longer than the reader's buffer

	stderr  *os.File
	tail    *tail
	drained chan struct{} // closed at the end of its standard error
	settle  sync.Once     // waits for that

	exited  chan struct{} // closed when it is over, and its group with it
	release func() bool   // lets go of the context

	mu     sync.Mutex
	reaped bool     // its process id may be another's
	given  *Failure // why it was given up
}

// start starts a program; ctx ends it.
func start(ctx context.Context, name string, words []string, o Options) (*child, error) {
	c := &child{
		name: name, cmd: exec.Command(words[0], words[1:]...),
		tail:    &tail{to: o.Stderr, prefix: o.label(words) + ": "},
		drained: make(chan struct{}), exited: make(chan struct{}),
	}
	c.cmd.Dir = o.Dir
	c.cmd.Env = environment(c.cmd.Environ())
	c.cmd.SysProcAttr = apart()
	if err := c.launch(); err != nil {
		return nil, &Failure{Name: name, Found: fmt.Sprintf("a program that can't be started (%v)", err),
			Expected: "a program and its arguments", Remedy: startRemedy(err), Cause: err}
	}
	c.lines = bufio.NewReaderSize(c.stdout, 1<<16)
	go func() {
		defer close(c.drained)
		_, _ = io.Copy(c.tail, c.stderr)
		c.tail.flush()
	}()
	c.release = context.AfterFunc(ctx, func() {
		c.giveUp(&Failure{Found: "the run given up", Cause: context.Cause(ctx)})
	})
	return c, nil
}

// startRemedy is what to do about a program that can't be started.
func startRemedy(err error) string {
	if errors.Is(err, syscall.ENOEXEC) {
		return "name the interpreter of a script: exec:python3 strategy.py, or in its first line, #!/usr/bin/env python3"
	}
	return "try the command in a shell"
}

// environment adds what keeps a Python program from harm; what is set stays.
func environment(inherited []string) []string {
	return append([]string{"PYTHONUNBUFFERED=1", "PYTHONHASHSEED=0"}, inherited...)
}

// launch connects the pipes and starts the program.
func (c *child) launch() (err error) {
	var pipes [6]*os.File // standard input, output, error: read and write ends
	for i := 0; i < len(pipes) && err == nil; i += 2 {
		pipes[i], pipes[i+1], err = os.Pipe()
	}
	if err == nil {
		c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = pipes[0], pipes[3], pipes[5]
		c.stdin, c.stdout, c.stderr = pipes[1], pipes[2], pipes[4]
		started := make(chan error)
		go c.run(started)
		err = <-started
	}
	for i, p := range pipes {
		ours := i == 1 || i == 2 || i == 4
		if p != nil && (err != nil || !ours) {
			p.Close()
		}
	}
	return err
}

// run starts the program, and waits for its end on the same thread: the system
// takes the end of that thread for ptnsim's own.
func (c *child) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := c.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	_ = c.cmd.Wait() // the state says more
	c.mu.Lock()
	killGroup(c.cmd.Process) // what it started and left
	c.reaped = true
	c.mu.Unlock()
	close(c.exited)
}

// giveUp kills the program and all that it started, and keeps the first reason.
// What waits for the program returns.
func (c *child) giveUp(why *Failure) {
	c.mu.Lock()
	if c.given == nil {
		c.given = why
	}
	if !c.reaped {
		killGroup(c.cmd.Process)
	}
	c.mu.Unlock()
	c.stdin.Close()
	c.stdout.Close()
}

// watch gives the program up after a while, unless it is stopped before. If it
// is over by then, something else keeps its standard output open.
func (c *child) watch(limit time.Duration, why *Failure) *time.Timer {
	return time.AfterFunc(limit, func() {
		if c.over() {
			why = wrong("its end ("+c.cmd.ProcessState.String()+"), and its standard output held open by a process that it started and that left its group",
				"an end with all that it started", "have it end that process first, or start it with a standard output of its own")
		}
		c.giveUp(why)
	})
}

// line reads a line without its end; it is valid until the next call.
func (c *child) line() ([]byte, error) {
	c.long = c.long[:0]
	for {
		part, err := c.lines.ReadSlice('\n')
		c.spoke = c.spoke || len(part) > 0
		if err == nil && len(c.long) == 0 {
			return bytes.TrimRight(part, "\r\n"), nil
		}
		c.long = append(c.long, part...)
		switch {
		case len(c.long) > lineMax:
			return nil, wrong(fmt.Sprintf("a line of over %d bytes that begins with %s", lineMax, cut(c.long)), "at most that", "send fewer orders at once, and print what is no message to standard error")
		case err == nil || errors.Is(err, io.EOF) && len(c.long) > 0:
			return bytes.TrimRight(c.long, "\r\n"), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// finish waits for a program that said bye: nothing more comes, and it exits
// with 0.
func (c *child) finish(grace time.Duration) error {
	watch := c.watch(grace, wrong(fmt.Sprintf("no exit within %s after bye", grace), "an exit with 0", ""))
	defer watch.Stop()
	c.stdin.Close()
	line, err := c.line()
	if err == nil {
		return wrong("the line "+cut(line)+" after bye", "nothing more", "write one answer to each question, when it is asked")
	}
	<-c.exited
	if f := c.reason(); f != nil {
		return f
	}
	if !c.cmd.ProcessState.Success() {
		return wrong("its end ("+c.cmd.ProcessState.String()+") after bye", "an exit with 0", "")
	}
	return nil
}

// fail ends the program and completes its failure: err is a Failure by what it
// wrote, or of reading or writing.
func (c *child) fail(err error) error {
	var f *Failure
	if !errors.As(err, &f) {
		f = c.broken()
	}
	if f.Found == foundMessage { // it ends by itself, and may have more to say
		c.await(patience)
	}
	c.giveUp(f)
	c.await(patience)
	whole := *c.reason()
	whole.Name, whole.LastWords = c.name, c.words()
	if c.tail.to != nil { // they were shown already
		whole.LastWords = lastLine(whole.LastWords)
		if whole.Found == foundMessage && strings.HasSuffix(whole.Remedy, whole.LastWords) {
			whole.LastWords = ""
		}
	}
	c.stop()
	return &whole
}

// broken is the failure of a program that can't be read from, or written to.
func (c *child) broken() *Failure {
	c.await(patience)
	if !c.over() {
		return wrong("its standard input or output closed while it goes on", "an answer", "keep both open until the run's end")
	}
	f := wrong("its end ("+c.cmd.ProcessState.String()+")", "an answer", "")
	if !c.spoke && c.cmd.ProcessState.Success() && isPython(c.cmd.Args) {
		f.Remedy = "does the program call ptnsim.run(...)?"
	}
	return f
}

// reason is why the program was given up; nil if it wasn't.
func (c *child) reason() *Failure {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.given
}

// await waits for the program to end by itself.
func (c *child) await(limit time.Duration) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-c.exited:
	case <-timer.C:
	}
}

// over reports whether the program has ended.
func (c *child) over() bool {
	select {
	case <-c.exited:
		return true
	default:
		return false
	}
}

// words waits for the end of the standard error of a program that is over, and
// returns the last of it. Something that left the program's group may hold it
// open: then it is closed here. Nor does it wait for a reader of ptnsim's own
// standard error that reads no more.
func (c *child) words() string {
	c.settle.Do(func() {
		if !c.drains(patience) {
			c.stderr.Close()
			c.drains(patience)
		}
	})
	return c.tail.words()
}

// drains waits a while for the end of the program's standard error.
func (c *child) drains(limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-c.drained:
		return true
	case <-timer.C:
		return false
	}
}

// stop kills the program, if it still runs, and lets go of everything.
func (c *child) stop() {
	c.release()
	c.giveUp(&Failure{Found: "the run stopped"})
	c.await(patience)
	c.words()
	c.stderr.Close()
}
