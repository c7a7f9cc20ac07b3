package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// startControlPlane starts what Kubernetes is made of, and then what k3s adds to it.
func (s *server) startControlPlane(c *children) {
	s.startEtcd(c)
	s.startAPIServer(c)
	go func() {
		until(c.ctx, "Waiting for the API server", func() error {
			_, err := s.admin.get("/readyz", nil)
			return err
		})
		if c.ctx.Err() != nil {
			return
		}
		info("Kube API server is now running")
		s.startControllers(c)
		s.grantNodes()
		s.layDNS()
		go s.announce(c.ctx)
		go s.watchNodes(c.ctx)
		if !s.o.without("servicelb") {
			go s.serveLoadBalancers(c.ctx)
		}
		s.ready.Store(true)
		info("k3s is up and running")
		s.applyManifests(c.ctx)
	}()
}

func (s *server) etcd(offset int) string {
	return fmt.Sprintf("http://127.0.0.1:%d", s.port+20000+offset)
}

func (s *server) startEtcd(c *children) {
	clients, peers := s.etcd(0), s.etcd(1)
	c.start("etcd", merge([][2]string{
		{"name", "k3s"}, {"data-dir", filepath.Join(s.dir, "db", "etcd")}, {"log-level", "warn"},
		{"unsafe-no-fsync", "true"}, // the machine's power is not what is tried here
		{"listen-client-urls", clients}, {"advertise-client-urls", clients},
		{"listen-peer-urls", peers}, {"initial-advertise-peer-urls", peers}, {"initial-cluster", "k3s=" + peers},
	}, s.o["etcd-arg"])...)
}

func (s *server) startAPIServer(c *children) {
	p, set := s.p, s.settings()
	issuer := "https://kubernetes.default.svc." + set.ClusterDomain
	c.start("kube-apiserver", merge([][2]string{
		{"bind-address", "127.0.0.1"}, {"secure-port", fmt.Sprint(s.apiPort())}, {"advertise-address", s.advertised()},
		// Upstream's would announce the API server's port, which only k3s itself may dial.
		{"endpoint-reconciler-type", "none"},
		{"etcd-servers", s.etcd(0)}, {"allow-privileged", "true"}, {"anonymous-auth", "false"}, {"profiling", "false"},
		{"authorization-mode", "Node,RBAC"}, {"enable-admission-plugins", "NodeRestriction"},
		{"enable-bootstrap-token-auth", "true"}, {"api-audiences", issuer + ",k3s"}, {"service-account-issuer", issuer},
		{"service-account-key-file", p.path("service.key")},
		{"service-account-signing-key-file", p.path("service.current.key")},
		{"tls-cert-file", p.path("serving-kube-apiserver.crt")},
		{"tls-private-key-file", p.path("serving-kube-apiserver.key")},
		{"client-ca-file", p.path("client-ca.crt")}, {"cert-dir", p.path("temporary-certs")},
		{"requestheader-client-ca-file", p.path("request-header-ca.crt")},
		{"requestheader-allowed-names", "system:auth-proxy"}, {"requestheader-username-headers", "X-Remote-User"},
		{"requestheader-group-headers", "X-Remote-Group"}, {"requestheader-extra-headers-prefix", "X-Remote-Extra-"},
		{"proxy-client-cert-file", p.path("client-auth-proxy.crt")},
		{"proxy-client-key-file", p.path("client-auth-proxy.key")},
		{"kubelet-preferred-address-types", "InternalIP,ExternalIP,Hostname"},
		{"kubelet-certificate-authority", p.path("server-ca.crt")},
		{"kubelet-client-certificate", p.path("client-kube-apiserver.crt")},
		{"kubelet-client-key", p.path("client-kube-apiserver.key")},
		{"service-cluster-ip-range", set.ServiceCIDR},
		{"service-node-port-range", s.o.last("service-node-port-range", "30000-32767")},
	}, s.o["kube-apiserver-arg"])...)
}

// advertised is the address at which pods find the API.
func (s *server) advertised() string { return s.o.last("advertise-address", s.ip) }

func (s *server) startControllers(c *children) {
	p, set := s.p, s.settings()
	as := func(who string) [][2]string {
		file := s.credential(who)
		return [][2]string{{"kubeconfig", file}, {"authentication-kubeconfig", file}, {"authorization-kubeconfig", file},
			{"bind-address", "127.0.0.1"}, {"secure-port", "0"}, {"leader-elect", "false"}, {"profiling", "false"}}
	}
	manager := as("controller")
	for signer, authority := range map[string]string{"kube-apiserver-client": "client-ca", "kubelet-client": "client-ca",
		"kubelet-serving": "server-ca", "legacy-unknown": "server-ca"} {
		manager = append(manager, [2]string{"cluster-signing-" + signer + "-cert-file", p.path(authority + ".nochain.crt")},
			[2]string{"cluster-signing-" + signer + "-key-file", p.path(authority + ".key")})
	}
	manager = append(manager, [][2]string{
		{"use-service-account-credentials", "true"}, {"root-ca-file", p.path("server-ca.crt")},
		{"service-account-private-key-file", p.path("service.current.key")}, {"configure-cloud-routes", "false"},
		{"allocate-node-cidrs", "true"}, {"cluster-cidr", set.ClusterCIDR}, {"service-cluster-ip-range", set.ServiceCIDR},
	}...)
	c.start("kube-controller-manager", merge(manager, s.o["kube-controller-manager-arg"])...)
	c.start("kube-scheduler", merge(as("scheduler"), s.o["kube-scheduler-arg"])...)
}

// applyManifests applies what lies in server/manifests, and again when it changes.
func (s *server) applyManifests(ctx context.Context) {
	applied := map[string]string{}
	for ctx.Err() == nil {
		filepath.Walk(filepath.Join(s.dir, "manifests"), func(file string, f os.FileInfo, err error) error {
			if err != nil || f.IsDir() || filepath.Ext(file) != ".yaml" {
				return nil
			}
			b, err := os.ReadFile(file)
			if err != nil || applied[file] == string(b) {
				return nil
			}
			out, err := exec.CommandContext(ctx, filepath.Join(programs, "kubectl"), "--kubeconfig", s.credential("supervisor"),
				"apply", "--server-side", "--force-conflicts", "--field-manager=deploy@"+s.name, "-f", file).CombinedOutput()
			if err != nil {
				problem("Failed to process %s: %v: %s", file, err, out)
				return nil
			}
			applied[file] = string(b)
			info("Applied %s: %s", file, strings.ReplaceAll(strings.TrimSpace(string(out)), "\n", "; "))
			return nil
		})
		pause(ctx, 15*time.Second)
	}
}
