package main

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
)

// server is k3s's server: the control plane, the supervisor that nodes join by, and a node of its own.
type server struct {
	o             options
	p             pki
	dir, name, ip string
	// Its port, at which the supervisor passes on what is Kubernetes's; the API server itself has the next one.
	port          int
	password      string
	agentPassword string
	authority     []byte
	front         tls.Certificate
	clients       *x509.CertPool
	pass          *forwarder
	admin         *api
	// Whether the control plane is there.
	ready atomic.Bool
}

func (s *server) apiPort() int { return s.o.number("apiserver-port", s.port+1) }

func runServer(args []string) {
	o := parse("server", args)
	banner("server", args)
	if other := o.last("server", ""); other != "" {
		fatal("--server %s: a server that joins another is not simulated", other)
	}
	s := prepareServer(o)
	ctx, stop := untilStopped()
	defer stop()
	s.listen()
	c := &children{ctx: ctx}
	s.startControlPlane(c)
	if !o.is("disable-agent") {
		go s.startNode(c)
	}
	<-ctx.Done()
	info("Shutdown request received")
	c.wg.Wait()
}

func banner(command string, args []string) {
	info("Starting k3s %s (stand-in) %s %q", version(), command, args)
}

// prepareServer lays down everything that must be there before the first program starts.
func prepareServer(o options) *server {
	s := &server{o: o, dir: o.dataDir("server"), name: nodeName(o), ip: nodeIP(o), port: o.number("https-listen-port", 6443)}
	s.p = pki{filepath.Join(s.dir, "tls")}
	if err := os.MkdirAll(s.p.dir, 0o700); err != nil {
		fatal("%v", err)
	}
	s.p.prepare()
	s.takeToken()
	s.p.reconcile(filepath.Join(s.dir, "db"), s.password)
	s.issueAll()
	return s
}

// takeToken reads the token, or makes one, and writes down its full form for those who join.
func (s *server) takeToken() {
	text := tokenOf(s.o, "token")
	if b, err := os.ReadFile(filepath.Join(s.dir, "token")); text == "" && err == nil {
		text = strings.TrimSpace(string(b))
	}
	if text == "" {
		text = random(16)
		warn("no token given: a random one is made")
	}
	t, err := parseToken(text)
	if err != nil {
		fatal("starting kubernetes: preparing server: failed to normalize server token; must be in format "+
			"K10<CA-HASH>::<USERNAME>:<PASSWORD> or <PASSWORD>: %v", err)
	}
	s.authority, err = os.ReadFile(s.p.path("server-ca.crt"))
	if err != nil {
		fatal("%v", err)
	}
	hash, err := hashOf(s.authority)
	if err != nil {
		fatal("server-ca.crt: %v", err)
	}
	if t.hash != "" && t.hash != hash {
		warn("the token has CA hash %s but server-ca.crt has %s: no agent with this token will join", t.hash, hash)
	}
	s.password, s.agentPassword = t.password, t.password
	if text := tokenOf(s.o, "agent-token"); text != "" {
		agents, err := parseToken(text)
		if err != nil {
			fatal("agent token: %v", err)
		}
		s.agentPassword = agents.password
	}
	write(filepath.Join(s.dir, "token"), 0o600, []byte("K10"+hash+"::server:"+s.password+"\n"))
	write(filepath.Join(s.dir, "agent-token"), 0o600, []byte("K10"+hash+"::node:"+s.agentPassword+"\n"))
	os.Remove(filepath.Join(s.dir, "node-token"))
	if err := os.Symlink("token", filepath.Join(s.dir, "node-token")); err != nil {
		fatal("%v", err)
	}
}

