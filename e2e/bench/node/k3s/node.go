package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
)

// Of a node that has lost it the server refuses the name.
const nodePasswordFile = "/etc/rancher/node/password"

// node is one machine of the cluster: containerd, kubelet, kube-proxy, flannel and network policies, laid out as k3s does.
type node struct {
	o                options
	name, ip, server string
	// The server's authority, and how the node logs in until it has certificates.
	authority      []byte
	user, password string
	settings       settings
}

func (n *node) path(parts ...string) string {
	return n.o.dataDir(append([]string{"agent"}, parts...)...)
}

func (n *node) run(c *children) {
	for _, dir := range []string{n.path("images"), n.path("pod-manifests"), n.path("containerd"), "/var/lib/cni", "/run/flannel"} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			fatal("%v", err)
		}
	}
	os.Setenv("PATH", "/bin:/usr/sbin:/usr/bin:/sbin:"+programs+":/bin/aux")
	hideSysctls()
	openNetwork()
	n.fetchCertificates(c.ctx)
	if c.ctx.Err() != nil {
		return
	}
	n.startContainerd(c)
	n.startKubelet(c)
	if !n.settings.DisableKubeProxy {
		n.startKubeProxy(c)
	}
	n.startNetwork(c)
}

// What kubelet demands, by file below /proc/sys. These are the whole machine's: a kubelet in here finds them set already.
var demanded = map[string]string{
	"vm/overcommit_memory": "1", "vm/panic_on_oom": "0", "kernel/panic": "10", "kernel/panic_on_oops": "1",
	"kernel/keys/root_maxkeys": "1000000", "kernel/keys/root_maxbytes": "25000000",
}

func hideSysctls() {
	for name, value := range demanded {
		file := "/run/k3s/sysctl-" + strings.ReplaceAll(name, "/", ".")
		write(file, 0o644, []byte(value+"\n"))
		if err := syscall.Mount(file, "/proc/sys/"+name, "", syscall.MS_BIND, ""); err != nil {
			warn("%s: %v", name, err)
		}
	}
}

func openNetwork() {
	for _, name := range []string{"net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding", "net/bridge/bridge-nf-call-iptables",
		"net/bridge/bridge-nf-call-ip6tables", "net/ipv4/conf/all/route_localnet"} {
		if err := os.WriteFile("/proc/sys/"+name, []byte("1"), 0); err != nil {
			warn("Failed to set sysctl %s: %v", name, err)
		}
	}
}

func (n *node) fetchCertificates(ctx context.Context) {
	write(n.path("server-ca.crt"), 0o644, n.authority)
	password := kept(nodePasswordFile, 16)
	for file := range nodeCertificates {
		n.fetchCertificate(ctx, strings.TrimSuffix(file, ".crt"), password)
	}
	until(ctx, "Waiting for client-ca.crt", func() error {
		b, _, err := get(httpClient(n.authority, nil), n.server+"/v1-k3s/client-ca.crt", n.user, n.password)
		if err == nil {
			write(n.path("client-ca.crt"), 0o644, b)
		}
		return err
	})
}

// fetchCertificate has the server sign a key that is made here.
func (n *node) fetchCertificate(ctx context.Context, name, password string) {
	key, text := newKey()
	request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		fatal("%v", err)
	}
	until(ctx, "Waiting to retrieve agent configuration; server is not ready", func() error {
		r, err := http.NewRequest("POST", n.server+"/v1-k3s/"+name+".crt", bytes.NewReader(request))
		if err != nil {
			return err
		}
		r.SetBasicAuth(n.user, n.password)
		r.Header.Set(nodeNameHeader, n.name)
		r.Header.Set(nodePasswordHeader, password)
		r.Header.Set(nodeIPHeader, n.ip)
		resp, err := httpClient(n.authority, nil).Do(r)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		switch {
		case err != nil:
			return err
		case resp.StatusCode == http.StatusForbidden:
			return fmt.Errorf("Node password rejected, duplicate hostname or contents of '%s' may not match server "+
				"node-passwd entry, try enabling a unique node name with the --with-node-id flag", nodePasswordFile)
		case resp.StatusCode != http.StatusOK:
			return fmt.Errorf("%s: %s", resp.Status, b)
		}
		write(n.path(name+".key"), 0o600, text)
		write(n.path(name+".crt"), 0o600, b)
		return nil
	})
}

