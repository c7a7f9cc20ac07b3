package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// pki is the folder server/tls: authorities, which may lie there before the first start, and what they sign.
type pki struct{ dir string }

// The authorities by the path of their files, without extension.
var authorities = []string{"server-ca", "client-ca", "request-header-ca", "etcd/server-ca", "etcd/peer-ca"}

func (p pki) path(name string) string { return filepath.Join(p.dir, name) }

func write(path string, mode os.FileMode, b []byte) {
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, b, mode)
	}
	if err != nil {
		fatal("writing %s: %v", path, err)
	}
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func readKey(path string) (crypto.Signer, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for {
		var block *pem.Block
		if block, b = pem.Decode(b); block == nil {
			return nil, errors.New("data does not contain a valid RSA or ECDSA private key")
		}
		if k, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
			return k, nil
		}
		if k, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
			return k, nil
		}
		k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			continue
		}
		switch k := k.(type) {
		case *rsa.PrivateKey:
			return k, nil
		case *ecdsa.PrivateKey:
			return k, nil
		}
		return nil, fmt.Errorf("private key of type %T: k3s reads RSA and ECDSA only", k)
	}
}

func newKey() (*ecdsa.PrivateKey, []byte) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		fatal("%v", err)
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		fatal("%v", err)
	}
	return key, encode("EC PRIVATE KEY", der)
}

// keyIn reads a key, or makes it.
func keyIn(path string) crypto.Signer {
	if key, err := readKey(path); err == nil {
		return key
	}
	key, text := newKey()
	write(path, 0o600, text)
	return key
}

// prepare checks the authorities that were made beforehand, says which were, and makes the others, as k3s does.
func (p pki) prepare() {
	missing := 0
	for _, name := range authorities {
		if !p.checkAuthority(name) {
			missing++
			p.makeAuthority(name)
		}
	}
	if _, err := os.Stat(p.path("service.key")); err != nil {
		missing++
		warn("service.key was not made beforehand: made now")
		key, _ := rsa.GenerateKey(rand.Reader, 2048)
		write(p.path("service.key"), 0o600, encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)))
	}
	key, err := readKey(p.path("service.key"))
	if err != nil {
		fatal("preparing server: service.key: %v", err)
	}
	// k3s signs with the first key of the file.
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		fatal("preparing server: service.key: %v", err)
	}
	write(p.path("service.current.key"), 0o600, encode("PRIVATE KEY", der))
	// kube-controller-manager signs with one certificate only: of a chain, the first.
	for _, name := range []string{"client-ca", "server-ca"} {
		write(p.path(name+".nochain.crt"), 0o600, encode("CERTIFICATE", p.authority(name)[0].Raw))
	}
	if missing == 0 {
		info("all authorities were made beforehand")
	} else {
		warn("%d of %d authorities and keys were not made beforehand", missing, len(authorities)+1)
	}
}

func (p pki) authority(name string) []*x509.Certificate {
	b, err := os.ReadFile(p.path(name + ".crt"))
	if err != nil {
		fatal("preparing server: %v", err)
	}
	chain, err := certificates(b)
	if err != nil {
		fatal("preparing server: %s.crt: %v", name, err)
	}
	return chain
}

// checkAuthority says whether one is there; one that is there must be right.
func (p pki) checkAuthority(name string) bool {
	for _, extension := range []string{".crt", ".key"} {
		if _, err := os.Stat(p.path(name + extension)); err != nil {
			warn("%s%s was not made beforehand", name, extension)
			return false
		}
	}
	c := p.authority(name)[0]
	key, err := readKey(p.path(name + ".key"))
	if err != nil {
		fatal("preparing server: %s.key: %v", name, err)
	}
	if public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool }); !ok || !public.Equal(c.PublicKey) {
		fatal("preparing server: %s.key does not belong to %s.crt", name, name)
	}
	switch now := time.Now(); {
	case !c.IsCA || !c.BasicConstraintsValid:
		warn("%s.crt is not an authority's (basicConstraints CA:TRUE is missing)", name)
	case c.KeyUsage != 0 && c.KeyUsage&x509.KeyUsageCertSign == 0:
		warn("%s.crt: keyUsage lacks keyCertSign", name)
	case now.After(c.NotAfter) || now.Before(c.NotBefore):
		warn("%s.crt is not valid now (%s to %s)", name, c.NotBefore, c.NotAfter)
	case len(c.SubjectKeyId) == 0:
		warn("%s.crt has no subjectKeyIdentifier", name)
	}
	return true
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		fatal("%v", err)
	}
	return n
}

func (p pki) makeAuthority(name string) {
	key := keyIn(p.path(name + ".key"))
	public, _ := x509.MarshalPKIXPublicKey(key.Public())
	id := sha256.Sum256(public)
	now := time.Now()
	c := &x509.Certificate{
		SerialNumber:          serial(),
		Subject:               pkix.Name{CommonName: fmt.Sprintf("k3s-%s@%d", strings.ReplaceAll(name, "/", "-"), now.Unix())},
		NotBefore:             now.Add(-time.Minute),
		NotAfter:              now.AddDate(10, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment | x509.KeyUsageCertSign,
		SubjectKeyId:          id[:20],
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		fatal("making %s.crt: %v", name, err)
	}
	write(p.path(name+".crt"), 0o644, encode("CERTIFICATE", der))
}

// leaf is a certificate of a client or a server.
type leaf struct {
	name      string
	groups    []string
	dns       []string
	ips       []net.IP
	usage     x509.ExtKeyUsage
	authority string
}

func client(name string, groups ...string) leaf {
	return leaf{name: name, groups: groups, usage: x509.ExtKeyUsageClientAuth, authority: "client-ca"}
}

// served is a certificate of a server for all of these names and addresses.
func served(name string, hosts []string) leaf {
	l := leaf{name: name, usage: x509.ExtKeyUsageServerAuth, authority: "server-ca"}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			l.ips = append(l.ips, ip)
		} else {
			l.dns = append(l.dns, host)
		}
	}
	return l
}

// sign gives the certificate of a key, with the chain of its authority.
func (p pki) sign(l leaf, public crypto.PublicKey) ([]byte, error) {
	chain := p.authority(l.authority)
	key, err := readKey(p.path(l.authority + ".key"))
	if err != nil {
		return nil, err
	}
	c := &x509.Certificate{
		SerialNumber: serial(),
		Subject:      pkix.Name{CommonName: l.name, Organization: l.groups},
		DNSNames:     l.dns,
		IPAddresses:  l.ips,
		NotBefore:    chain[0].NotBefore,
		NotAfter:     time.Now().AddDate(1, 0, 0),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage:  []x509.ExtKeyUsage{l.usage},
	}
	der, err := x509.CreateCertificate(rand.Reader, c, chain[0], public, key)
	if err != nil {
		return nil, err
	}
	out := encode("CERTIFICATE", der)
	for _, one := range chain {
		out = append(out, encode("CERTIFICATE", one.Raw)...)
	}
	return out, nil
}

// issue makes a certificate with its key.
func (p pki) issue(file string, l leaf) tls.Certificate {
	key := keyIn(p.path(file + ".key"))
	b, err := p.sign(l, key.Public())
	if err != nil {
		fatal("signing %s.crt: %v", file, err)
	}
	write(p.path(file+".crt"), 0o644, b)
	pair, err := tls.LoadX509KeyPair(p.path(file+".crt"), p.path(file+".key"))
	if err != nil {
		fatal("%s.crt: %v", file, err)
	}
	return pair
}
