// k3s stands in for the program of k3s's image where that image cannot be had: it starts a real control plane and real
// nodes as k3s does, reads k3s's flags and files, and refuses what k3s refuses. It is not k3s.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	// Where the image keeps the programs of Kubernetes and of a node.
	programs = "/opt/k3s"
	// Has the version that the image goes by.
	release = "/etc/os-release"

	containerdSocket = "/run/k3s/containerd/containerd.sock"
	adminKubeconfig  = "/etc/rancher/k3s/k3s.yaml"
)

// object is a Kubernetes object, or a part of one.
type object = map[string]any

func say(level, format string, a ...any) {
	now := time.Now().UTC().Format(time.RFC3339)
	fmt.Fprintf(os.Stderr, "time=%q level=%s msg=%q\n", now, level, fmt.Sprintf(format, a...))
}
func info(format string, a ...any)    { say("info", format, a...) }
func warn(format string, a ...any)    { say("warning", format, a...) }
func problem(format string, a ...any) { say("error", format, a...) }
func fatal(format string, a ...any) {
	say("fatal", format, a...)
	os.Exit(1)
}

func version() string {
	b, _ := os.ReadFile(release)
	for _, line := range strings.Split(string(b), "\n") {
		if v, is := strings.CutPrefix(line, "VERSION_ID="); is {
			return v
		}
	}
	return "unknown"
}

func main() {
	command, args := filepath.Base(os.Args[0]), os.Args[1:]
	if command == "k3s" && len(args) > 0 {
		command, args = args[0], args[1:]
	}
	switch command {
	case "server":
		becomeChild()
		runServer(args)
	case "agent":
		becomeChild()
		runAgent(args)
	case "kubectl":
		kubectl(args)
	case "ctr":
		become("ctr", append([]string{"--address", containerdSocket, "--namespace", "k8s.io"}, args...))
	case "--version", "-v", "version":
		fmt.Printf("k3s version %s (stand-in)\n", strings.Replace(version(), "-k3s", "+k3s", 1))
	case "k3s":
		fmt.Println("k3s stand-in: server | agent | kubectl | ctr | --version")
	default:
		fmt.Fprintf(os.Stderr, "No help topic for '%s'\n", command)
		os.Exit(3)
	}
}

func kubectl(args []string) {
	if os.Getenv("KUBECONFIG") == "" {
		os.Setenv("KUBECONFIG", adminKubeconfig)
	}
	become("kubectl", args)
}

// become replaces this process by a program of the image.
func become(program string, args []string) {
	path := filepath.Join(programs, program)
	fatal("%s: %v", path, syscall.Exec(path, append([]string{program}, args...), os.Environ()))
}
