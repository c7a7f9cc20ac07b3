package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// How long a program may take to end before it is killed.
const stopTime = 5 * time.Second

// children are the programs that this process started; where one of them ends by itself, so does k3s.
type children struct {
	ctx context.Context
	wg  sync.WaitGroup
}

// start runs a program; its lines go to k3s's log with its name before them.
func (c *children) start(name string, args ...string) {
	read, write := io.Pipe()
	go func() {
		lines := bufio.NewScanner(read)
		lines.Buffer(make([]byte, 1<<20), 1<<20)
		for lines.Scan() {
			fmt.Fprintf(os.Stderr, "[%s] %s\n", name, lines.Text())
		}
		io.Copy(io.Discard, read)
	}()
	c.startTo(write, name, args...)
}

// startLogging runs a program that talks much: its lines go to a file.
func (c *children) startLogging(file, name string, args ...string) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		fatal("%v", err)
	}
	info("Logging %s to %s", name, file)
	c.startTo(f, name, args...)
}

func (c *children) startTo(w io.Writer, name string, args ...string) {
	info("Running %s %s", name, strings.Join(args, " "))
	cmd := exec.Command(filepath.Join(programs, name), args...)
	cmd.Stdout, cmd.Stderr = w, w
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	c.wg.Add(1)
	if err := cmd.Start(); err != nil {
		fatal("%s: %v", name, err)
	}
	ended := make(chan struct{})
	go func() {
		select {
		case <-ended:
			return
		case <-c.ctx.Done():
		}
		cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(stopTime):
			cmd.Process.Kill()
		}
	}()
	go func() {
		err := cmd.Wait()
		close(ended)
		if c.ctx.Err() == nil {
			fatal("%s exited: %v", name, err)
		}
		c.wg.Done()
	}()
}

// becomeChild makes a process 1 whose only work is to reap what containers leave behind, and goes on in a child of it.
func becomeChild() {
	if os.Getpid() != 1 {
		return
	}
	files := []*os.File{os.Stdin, os.Stdout, os.Stderr}
	p, err := os.StartProcess("/proc/self/exe", os.Args, &os.ProcAttr{Files: files})
	if err != nil {
		fatal("%v", err)
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	go func() {
		for s := range signals {
			p.Signal(s)
		}
	}()
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		switch {
		case err == syscall.EINTR:
		case err == nil && pid != p.Pid:
		case status.Signaled():
			os.Exit(128 + int(status.Signal()))
		default:
			os.Exit(status.ExitStatus())
		}
	}
}

func untilStopped() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// merge gives the flags of a program: ours, but for those that the user gives himself.
func merge(ours [][2]string, users []string) (out []string) {
	given := map[string]bool{}
	var more []string
	for _, one := range users {
		name, value, has := strings.Cut(strings.TrimLeft(one, "-"), "=")
		if !has {
			value = "true"
		}
		given[name] = true
		more = append(more, "--"+name+"="+value)
	}
	for _, one := range ours {
		if !given[one[0]] {
			out = append(out, "--"+one[0]+"="+one[1])
		}
	}
	return append(out, more...)
}
