package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// runAgent joins a server as a node. k3s itself tries a wrong token again for ever; here the reason ends it.
func runAgent(args []string) {
	o := parse("agent", args)
	banner("agent", args)
	text, server := tokenOf(o, "token"), strings.TrimRight(o.last("server", ""), "/")
	if text == "" {
		fatal("Error: --token is required")
	}
	if !strings.HasPrefix(server, "https://") {
		fatal("Error: --server is required, and only https:// URLs are supported (got %q)", server)
	}
	t, err := parseToken(text)
	if err != nil {
		fatal("Error: %v", err)
	}
	ctx, stop := untilStopped()
	defer stop()
	n := &node{o: o, name: nodeName(o), ip: nodeIP(o), server: server, user: "node", password: t.password}
	if n.authority = authorityOf(ctx, server, t); n.authority == nil {
		return
	}
	until(ctx, "Waiting to retrieve agent configuration; server is not ready", func() error {
		b, code, err := get(httpClient(n.authority, nil), server+"/v1-k3s/config", n.user, n.password)
		if code == http.StatusUnauthorized || code == http.StatusForbidden {
			fatal("%v (the password part of the token is not the server's)", err)
		}
		if err != nil {
			return err
		}
		return json.Unmarshal(b, &n.settings)
	})
	c := &children{ctx: ctx}
	if ctx.Err() == nil {
		n.run(c)
	}
	info("Shutdown request received")
	c.wg.Wait()
}

// authorityOf gives the server's authority, whose hash must be that of the token.
func authorityOf(ctx context.Context, server string, t token) (authority []byte) {
	what := "Failed to validate connection to cluster at " + server
	until(ctx, what, func() error {
		b, _, err := get(httpClient(nil, nil), server+"/cacerts", "", "")
		if err != nil {
			return fmt.Errorf("failed to get CA certs: %w", err)
		}
		hash, err := hashOf(b)
		if err != nil {
			fatal("%s: %v", what, err)
		}
		if t.hash != "" && t.hash != hash {
			fatal("%s: token CA hash does not match the Cluster CA certificate hash: %s != %s", what, t.hash, hash)
		}
		if _, _, err := get(httpClient(b, nil), server+"/cacerts", "", ""); err != nil {
			fatal("%s: CA cert validation failed: %v", what, err)
		}
		if t.hash == "" {
			warn("the token has no hash of the server's authority: who answers at %s is taken for the server", server)
		}
		authority = b
		return nil
	})
	return authority
}
