package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	mergePatch = "application/merge-patch+json"
	asJSON     = "application/json"
)

// api is a Kubernetes API server as one user sees it.
type api struct {
	client *http.Client
	url    string
}

// httpClient trusts an authority, or, without one, anybody; the latter only to ask for that authority.
func httpClient(authority []byte, certificate *tls.Certificate) *http.Client {
	config := &tls.Config{InsecureSkipVerify: authority == nil}
	if authority != nil {
		config.RootCAs = x509.NewCertPool()
		config.RootCAs.AppendCertsFromPEM(authority)
	}
	if certificate != nil {
		config.Certificates = []tls.Certificate{*certificate}
	}
	return &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		TLSClientConfig: config, IdleConnTimeout: 30 * time.Second,
	}}
}

// get asks for a path with basic authentication where a user is given.
func get(client *http.Client, url, user, password string) (body []byte, code int, err error) {
	r, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return nil, 0, err
	}
	if user != "" {
		r.SetBasicAuth(user, password)
	}
	resp, err := client.Do(r)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("%s: %s", url, resp.Status)
	}
	return body, resp.StatusCode, err
}

func (a *api) call(method, path, contentType string, in, out any) (int, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return 0, err
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequest(method, a.url+path, body)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", contentType)
	resp, err := a.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("%s %s: %s: %.300s", method, path, resp.Status, b)
	}
	if err == nil && out != nil {
		err = json.Unmarshal(b, out)
	}
	return resp.StatusCode, err
}

func (a *api) get(path string, out any) (int, error) { return a.call("GET", path, asJSON, nil, out) }

func (a *api) delete(path string) { a.call("DELETE", path, asJSON, nil, nil) }

func (a *api) patch(path string, change object) error {
	_, err := a.call("PATCH", path, mergePatch, change, nil)
	return err
}

// put creates an object, or brings the one that is there to the same content.
func (a *api) put(folder, name string, o object) {
	code, err := a.call("POST", folder, asJSON, o, nil)
	if code == http.StatusConflict {
		err = a.patch(folder+"/"+name, o)
	}
	if err != nil {
		problem("%s/%s: %v", folder, name, err)
	}
}

// until repeats a question while it fails, and says every ten seconds why.
func until(ctx context.Context, what string, ask func() error) {
	told := time.Now().Add(-8 * time.Second) // not at once: hardly anything is there at the first time
	for ctx.Err() == nil {
		err := ask()
		if err == nil {
			return
		}
		if time.Since(told) > 10*time.Second {
			problem("%s: %v", what, err)
			told = time.Now()
		}
		pause(ctx, time.Second)
	}
}
