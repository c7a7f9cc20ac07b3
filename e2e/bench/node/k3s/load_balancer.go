package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Label of what k3s's load balancer makes: the Service that it is for.
const (
	serviceLabel   = "svccontroller.k3s.cattle.io/svcname"
	namespaceLabel = "svccontroller.k3s.cattle.io/svcnamespace"
)

type service struct {
	Metadata struct {
		Name, Namespace, UID string
		DeletionTimestamp    *string
	}
	Spec struct {
		Type, LoadBalancerClass, ExternalTrafficPolicy string
		ClusterIPs, LoadBalancerSourceRanges           []string
		Ports                                          []servicePort
	}
	Status struct {
		LoadBalancer struct{ Ingress []struct{ IP string } }
	}
}

type servicePort struct {
	Protocol       string
	Port, NodePort int
}

func (v service) balanced() bool {
	return v.Spec.Type == "LoadBalancer" && v.Spec.LoadBalancerClass == "" && v.Metadata.DeletionTimestamp == nil &&
		len(v.Spec.ClusterIPs) > 0
}

func (v service) setName() string {
	return fmt.Sprintf("svclb-%s-%.8s", v.Metadata.Name, v.Metadata.UID)
}

func (v service) local() bool { return v.Spec.ExternalTrafficPolicy == "Local" }

type balancer struct {
	*api
	namespace string
	// What was applied last, by the DaemonSet's name.
	applied map[string]string
}