func random(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// issueAll makes the certificates and kubeconfigs of the control plane, and the administrator's.
func (s *server) issueAll() {
	o, p := s.o, s.p
	service := "kubernetes.default.svc"
	hostname, _ := os.Hostname()
	hosts := []string{"kubernetes", "kubernetes.default", service, service + "." + s.settings().ClusterDomain,
		"localhost", "127.0.0.1", "::1", s.ip, s.settings().firstService(), s.name, hostname}
	hosts = append(hosts, o.all("tls-san")...)
	hosts = append(hosts, o.all("node-external-ip")...)
	hosts = append(hosts, o.all("advertise-address")...)
	s.front = p.issue("listener", served("k3s", hosts))
	p.issue("serving-kube-apiserver", served("kube-apiserver", hosts))
	for file, l := range map[string]leaf{
		"client-admin":          client("system:admin", "system:masters"),
		"client-supervisor":     client("system:k3s-supervisor", "system:masters"),
		"client-controller":     client("system:kube-controller-manager"),
		"client-scheduler":      client("system:kube-scheduler"),
		"client-kube-apiserver": client("system:apiserver", "system:masters"),
	} {
		p.issue(file, l)
	}
	local := fmt.Sprintf("https://127.0.0.1:%d", s.apiPort())
	for _, who := range []string{"supervisor", "controller", "scheduler"} {
		file := p.path("client-" + who)
		kubeconfig(s.credential(who), local, p.path("server-ca.crt"), file+".crt", file+".key")
	}
	mode, err := strconv.ParseUint(o.last("write-kubeconfig-mode", "0600"), 8, 32)
	if err != nil {
		fatal("--write-kubeconfig-mode: %v", err)
	}
	path := o.last("write-kubeconfig", adminKubeconfig)
	wholeKubeconfig(path, os.FileMode(mode), fmt.Sprintf("https://127.0.0.1:%d", s.port), p.path("server-ca.crt"),
		p.path("client-admin.crt"), p.path("client-admin.key"))
	info("Wrote kubeconfig %s", path)
	s.admin = s.asSupervisor()
}

func (s *server) credential(who string) string {
	return filepath.Join(s.dir, "cred", who+".kubeconfig")
}

func (s *server) asSupervisor() *api {
	pair, err := tls.LoadX509KeyPair(s.p.path("client-supervisor.crt"), s.p.path("client-supervisor.key"))
	if err != nil {
		fatal("%v", err)
	}
	return &api{client: httpClient(s.authority, &pair), url: fmt.Sprintf("https://127.0.0.1:%d", s.apiPort())}
}

// listen opens k3s's port: a client's certificate is asked for, not wanted, for nodes that join have none.
func (s *server) listen() {
	b, err := os.ReadFile(s.p.path("client-ca.crt"))
	if err != nil {
		fatal("%v", err)
	}
	s.clients = x509.NewCertPool()
	s.clients.AppendCertsFromPEM(b)
	proxy := s.p.issue("client-auth-proxy",
		leaf{name: "system:auth-proxy", usage: x509.ExtKeyUsageClientAuth, authority: "request-header-ca"})
	s.pass = newForwarder(s.apiPort(), s.authority, proxy)
	listener, err := net.Listen("tcp", net.JoinHostPort(s.o.last("bind-address", ""), strconv.Itoa(s.port)))
	if err != nil {
		fatal("starting kubernetes: preparing server: %v", err)
	}
	web := &http.Server{Handler: s, TLSConfig: &tls.Config{
		Certificates: []tls.Certificate{s.front},
		ClientAuth:   tls.RequestClientCert,
		NextProtos:   []string{"h2", "http/1.1"},
	}}
	go func() { fatal("listener: %v", web.ServeTLS(listener, "", "")) }()
	info("Listening on %s", listener.Addr())
}

func (s *server) startNode(c *children) {
	until(c.ctx, "own node", func() error {
		if !s.ready.Load() {
			return fmt.Errorf("waiting for the control plane")
		}
		return nil
	})
	n := &node{o: s.o, name: s.name, ip: s.ip, server: fmt.Sprintf("https://127.0.0.1:%d", s.port),
		authority: s.authority, user: "server", password: s.password, settings: s.settings()}
	n.run(c)
}

func nodeName(o options) string {
	hostname, _ := os.Hostname()
	name := strings.ToLower(o.last("node-name", hostname))
	if !o.is("with-node-id") {
		return name
	}
	return name + "-" + kept("/etc/rancher/node/id", 4)
}

// kept gives a random text that a file keeps from the first time on.
func kept(file string, bytes int) string {
	if b, err := os.ReadFile(file); err == nil {
		return strings.TrimSpace(string(b))
	}
	text := random(bytes)
	write(file, 0o600, []byte(text+"\n"))
	return text
}
