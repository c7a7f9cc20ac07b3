package main

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strings"
)

// Certificates that a node asks for, and whom they are for; %s is the node's name.
var nodeCertificates = map[string]leaf{
	"client-kubelet.crt":        client("system:node:%s", "system:nodes"),
	"serving-kubelet.crt":       {},
	"client-kube-proxy.crt":     client("system:kube-proxy"),
	"client-k3s-controller.crt": client("system:k3s-controller"),
}

// forwarder passes on to the API server what is not k3s's own.
type forwarder struct {
	// With the certificate of a proxy, which may say for whom it asks; and without one.
	vouching, plain *httputil.ReverseProxy
}

func newForwarder(port int, authority []byte, proxy tls.Certificate) *forwarder {
	to := &url.URL{Scheme: "https", Host: fmt.Sprintf("127.0.0.1:%d", port)}
	with := func(certificate *tls.Certificate) *httputil.ReverseProxy {
		transport := httpClient(authority, certificate).Transport.(*http.Transport)
		transport.MaxIdleConnsPerHost = 64
		return &httputil.ReverseProxy{
			Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(to) },
			FlushInterval: -1, // watches
			Transport:     transport,
			ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
				refuse(w, http.StatusServiceUnavailable, "apiserver not ready: "+err.Error())
			},
		}
	}
	return &forwarder{vouching: with(&proxy), plain: with(nil)}
}

// refuse answers as the API server does.
func refuse(w http.ResponseWriter, code int, message string) {
	w.Header().Set("Content-Type", asJSON)
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(object{"kind": "Status", "apiVersion": "v1", "metadata": object{}, "status": "Failure",
		"message": message, "reason": strings.ReplaceAll(http.StatusText(code), " ", ""), "code": code})
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/cacerts":
		w.Write(s.authority)
		return
	case "/ping":
		io.WriteString(w, "pong")
		return
	}
	certificate := s.clientOf(r)
	if path, own := strings.CutPrefix(r.URL.Path, "/v1-k3s/"); own {
		s.supervise(w, r, path, certificate)
		return
	}
	for header := range r.Header { // nobody says himself who he is
		if strings.HasPrefix(strings.ToLower(header), "x-remote-") {
			r.Header.Del(header)
		}
	}
	switch {
	case certificate != nil:
		r.Header.Del("Authorization")
		r.Header.Set("X-Remote-User", certificate.Subject.CommonName)
		r.Header["X-Remote-Group"] = certificate.Subject.Organization
		s.pass.vouching.ServeHTTP(w, r)
	case strings.HasPrefix(r.Header.Get("Authorization"), "Bearer "):
		s.pass.plain.ServeHTTP(w, r)
	default:
		refuse(w, http.StatusUnauthorized, "Unauthorized")
	}
}

// clientOf gives the client's certificate where the authority of clients signed it.
func (s *server) clientOf(r *http.Request) *x509.Certificate {
	if len(r.TLS.PeerCertificates) == 0 {
		return nil
	}
	c, between := r.TLS.PeerCertificates[0], x509.NewCertPool()
	for _, one := range r.TLS.PeerCertificates[1:] {
		between.AddCert(one)
	}
	usage := []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if _, err := c.Verify(x509.VerifyOptions{Roots: s.clients, Intermediates: between, KeyUsages: usage}); err != nil {
		problem("Unable to authenticate the request: certificate of %q: %v", c.Subject.CommonName, err)
		return nil
	}
	return c
}

// allowed says whether somebody may ask the supervisor: a node or an administrator by his certificate, or whoever has
// the token.
func (s *server) allowed(r *http.Request, certificate *x509.Certificate) (int, error) {
	if user, password, given := r.BasicAuth(); given {
		right := user == "server" && password == s.password ||
			user == "node" && (password == s.agentPassword || password == s.password)
		if !right {
			problem("Failed to authenticate request from %s: invalid username/password combination", r.RemoteAddr)
			return http.StatusUnauthorized, errors.New("not authorized")
		}
		return 0, nil
	}
	if certificate != nil && (strings.HasPrefix(certificate.Subject.CommonName, "system:node:") ||
		slices.Contains(certificate.Subject.Organization, "system:masters")) {
		return 0, nil
	}
	return http.StatusForbidden, errors.New("forbidden")
}

