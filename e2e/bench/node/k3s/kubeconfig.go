package main

import (
	"encoding/base64"
	"encoding/json"
	"os"
)

// kubeconfig names files, as those of k3s's own programs do.
func kubeconfig(path, server, authority, certificate, key string) {
	writeKubeconfig(path, 0o600,
		object{"server": server, "certificate-authority": authority},
		object{"client-certificate": certificate, "client-key": key})
}

// wholeKubeconfig has everything in itself, as the one of administrators.
func wholeKubeconfig(path string, mode os.FileMode, server, authority, certificate, key string) {
	content := func(file string) string {
		b, err := os.ReadFile(file)
		if err != nil {
			fatal("kubeconfig %s: %v", path, err)
		}
		return base64.StdEncoding.EncodeToString(b)
	}
	writeKubeconfig(path, mode,
		object{"server": server, "certificate-authority-data": content(authority)},
		object{"client-certificate-data": content(certificate), "client-key-data": content(key)})
}

// JSON is YAML.
func writeKubeconfig(path string, mode os.FileMode, cluster, user object) {
	b, err := json.MarshalIndent(object{
		"apiVersion": "v1", "kind": "Config", "current-context": "default",
		"clusters": []any{object{"name": "default", "cluster": cluster}},
		"contexts": []any{object{"name": "default", "context": object{"cluster": "default", "user": "default"}}},
		"users":    []any{object{"name": "default", "user": user}},
	}, "", "  ")
	if err != nil {
		fatal("kubeconfig %s: %v", path, err)
	}
	os.Remove(path) // the mode of one that is there would stay
	write(path, mode, append(b, '\n'))
}