// credential writes the kubeconfig of one of the node's programs.
func (n *node) credential(who, certificate string) string {
	file := n.path(who + ".kubeconfig")
	kubeconfig(file, n.server, n.path("server-ca.crt"), n.path(certificate+".crt"), n.path(certificate+".key"))
	return file
}

func writeJSON(path string, o object) string {
	b, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		fatal("%v", err)
	}
	write(path, 0o600, b)
	return path
}

func (n *node) startKubelet(c *children) {
	o := n.o
	config := object{"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
		"authentication": object{"anonymous": object{"enabled": false}, "webhook": object{"enabled": true},
			"x509": object{"clientCAFile": n.path("client-ca.crt")}},
		"authorization":            object{"mode": "Webhook"},
		"cgroupDriver":             "cgroupfs",
		"clusterDNS":               []string{n.settings.ClusterDNS},
		"clusterDomain":            n.settings.ClusterDomain,
		"containerRuntimeEndpoint": "unix://" + containerdSocket,
		"evictionHard":             object{"imagefs.available": "5%", "nodefs.available": "5%"},
		"evictionMinimumReclaim":   object{"imagefs.available": "10%", "nodefs.available": "10%"},
		"failSwapOn":               false,
		"healthzBindAddress":       "127.0.0.1",
		"oomScoreAdj":              0, // a lower one may be refused in a container
		"providerID":               "k3s://" + n.name,
		"serializeImagePulls":      false,
		"staticPodPath":            n.path("pod-manifests"),
		"tlsCertFile":              n.path("serving-kubelet.crt"),
		"tlsPrivateKeyFile":        n.path("serving-kubelet.key"),
		"volumePluginDir":          n.path("libexec"),
	}
	if file := o.last("resolv-conf", ""); file != "" {
		config["resolvConf"] = file
	}
	labels := append([]string{"node.kubernetes.io/instance-type=k3s"}, o.all("node-label")...)
	c.start("kubelet", merge([][2]string{
		{"config", writeJSON(n.path("etc", "kubelet.conf"), config)}, {"kubeconfig", n.credential("kubelet", "client-kubelet")},
		{"hostname-override", n.name}, {"node-ip", n.ip}, {"node-labels", strings.Join(labels, ",")},
		{"register-with-taints", strings.Join(taints(o.all("node-taint")), ",")}, {"root-dir", "/var/lib/kubelet"},
		{"cert-dir", n.path()},
	}, o["kubelet-arg"])...)
}

// taints writes key:effect as kubelet reads it, key=:effect.
func taints(given []string) (out []string) {
	for _, one := range given {
		if key, effect, ok := strings.Cut(one, ":"); ok && !strings.Contains(key, "=") {
			one = key + "=:" + effect
		}
		out = append(out, one)
	}
	return out
}

func (n *node) startKubeProxy(c *children) {
	config := object{"apiVersion": "kubeproxy.config.k8s.io/v1alpha1", "kind": "KubeProxyConfiguration",
		"mode": "iptables", "clusterCIDR": n.settings.ClusterCIDR, "hostnameOverride": n.name, "oomScoreAdj": 0,
		"clientConnection":   object{"kubeconfig": n.credential("kubeproxy", "client-kube-proxy")},
		"healthzBindAddress": "127.0.0.1:10256", "metricsBindAddress": "127.0.0.1:10249",
		// These are the whole machine's.
		"conntrack": object{"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"}}
	c.start("kube-proxy", merge([][2]string{{"config", writeJSON(n.path("etc", "kube-proxy.conf"), config)}}, n.o["kube-proxy-arg"])...)
}

