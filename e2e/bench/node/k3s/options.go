package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// k3s's flags with what they take: s a text, l texts, b a boolean, i a number.
const commonFlags = `config:s debug:b v:i vmodule:s log:s alsologtostderr:b token:s token-file:s server:s data-dir:s
node-name:s with-node-id:b node-label:l node-taint:l image-credential-provider-bin-dir:s image-credential-provider-config:s
selinux:b lb-server-port:i protect-kernel-defaults:b container-runtime-endpoint:s image-service-endpoint:s
default-runtime:s disable-default-registry-endpoint:b nonroot-devices:b pause-image:s snapshotter:s private-registry:s
airgap-extra-registry:l node-ip:l node-external-ip:l node-internal-dns:l node-external-dns:l bind-address:s resolv-conf:s
flannel-iface:s flannel-conf:s flannel-cni-conf:s kubelet-arg:l kube-proxy-arg:l rootless:b prefer-bundled-bin:b docker:b
vpn-auth:s vpn-auth-file:s enable-pprof:b disable-apiserver-lb:b`

const serverFlags = `https-listen-port:i supervisor-port:i apiserver-port:i apiserver-bind-address:s advertise-address:s
advertise-port:i tls-san:l tls-san-security:b cluster-cidr:l service-cidr:l service-node-port-range:s cluster-dns:l
cluster-domain:s flannel-backend:s flannel-ipv6-masq:b flannel-external-ip:b egress-selector-mode:s servicelb-namespace:s
write-kubeconfig:s write-kubeconfig-mode:s write-kubeconfig-group:s helm-job-image:s agent-token:s agent-token-file:s
cluster-init:b cluster-reset:b cluster-reset-restore-path:s kube-apiserver-arg:l etcd-arg:l kube-controller-manager-arg:l
kube-scheduler-arg:l kube-cloud-controller-manager-arg:l kine-tls:b datastore-endpoint:s datastore-cafile:s
datastore-certfile:s datastore-keyfile:s etcd-expose-metrics:b etcd-disable-snapshots:b etcd-snapshot-name:s
etcd-snapshot-schedule-cron:s etcd-snapshot-retention:i etcd-snapshot-dir:s etcd-snapshot-compress:b
default-local-storage-path:s disable:l disable-scheduler:b disable-cloud-controller:b disable-kube-proxy:b
disable-network-policy:b disable-helm-controller:b disable-apiserver:b disable-controller-manager:b disable-etcd:b
disable-agent:b embedded-registry:b supervisor-metrics:b system-default-registry:s secrets-encryption:b
secrets-encryption-provider:s`

var shortFlags = map[string]string{
	"t": "token", "s": "server", "d": "data-dir", "o": "write-kubeconfig", "c": "config", "i": "node-ip", "l": "log",
}

var variables = map[string]string{
	"K3S_TOKEN": "token", "K3S_TOKEN_FILE": "token-file", "K3S_URL": "server", "K3S_NODE_NAME": "node-name",
	"K3S_KUBECONFIG_OUTPUT": "write-kubeconfig", "K3S_KUBECONFIG_MODE": "write-kubeconfig-mode",
	"K3S_AGENT_TOKEN": "agent-token", "K3S_AGENT_TOKEN_FILE": "agent-token-file", "K3S_DATA_DIR": "data-dir",
	"K3S_CONFIG_FILE": "config", "K3S_RESOLV_CONF": "resolv-conf",
}

// options are the values of flags by their names.
type options map[string][]string

// last gives the value that counts where a flag is given more than once.
func (o options) last(name, otherwise string) string {
	if v := o[name]; len(v) > 0 {
		return v[len(v)-1]
	}
	return otherwise
}

// all gives every value of a list, which may also be separated by commas.
func (o options) all(name string) (out []string) {
	for _, v := range o[name] {
		for _, one := range strings.Split(v, ",") {
			if one = strings.TrimSpace(one); one != "" {
				out = append(out, one)
			}
		}
	}
	return out
}

func (o options) is(name string) bool {
	v, _ := strconv.ParseBool(o.last(name, "false"))
	return v
}

func (o options) number(name string, otherwise int) int {
	if v, err := strconv.Atoi(o.last(name, "")); err == nil {
		return v
	}
	return otherwise
}

func (o options) without(component string) bool { return slices.Contains(o.all("disable"), component) }

// dataDir is where state is kept.
func (o options) dataDir(parts ...string) string {
	return filepath.Join(append([]string{o.last("data-dir", "/var/lib/rancher/k3s")}, parts...)...)
}

func kindsOf(command string) map[string]string {
	flags := commonFlags
	if command == "server" {
		flags += " " + serverFlags
	}
	kinds := map[string]string{}
	for _, f := range strings.Fields(flags) {
		name, kind, _ := strings.Cut(f, ":")
		kinds[name] = kind
	}
	return kinds
}

// parse reads flags, variables and files, of which the first has precedence.
func parse(command string, args []string) options {
	kinds := kindsOf(command)
	o, err := fromFlags(kinds, args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "Incorrect Usage: %v\n", err)
		fatal("Error: %v", err)
	}
	for variable, name := range variables {
		if v := os.Getenv(variable); v != "" && kinds[name] != "" && o[name] == nil {
			o[name] = []string{v}
		}
	}
	for name, values := range fromFiles(o.last("config", "/etc/rancher/k3s/config.yaml"), command, kinds) {
		if o[name] == nil {
			o[name] = values
		}
	}
	return o
}

func fromFlags(kinds map[string]string, args []string) (options, error) {
	o := options{}
	for i := 0; i < len(args); i++ {
		if !strings.HasPrefix(args[i], "-") {
			warn("ignored argument %q", args[i])
			continue
		}
		name, value, has := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		if long, ok := shortFlags[name]; ok {
			name = long
		}
		kind, known := kinds[name]
		switch {
		case !known:
			return nil, fmt.Errorf("flag provided but not defined: -%s", name)
		case !has && kind == "b":
			value = "true"
		case !has && i+1 == len(args):
			return nil, fmt.Errorf("flag needs an argument: -%s", name)
		case !has:
			i++
			value = args[i]
		}
		if err := check(kind, value); err != nil {
			return nil, fmt.Errorf("invalid value %q for flag -%s: parse error", value, name)
		}
		o[name] = append(o[name], value)
	}
	return o, nil
}

func check(kind, value string) (err error) {
	switch kind {
	case "i":
		_, err = strconv.Atoi(value)
	case "b":
		_, err = strconv.ParseBool(value)
	}
	return err
}

// fromFiles reads a file and the folder beside it; a later file has precedence.
func fromFiles(file, command string, kinds map[string]string) options {
	o := options{}
	more, _ := filepath.Glob(file + ".d/*.yaml")
	for _, f := range append([]string{file}, more...) {
		b, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		keys := map[string]any{}
		if err := yaml.Unmarshal(b, &keys); err != nil {
			fatal("%s: %v", f, err)
		}
		info("Using config file %s", f)
		for name, value := range keys {
			if kinds[name] == "" {
				warn("Unknown flag --%s found in %s, skipping (it is none of k3s %s)", name, f, command)
				continue
			}
			if values := texts(value); values != nil {
				o[name] = values
			}
		}
	}
	return o
}

func texts(value any) (out []string) {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		for _, one := range v {
			out = append(out, fmt.Sprint(one))
		}
		return out
	default:
		return []string{fmt.Sprint(v)}
	}
}
