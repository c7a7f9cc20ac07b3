// Package containerd makes a module of the programs that go.mod names as tools.
package containerd
