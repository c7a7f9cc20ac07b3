package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestFlagsBeforeVariablesBeforeFiles(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "config.yaml")
	os.WriteFile(file, []byte("node-name: from-file\ntoken: from-file\nkubelet-arg: [max-pods=50, a=b]\nno-such-key: 1\n"), 0o600)
	os.Mkdir(file+".d", 0o700)
	os.WriteFile(filepath.Join(file+".d", "ip.yaml"), []byte(`node-ip: ["192.0.2.1"]`), 0o600)
	t.Setenv("K3S_TOKEN", "from-variable")
	t.Setenv("K3S_NODE_NAME", "from-variable")
	o := parse("agent", []string{"--config", file, "--node-name=from-flag"})
	for name, want := range map[string]string{"node-name": "from-flag", "token": "from-variable", "node-ip": "192.0.2.1"} {
		if got := o.last(name, ""); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
	if got := o["kubelet-arg"]; !slices.Equal(got, []string{"max-pods=50", "a=b"}) {
		t.Errorf("kubelet-arg is %q", got)
	}
}

func TestWrongFlagsAreRefused(t *testing.T) {
	for _, one := range []struct{ command, flag, want string }{
		{"agent", "--tls-san=x", "flag provided but not defined: -tls-san"},
		{"server", "--https-listen-port=many", `invalid value "many" for flag -https-listen-port: parse error`},
		{"server", "--disable-agent=maybe", `invalid value "maybe" for flag -disable-agent: parse error`},
		{"server", "--tls-san", "flag needs an argument: -tls-san"},
	} {
		if _, err := fromFlags(kindsOf(one.command), []string{one.flag}); err == nil || err.Error() != one.want {
			t.Errorf("%s %s: %v, not %q", one.command, one.flag, err, one.want)
		}
	}
}

func TestUsersArgumentsReplaceOurs(t *testing.T) {
	got := merge([][2]string{{"v", "1"}, {"node-ip", "192.0.2.1"}}, []string{"v=4", "fail-cgroupv1=false", "--alone"})
	want := []string{"--node-ip=192.0.2.1", "--v=4", "--fail-cgroupv1=false", "--alone=true"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestTokens(t *testing.T) {
	hash := strings.Repeat("a", 64)
	got, err := parseToken("K10" + hash + "::server:secret:with:colons")
	if want := (token{hash, "server", "secret:with:colons"}); err != nil || got != want {
		t.Errorf("%v, %v", got, err)
	}
	for text, want := range map[string]string{
		"":                         "token must not be empty",
		"K10abc::server:x":         "invalid token CA hash length",
		"K10" + hash + ":server:x": "invalid token format",
		"K10" + hash + "::server":  "invalid token format",
		"K10" + hash + "::server:": "invalid token format",
	} {
		if _, err := parseToken(text); err == nil || err.Error() != want {
			t.Errorf("%q: %v, not %q", text, err, want)
		}
	}
}

func TestAuthorities(t *testing.T) {
	p := pki{t.TempDir()}
	p.prepare()
	if !p.checkAuthority("etcd/peer-ca") {
		t.Error("an authority that was missing is not there")
	}
	b, _ := os.ReadFile(p.path("server-ca.crt"))
	sum := sha256.Sum256(b)
	if got, err := hashOf(b); err != nil || got != hex.EncodeToString(sum[:]) {
		t.Errorf("of one certificate the bytes of the file count: %s, %v", got, err)
	}
	if _, err := hashOf([]byte("nothing")); err == nil {
		t.Error("no certificate has a hash")
	}
}

func TestMirrors(t *testing.T) {
	folder := t.TempDir()
	file, into := filepath.Join(folder, "registries.yaml"), filepath.Join(folder, "certs.d")
	os.WriteFile(file, []byte("mirrors:\n  docker.io: {endpoint: ['http://192.0.2.1:5000']}\n  '*': {endpoint: ['https://m.example/path']}\n"), 0o600)
	if err := layMirrors(file, into, true); err != nil {
		t.Fatal(err)
	}
	for registry, want := range map[string]string{
		"docker.io": "server = \"https://registry-1.docker.io/v2\"\n[host.\"http://192.0.2.1:5000/v2\"]\n  capabilities = [\"pull\", \"resolve\"]\n",
		"_default":  "[host.\"https://m.example/path\"]\n  capabilities = [\"pull\", \"resolve\"]\n  override_path = true\n",
	} {
		if got, _ := os.ReadFile(filepath.Join(into, registry, "hosts.toml")); string(got) != want {
			t.Errorf("%s: %s", registry, got)
		}
	}
	os.WriteFile(file, []byte("mirror: {}\n"), 0o600)
	if err := layMirrors(file, into, true); err == nil || !strings.Contains(err.Error(), "field mirror not found") {
		t.Errorf("a key that k3s does not know: %v", err)
	}
}

func TestServices(t *testing.T) {
	s := settings{ServiceCIDR: "10.43.0.0/16"}
	if s.service(10) != "10.43.0.10" || s.firstService() != "10.43.0.1" {
		t.Errorf("%s, %s", s.service(10), s.firstService())
	}
	if got := taints([]string{"a:NoSchedule", "a=b:NoExecute"}); !slices.Equal(got, []string{"a=:NoSchedule", "a=b:NoExecute"}) {
		t.Errorf("%q", got)
	}
	if got := image("pause"); !strings.HasPrefix(got, "docker.io/rancher/mirrored-pause:") {
		t.Error(got)
	}
}
