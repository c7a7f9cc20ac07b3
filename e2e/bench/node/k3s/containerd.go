package main

import (
	"bytes"
	"crypto/tls"
	_ "embed"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed containerd.toml
var containerdConfig string

func loadPair(certificate, key string) tls.Certificate {
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		fatal("%v", err)
	}
	return pair
}

func (n *node) startContainerd(c *children) {
	o, mirrors, config := n.o, n.path("etc", "containerd", "certs.d"), n.path("etc", "containerd", "config.toml")
	file := o.last("private-registry", "/etc/rancher/k3s/registries.yaml")
	if err := layMirrors(file, mirrors, !o.is("disable-default-registry-endpoint")); err != nil {
		fatal("%v", err)
	}
	write(config, 0o600, []byte(strings.NewReplacer("@ROOT@", n.path("containerd"), "@SOCKET@", containerdSocket,
		"@RUNC@", programs+"/runc-wrap", "@CNI@", programs+"/cni", "@NETWORKS@", n.path("etc", "cni", "net.d"),
		"@SNAPSHOTTER@", o.last("snapshotter", "overlayfs"), "@PAUSE@", o.last("pause-image", image("pause")),
		"@MIRRORS@", mirrors).Replace(containerdConfig)))
	c.startLogging(n.path("containerd", "containerd.log"), "containerd", "-c", config)
	ctr := func(args ...string) error {
		args = append([]string{"--address", containerdSocket, "--namespace", "k8s.io"}, args...)
		out, err := exec.CommandContext(c.ctx, filepath.Join(programs, "ctr"), args...).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		return nil
	}
	until(c.ctx, "Waiting for containerd", func() error { return ctr("version") })
	archives, _ := filepath.Glob(n.path("images", "*.tar*"))
	for _, archive := range archives {
		if err := ctr("images", "import", "--local", "--label", "io.cri-containerd.image=managed", archive); err != nil {
			problem("Unable to import %s: %v", archive, err)
			continue
		}
		info("Imported images from %s", archive)
	}
}

// registries is k3s's registries.yaml; nothing else may stand in it.
type registries struct {
	Mirrors map[string]struct {
		Endpoint []string          `yaml:"endpoint"`
		Rewrite  map[string]string `yaml:"rewrite"`
	} `yaml:"mirrors"`
	Configs map[string]any `yaml:"configs"`
}

// layMirrors writes k3s's registries.yaml in containerd's own form.
func layMirrors(file, folder string, defaults bool) error {
	os.RemoveAll(folder)
	b, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	var r registries
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&r); err != nil && err != io.EOF {
		return fmt.Errorf("%s: %w", file, err)
	}
	if len(r.Configs) > 0 {
		warn("%s: configs (logins and certificates of registries) are not simulated", file)
	}
	for registry, mirror := range r.Mirrors {
		text, err := hostsOf(registry, mirror.Endpoint, defaults)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if registry == "*" {
			registry = "_default"
		}
		write(filepath.Join(folder, registry, "hosts.toml"), 0o600, []byte(text))
	}
	return nil
}

func hostsOf(registry string, endpoints []string, defaults bool) (string, error) {
	var t strings.Builder
	if defaults && registry != "*" {
		host := registry
		if host == "docker.io" {
			host = "registry-1.docker.io"
		}
		fmt.Fprintf(&t, "server = %q\n", "https://"+host+"/v2")
	}
	for _, endpoint := range endpoints {
		u, err := url.Parse(endpoint)
		if err != nil || u.Host == "" {
			return "", fmt.Errorf("endpoint %q of %s is no URL", endpoint, registry)
		}
		path := strings.TrimRight(u.Path, "/")
		own := path != "" && path != "/v2"
		if !own {
			path = "/v2"
		}
		fmt.Fprintf(&t, "[host.%q]\n  capabilities = [\"pull\", \"resolve\"]\n", u.Scheme+"://"+u.Host+path)
		if own {
			t.WriteString("  override_path = true\n")
		}
	}
	return t.String(), nil
}