// serveLoadBalancers does as k3s: for each Service of type LoadBalancer a DaemonSet in kube-system whose pods take the
// Service's ports on their nodes; the Service gets the addresses of the nodes where they are ready.
func (s *server) serveLoadBalancers(ctx context.Context) {
	b := &balancer{api: s.admin, namespace: s.o.last("servicelb-namespace", "kube-system"), applied: map[string]string{}}
	b.put("/api/v1/namespaces/"+b.namespace+"/serviceaccounts", "svclb",
		object{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": object{"name": "svclb", "namespace": b.namespace}})
	for ctx.Err() == nil {
		pause(ctx, 2*time.Second)
		if err := b.round(); err != nil && ctx.Err() == nil {
			problem("load balancer: %v", err)
		}
	}
}

func (b *balancer) sets() string { return "/apis/apps/v1/namespaces/" + b.namespace + "/daemonsets" }

func (b *balancer) round() error {
	var services struct{ Items []service }
	if _, err := b.get("/api/v1/services", &services); err != nil {
		return err
	}
	there, err := b.setsThere()
	if err != nil {
		return err
	}
	ready, err := b.readyNodes()
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, v := range services.Items {
		if !v.balanced() {
			continue
		}
		name := v.setName()
		wanted[name] = true
		set := b.set(v)
		if text := fmt.Sprint(set); b.applied[name] != text || !there[name] {
			b.put(b.sets(), name, set)
			b.applied[name] = text
		}
		if err := b.address(v, ready[name]); err != nil {
			return err
		}
	}
	for name := range there {
		if !wanted[name] {
			b.delete(b.sets() + "/" + name)
			delete(b.applied, name)
		}
	}
	return nil
}

func (b *balancer) setsThere() (map[string]bool, error) {
	var sets struct {
		Items []struct{ Metadata struct{ Name string } }
	}
	if _, err := b.get(b.sets()+"?labelSelector="+strings.ReplaceAll(serviceLabel, "/", "%2F"), &sets); err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, one := range sets.Items {
		there[one.Metadata.Name] = true
	}
	return there, nil
}

// readyNodes gives the addresses of the nodes where the pods of each DaemonSet are ready.
func (b *balancer) readyNodes() (map[string][]string, error) {
	var pods struct {
		Items []struct {
			Metadata struct{ Labels map[string]string }
			Status   struct {
				HostIP     string
				Conditions []struct{ Type, Status string }
			}
		}
	}
	path := "/api/v1/namespaces/" + b.namespace + "/pods?labelSelector=" + strings.ReplaceAll(serviceLabel, "/", "%2F")
	if _, err := b.get(path, &pods); err != nil {
		return nil, err
	}
	ready := map[string][]string{}
	for _, pod := range pods.Items {
		for _, c := range pod.Status.Conditions {
			if set := pod.Metadata.Labels["app"]; c.Type == "Ready" && c.Status == "True" {
				ready[set] = append(ready[set], pod.Status.HostIP)
			}
		}
	}
	return ready, nil
}

// address writes the addresses into the Service's status where others are there.
func (b *balancer) address(v service, nodes []string) error {
	if v.local() {
		with, err := b.nodesWithPods(v)
		if err != nil {
			return err
		}
		nodes = slices.DeleteFunc(nodes, func(ip string) bool { return !with[ip] })
	}
	slices.Sort(nodes)
	nodes = slices.Compact(nodes)
	var before []string
	for _, one := range v.Status.LoadBalancer.Ingress {
		before = append(before, one.IP)
	}
	slices.Sort(before)
	if slices.Equal(nodes, before) {
		return nil
	}
	ingress := []object{}
	for _, ip := range nodes {
		ingress = append(ingress, object{"ip": ip, "ipMode": "VIP"})
	}
	info("service %s/%s: addresses %v", v.Metadata.Namespace, v.Metadata.Name, nodes)
	return b.patch("/api/v1/namespaces/"+v.Metadata.Namespace+"/services/"+v.Metadata.Name+"/status",
		object{"status": object{"loadBalancer": object{"ingress": ingress}}})
}

// nodesWithPods gives the addresses of the nodes that have a ready pod of the Service.
func (b *balancer) nodesWithPods(v service) (map[string]bool, error) {
	var slicesOf struct {
		Items []struct {
			Endpoints []struct {
				NodeName   string
				Conditions struct{ Ready bool }
			}
		}
	}
	path := "/apis/discovery.k8s.io/v1/namespaces/" + v.Metadata.Namespace + "/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D"
	if _, err := b.get(path+v.Metadata.Name, &slicesOf); err != nil {
		return nil, err
	}
	var nodes struct {
		Items []struct {
			Metadata struct{ Name string }
			Status   struct {
				Addresses []struct{ Type, Address string }
			}
		}
	}
	if _, err := b.get("/api/v1/nodes", &nodes); err != nil {
		return nil, err
	}
	on, out := map[string]bool{}, map[string]bool{}
	for _, one := range slicesOf.Items {
		for _, e := range one.Endpoints {
			on[e.NodeName] = on[e.NodeName] || e.Conditions.Ready
		}
	}
	for _, n := range nodes.Items {
		for _, a := range n.Status.Addresses {
			if a.Type == "InternalIP" {
				out[a.Address] = on[n.Metadata.Name]
			}
		}
	}
	return out, nil
}

func (b *balancer) set(v service) object {
	name := v.setName()
	labels := object{"app": name, serviceLabel: v.Metadata.Name, namespaceLabel: v.Metadata.Namespace}
	var containers []object
	for _, port := range v.Spec.Ports {
		containers = append(containers, balancing(v, port))
	}
	return object{"apiVersion": "apps/v1", "kind": "DaemonSet",
		"metadata": object{"name": name, "namespace": b.namespace, "labels": labels},
		"spec": object{"selector": object{"matchLabels": object{"app": name}},
			"template": object{"metadata": object{"labels": labels},
				"spec": object{"serviceAccountName": "svclb", "automountServiceAccountToken": false, "containers": containers,
					"tolerations": []object{{"key": "node-role.kubernetes.io/control-plane", "operator": "Exists", "effect": "NoSchedule"}}}}}}
}

// balancing is the container that takes one port of a Service.
func balancing(v service, port servicePort) object {
	to, toPort := object{"name": "DEST_IPS", "value": strings.Join(v.Spec.ClusterIPs, " ")}, port.Port
	if v.local() {
		to = object{"name": "DEST_IPS", "valueFrom": object{"fieldRef": object{"fieldPath": "status.hostIPs"}}}
		toPort = port.NodePort
	}
	from := strings.Join(v.Spec.LoadBalancerSourceRanges, " ")
	if from == "" {
		from = "0.0.0.0/0"
	}
	name := fmt.Sprintf("lb-%s-%d", strings.ToLower(port.Protocol), port.Port)
	variable := func(name string, value any) object { return object{"name": name, "value": fmt.Sprint(value)} }
	return object{"name": name, "image": image("klipper-lb"), "imagePullPolicy": "IfNotPresent",
		"ports": []object{{"name": name, "containerPort": port.Port, "hostPort": port.Port, "protocol": port.Protocol}},
		"env": []object{variable("SRC_PORT", port.Port), variable("SRC_RANGES", from), variable("DEST_PROTO", port.Protocol),
			variable("DEST_PORT", toPort), to},
		"securityContext": object{"capabilities": object{"add": []string{"NET_ADMIN"}}}}
}
