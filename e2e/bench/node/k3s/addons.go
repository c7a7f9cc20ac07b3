package main

import (
	"context"
	_ "embed"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The images that k3s brings along, in the versions of its manifests; images of `images` are built under these names.
//
//go:embed images.txt
var imageList string

// image gives the image of the list whose repository ends with a name.
func image(name string) string {
	for _, one := range strings.Fields(imageList) {
		if repository, _, _ := strings.Cut(one, ":"); strings.HasSuffix(repository, name) {
			return "docker.io/" + one
		}
	}
	fatal("no image %s", name)
	return ""
}

//go:embed coredns.yaml
var corednsManifest string

// layDNS writes CoreDNS's manifest to where manifests are applied from.
func (s *server) layDNS() {
	file := filepath.Join(s.dir, "manifests", "coredns.yaml")
	if s.o.without("coredns") {
		os.Remove(file)
		return
	}
	set := s.settings()
	write(file, 0o600, []byte(strings.NewReplacer("@DOMAIN@", set.ClusterDomain, "@DNS@", set.ClusterDNS,
		"@NODE@", s.name, "@IP@", s.ip, "@IMAGE@", image("coredns")).Replace(corednsManifest)))
}

const rbac = "/apis/rbac.authorization.k8s.io/v1/"

// grantNodes gives flannel and the network policies of each node their rights.
func (s *server) grantNodes() {
	name, group := "system:k3s-controller", "rbac.authorization.k8s.io"
	rule := func(group string, resources []string, verbs ...string) object {
		return object{"apiGroups": []string{group}, "resources": resources, "verbs": verbs}
	}
	s.admin.put(rbac+"clusterroles", name, object{"apiVersion": group + "/v1", "kind": "ClusterRole",
		"metadata": object{"name": name},
		"rules": []object{
			rule("", []string{"nodes"}, "get", "list", "watch", "patch", "update"),
			rule("", []string{"nodes/status"}, "patch", "update"),
			rule("", []string{"namespaces", "pods", "services", "endpoints"}, "get", "list", "watch"),
			rule("networking.k8s.io", []string{"networkpolicies"}, "get", "list", "watch"),
			rule("discovery.k8s.io", []string{"endpointslices"}, "get", "list", "watch"),
		}})
	s.admin.put(rbac+"clusterrolebindings", name, object{"apiVersion": group + "/v1", "kind": "ClusterRoleBinding",
		"metadata": object{"name": name},
		"roleRef":  object{"apiGroup": group, "kind": "ClusterRole", "name": name},
		"subjects": []object{{"apiGroup": group, "kind": "User", "name": name}}})
}

// announce tells pods where the API is: at k3s's port, which upstream's API server could not say.
func (s *server) announce(ctx context.Context) {
	ip, ports := s.advertised(), []object{{"name": "https", "port": s.port, "protocol": "TCP"}}
	for ctx.Err() == nil {
		s.admin.put("/api/v1/namespaces/default/endpoints", "kubernetes", object{"apiVersion": "v1", "kind": "Endpoints",
			"metadata": object{"name": "kubernetes", "labels": object{"endpointslice.kubernetes.io/skip-mirror": "true"}},
			"subsets":  []object{{"addresses": []object{{"ip": ip}}, "ports": ports}}})
		s.admin.put("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", "kubernetes", object{
			"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
			"metadata":  object{"name": "kubernetes", "labels": object{"kubernetes.io/service-name": "kubernetes"}},
			"endpoints": []object{{"addresses": []string{ip}, "conditions": object{"ready": true}}}, "ports": ports})
		pause(ctx, time.Minute)
	}
}

// watchNodes gives the server's node its role, and removes a deleted Node's password, so that it may join anew.
func (s *server) watchNodes(ctx context.Context) {
	var nodes struct {
		Items []struct{ Metadata struct{ Name string } }
	}
	before, marked := map[string]bool{}, false
	for ctx.Err() == nil {
		if _, err := s.admin.get("/api/v1/nodes", &nodes); err == nil {
			now := map[string]bool{}
			for _, one := range nodes.Items {
				now[one.Metadata.Name] = true
			}
			for name := range before {
				if !now[name] {
					s.admin.delete(systemSecrets + "/" + passwordSecret(name))
					info("node %s was deleted, and its password", name)
				}
			}
			before = now
			if now[s.name] && !marked {
				role := object{"metadata": object{"labels": object{"node-role.kubernetes.io/control-plane": "true"}}}
				marked = s.admin.patch("/api/v1/nodes/"+s.name, role) == nil
			}
		}
		nodes.Items = nil
		pause(ctx, 5*time.Second)
	}
}
