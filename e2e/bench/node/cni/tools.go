// Package cni makes a module of the plugins that go.mod names as tools.
package cni