// supervise answers nodes: what they must know, and the certificates that they need.
func (s *server) supervise(w http.ResponseWriter, r *http.Request, path string, certificate *x509.Certificate) {
	if code, err := s.allowed(r, certificate); err != nil {
		refuse(w, code, err.Error())
		return
	}
	_, wanted := nodeCertificates[path]
	switch {
	case path == "config":
		json.NewEncoder(w).Encode(s.settings())
	case path == "client-ca.crt":
		b, err := os.ReadFile(s.p.path(path))
		if err != nil {
			refuse(w, http.StatusInternalServerError, err.Error())
			return
		}
		w.Write(b)
	case wanted:
		b, code, err := s.certify(r, path)
		if err != nil {
			problem("%v", err)
			refuse(w, code, err.Error())
			return
		}
		info("certificate request signed: %s for %s", path, r.Header.Get(nodeNameHeader))
		w.Write(b)
	default:
		refuse(w, http.StatusNotFound, "not simulated")
	}
}

const (
	nodeNameHeader     = "k3s-Node-Name"
	nodePasswordHeader = "k3s-Node-Password"
	nodeIPHeader       = "k3s-Node-IP"
)

func (s *server) certify(r *http.Request, path string) (certificate []byte, code int, err error) {
	name, password := strings.ToLower(r.Header.Get(nodeNameHeader)), r.Header.Get(nodePasswordHeader)
	if name == "" || password == "" {
		return nil, http.StatusBadRequest, errors.New("node name or password not set")
	}
	if !s.ready.Load() && name != s.name {
		return nil, http.StatusServiceUnavailable, errors.New("runtime core not ready")
	}
	if err := s.checkPassword(name, password); err != nil {
		return nil, http.StatusForbidden, err
	}
	b, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return nil, http.StatusBadRequest, err
	}
	request, err := x509.ParseCertificateRequest(b)
	if err != nil {
		return nil, http.StatusBadRequest, fmt.Errorf("no certificate request: %w", err)
	}
	l := nodeCertificates[path]
	if path == "serving-kubelet.crt" {
		l = served(name, append([]string{name, "localhost", "127.0.0.1"}, strings.Split(r.Header.Get(nodeIPHeader), ",")...))
	} else if strings.Contains(l.name, "%s") {
		l.name = fmt.Sprintf(l.name, name)
	}
	certificate, err = s.p.sign(l, request.PublicKey)
	return certificate, http.StatusInternalServerError, err
}

func hashPassword(password string) string {
	sum := sha256.Sum256([]byte("node" + password))
	return hex.EncodeToString(sum[:])
}

// checkPassword: whoever comes first with a node's name sets its password, which a Secret keeps until the Node is
// deleted. Of the server's own node its file counts, and the Secret is worth a warning, as with k3s.
func (s *server) checkPassword(node, password string) error {
	wrong := fmt.Errorf("unable to verify password for node %s: hash does not match", node)
	if node != s.name {
		return s.checkSecret(node, password, wrong)
	}
	if kept(nodePasswordFile, 16) != password {
		return wrong
	}
	if s.ready.Load() {
		if err := s.checkSecret(node, password, wrong); err != nil {
			warn("NodePasswordValidationFailed: %v", err)
		}
	}
	return nil
}

func passwordSecret(node string) string { return node + ".node-password.k3s" }

const systemSecrets = "/api/v1/namespaces/kube-system/secrets"

func (s *server) checkSecret(node, password string, wrong error) error {
	hash, name := hashPassword(password), passwordSecret(node)
	var secret struct{ Data map[string][]byte }
	code, err := s.admin.get(systemSecrets+"/"+name, &secret)
	if code == http.StatusNotFound {
		_, err = s.admin.call("POST", systemSecrets, asJSON, object{"apiVersion": "v1", "kind": "Secret", "immutable": true,
			"metadata": object{"name": name, "namespace": "kube-system"}, "stringData": object{"hash": hash}}, nil)
		return err
	}
	if err == nil && string(secret.Data["hash"]) != hash {
		return wrong
	}
	return err
}
