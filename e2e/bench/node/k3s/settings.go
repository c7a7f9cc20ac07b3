package main

import (
	"net/netip"
)

// settings is what the server tells its nodes.
type settings struct {
	ClusterDomain, ClusterCIDR, ServiceCIDR, ClusterDNS string
	DisableKubeProxy, DisableNetworkPolicy              bool
}

func (s *server) settings() settings {
	set := settings{
		ClusterDomain:        s.o.last("cluster-domain", "cluster.local"),
		ClusterCIDR:          s.o.last("cluster-cidr", "10.42.0.0/16"),
		ServiceCIDR:          s.o.last("service-cidr", "10.43.0.0/16"),
		DisableKubeProxy:     s.o.is("disable-kube-proxy"),
		DisableNetworkPolicy: s.o.is("disable-network-policy"),
	}
	set.ClusterDNS = s.o.last("cluster-dns", set.service(10))
	return set
}

// service gives an address of the Services' network, by its place in it.
func (s settings) service(place byte) string {
	network, err := netip.ParsePrefix(s.ServiceCIDR)
	if err != nil || !network.Addr().Is4() {
		fatal("--service-cidr %s is no network of IPv4", s.ServiceCIDR)
	}
	address := network.Masked().Addr().As4()
	address[3] += place
	return netip.AddrFrom4(address).String()
}

// firstService is the address of the API's own Service.
func (s settings) firstService() string { return s.service(1) }
