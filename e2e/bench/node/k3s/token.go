package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"os"
	"strings"
)

// token is what nodes join with: K10<hash of the authority>::<user>:<password>, or the password alone.
type token struct{ hash, user, password string }

func parseToken(text string) (token, error) {
	if text == "" {
		return token{}, errors.New("token must not be empty")
	}
	if !strings.HasPrefix(text, "K10") {
		return token{password: text}, nil
	}
	hash, login, ok := strings.Cut(text[3:], "::")
	if !ok {
		return token{}, errors.New("invalid token format")
	}
	if hash != "" && len(hash) != 64 {
		return token{}, errors.New("invalid token CA hash length")
	}
	user, password, ok := strings.Cut(login, ":")
	if !ok || password == "" {
		return token{}, errors.New("invalid token format")
	}
	return token{hash, user, password}, nil
}

// tokenOf gives the token of a flag, or of the file that its other flag names.
func tokenOf(o options, flag string) string {
	text, file := o.last(flag, ""), o.last(flag+"-file", "")
	if text != "" || file == "" {
		return text
	}
	b, err := os.ReadFile(file)
	if err != nil {
		fatal("token file: %v", err)
	}
	return strings.TrimSpace(string(b))
}

func certificates(b []byte) (out []*x509.Certificate, err error) {
	for {
		var block *pem.Block
		if block, b = pem.Decode(b); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, errors.New("data does not contain any valid RSA or ECDSA certificates")
	}
	return out, nil
}

// hashOf gives the hash of an authority as k3s has it: of one certificate over the file's bytes, of a chain over the
// DER of the root that the first leads to.
func hashOf(b []byte) (string, error) {
	chain, err := certificates(b)
	if err != nil {
		return "", err
	}
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range chain[1:] {
		if len(c.AuthorityKeyId) == 0 || bytes.Equal(c.AuthorityKeyId, c.SubjectKeyId) {
			roots.AddCert(c)
		} else {
			between.AddCert(c)
		}
	}
	if len(chain) > 1 {
		if found, err := chain[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between}); err == nil {
			b = found[0][len(found[0])-1].Raw
		}
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}