// startNetwork starts flannel and the network policies once the node has its piece of the pods' network.
func (n *node) startNetwork(c *children) {
	pods := n.podNetwork(c.ctx)
	if c.ctx.Err() != nil {
		return
	}
	subnet := "/run/flannel/subnet.env"
	os.Remove(subnet)
	config := writeJSON(n.path("etc", "flannel", "net-conf.json"), object{"Network": n.settings.ClusterCIDR,
		"EnableIPv4": true, "EnableIPv6": false, "Backend": object{"Type": "vxlan"}})
	os.Setenv("NODE_NAME", n.name) // flannel asks for it
	who, card := n.credential("k3scontroller", "client-k3s-controller"), n.o.last("flannel-iface", n.ip)
	c.start("flanneld", "--kubeconfig="+who, "--net-conf="+config, "--subnet-file="+subnet, "--iface="+card)
	mtu := 0
	until(c.ctx, "Waiting for flannel", func() error {
		b, err := os.ReadFile(subnet)
		if err != nil {
			return err
		}
		for _, line := range strings.Split(string(b), "\n") {
			fmt.Sscanf(line, "FLANNEL_MTU=%d", &mtu)
		}
		if mtu == 0 {
			return fmt.Errorf("%s names no MTU", subnet)
		}
		return nil
	})
	if c.ctx.Err() != nil {
		return
	}
	n.layCNI(pods, mtu)
	info("node %q at %s: pods get addresses of %s", n.name, n.ip, pods)
	if !n.settings.DisableNetworkPolicy {
		c.start("netpol", "--kubeconfig="+who, "--node="+n.name, "--services="+n.settings.ServiceCIDR)
	}
}

func (n *node) podNetwork(ctx context.Context) (cidr string) {
	pair := loadPair(n.path("client-kubelet.crt"), n.path("client-kubelet.key"))
	a := &api{client: httpClient(n.authority, &pair), url: n.server}
	until(ctx, "Waiting for the node's network", func() error {
		var one struct{ Spec struct{ PodCIDR string } }
		if _, err := a.get("/api/v1/nodes/"+n.name, &one); err != nil {
			return err
		}
		if cidr = one.Spec.PodCIDR; cidr == "" {
			return fmt.Errorf("node %s has none yet", n.name)
		}
		return nil
	})
	return cidr
}

// layCNI writes what flannel's own plugin would hand to the bridge's.
func (n *node) layCNI(pods string, mtu int) {
	writeJSON(n.path("etc", "cni", "net.d", "10-flannel.conflist"), object{"cniVersion": "1.0.0", "name": "cbr0",
		"plugins": []object{
			{"type": "bridge", "bridge": "cni0", "mtu": mtu, "isGateway": true, "isDefaultGateway": true, "hairpinMode": true,
				"forceAddress": true, "ipMasq": false,
				"ipam": object{"type": "host-local", "ranges": [][]object{{{"subnet": pods}}},
					"routes": []object{{"dst": n.settings.ClusterCIDR}}}},
			{"type": "portmap", "capabilities": object{"portMappings": true}},
		}})
}

func nodeIP(o options) string {
	if given := o.all("node-ip"); len(given) > 0 {
		return given[0]
	}
	return routeIP()
}

// routeIP gives the address of the card with the default route, as k3s takes it.
func routeIP() string {
	b, _ := os.ReadFile("/proc/net/route")
	for _, line := range strings.Split(string(b), "\n") {
		f := strings.Fields(line)
		if len(f) < 8 || f[1] != "00000000" || f[7] != "00000000" {
			continue
		}
		card, err := net.InterfaceByName(f[0])
		if err != nil {
			continue
		}
		addresses, _ := card.Addrs()
		for _, a := range addresses {
			if network, ok := a.(*net.IPNet); ok && network.IP.To4() != nil {
				return network.IP.String()
			}
		}
	}
	fatal("unable to select an IP from default routes.")
	return ""
}
