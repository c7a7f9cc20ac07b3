#!/usr/bin/env bash
# network.sh NET: makes the network of a bench, in the network namespace that it is called in: NET.1 is the host, its
# default route leads nowhere, and whatever would take it is refused at once. Called by `up`.
set -euo pipefail
net=$1
ip link set lo up
ip link add uplink type bridge
# A bridge without a port has no carrier.
ip link add uplink-a type veth peer name uplink-b
ip link set uplink-a master uplink
ip link set uplink-a up
ip link set uplink-b up
ip addr add "$net.1/24" dev uplink
ip link set uplink up
# k3s demands a default route.
ip route add default via "$net.254" dev uplink
# Docker keeps DOCKER-USER ahead of its own rules.
iptables -N DOCKER-USER
iptables -A DOCKER-USER -o uplink -j REJECT
iptables -A FORWARD -j DOCKER-USER
# A Service's address leads to uplink too until it is translated, and this chain still sees the first route.
iptables -A OUTPUT -o uplink ! -d "$net.1" -m conntrack ! --ctstate DNAT -j REJECT
sysctl -qw net.ipv4.ip_forward=1
