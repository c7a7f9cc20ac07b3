package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
)

// bootstrap is what k3s keeps of its authorities in its datastore, encrypted with the token: so a server does not start
// on the data of another, or with another token.
type bootstrap struct {
	Token string
	Files map[string]string
}

func (p pki) bootstrapNow(password string) bootstrap {
	sum := sha256.Sum256([]byte("bootstrap" + password))
	now := bootstrap{Token: hex.EncodeToString(sum[:]), Files: map[string]string{}}
	names := []string{"service.key"}
	for _, name := range authorities {
		names = append(names, name+".crt", name+".key")
	}
	for _, name := range names {
		b, _ := os.ReadFile(p.path(name))
		now.Files[name] = string(b)
	}
	return now
}

// reconcile compares the files with what the datastore says. It refuses what k3s refuses.
func (p pki) reconcile(datastore, password string) {
	now, file := p.bootstrapNow(password), filepath.Join(datastore, "bootstrap.json")
	kept, err := os.Stat(file)
	if err != nil {
		b, _ := json.Marshal(now)
		write(file, 0o600, b)
		info("Saving cluster bootstrap data to datastore (first start on this volume)")
		return
	}
	b, err := os.ReadFile(file)
	if err != nil {
		fatal("starting kubernetes: preparing server: %v", err)
	}
	var before bootstrap
	if err := json.Unmarshal(b, &before); err != nil {
		fatal("starting kubernetes: preparing server: %s: %v", file, err)
	}
	if before.Token != now.Token {
		fatal("starting kubernetes: preparing server: bootstrap data already found and encrypted with different token")
	}
	for name, content := range before.Files {
		if content == now.Files[name] {
			continue
		}
		if f, err := os.Stat(p.path(name)); err == nil && f.ModTime().After(kept.ModTime()) {
			fatal("starting kubernetes: preparing server: failed to bootstrap cluster data: failed to reconcile with local "+
				"datastore: %s newer than datastore and could cause a cluster outage. Remove the file(s) from disk and "+
				"restart to be recreated from datastore.", p.path(name))
		}
		warn("%s differs from the datastore and is older: taken from the datastore", name)
		write(p.path(name), 0o600, []byte(content))
	}
	info("Bootstrap data on disk is that of the datastore")
}
