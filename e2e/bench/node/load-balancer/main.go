// load-balancer does what klipper-lb does in k3s's load balancer: it takes SRC_PORT of its pod and passes connections on
// to DEST_PORT of DEST_IPS. The original does it by masquerading, so the client's address is lost there as it is here.
package main

import (
	"io"
	"log"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// balancer passes on what comes from its networks; from everywhere where it has none.
type balancer struct {
	from     []netip.Prefix
	at, dest string
}

func main() {
	b := &balancer{at: ":" + os.Getenv("SRC_PORT")}
	for _, network := range words("SRC_RANGES") {
		prefix, err := netip.ParsePrefix(network)
		if err != nil {
			log.Fatalf("SRC_RANGES: %v", err)
		}
		b.from = append(b.from, prefix)
	}
	to := words("DEST_IPS")
	if len(to) == 0 {
		log.Fatal("no DEST_IPS")
	}
	b.dest = net.JoinHostPort(to[0], os.Getenv("DEST_PORT"))
	log.Printf("%s %s -> %s, from %v", os.Getenv("DEST_PROTO"), b.at, b.dest, b.from)
	if os.Getenv("DEST_PROTO") == "UDP" {
		log.Fatal(b.datagrams())
	}
	log.Fatal(b.connections())
}

func words(variable string) []string {
	return strings.FieldsFunc(os.Getenv(variable), func(r rune) bool { return r == ' ' || r == ',' })
}

func (b *balancer) allowed(client net.Addr) bool {
	address, err := netip.ParseAddrPort(client.String())
	return len(b.from) == 0 || err == nil && slices.ContainsFunc(b.from, func(network netip.Prefix) bool {
		return network.Contains(address.Addr().Unmap())
	})
}

func (b *balancer) connections() error {
	listener, err := net.Listen("tcp", b.at)
	if err != nil {
		return err
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			return err
		}
		go b.pass(client)
	}
}

func (b *balancer) pass(client net.Conn) {
	defer client.Close()
	if !b.allowed(client.RemoteAddr()) {
		return
	}
	server, err := net.DialTimeout("tcp", b.dest, 10*time.Second)
	if err != nil {
		log.Print(err)
		return
	}
	defer server.Close()
	var both sync.WaitGroup
	copied := func(to, from net.Conn) {
		io.Copy(to, from)
		to.(*net.TCPConn).CloseWrite()
	}
	both.Go(func() { copied(server, client) })
	both.Go(func() { copied(client, server) })
	both.Wait()
}

// How long a client of datagrams is remembered without an answer.
const silence = time.Minute

func (b *balancer) datagrams() error {
	listener, err := net.ListenPacket("udp", b.at)
	if err != nil {
		return err
	}
	var clients sync.Map
	buffer := make([]byte, 1<<16)
	for {
		n, client, err := listener.ReadFrom(buffer)
		if err != nil {
			return err
		}
		if !b.allowed(client) {
			continue
		}
		server, known := clients.Load(client.String())
		if !known {
			if server, err = net.Dial("udp", b.dest); err != nil {
				log.Print(err)
				continue
			}
			clients.Store(client.String(), server)
			go func() {
				answers(listener, client, server.(net.Conn))
				clients.Delete(client.String())
			}()
		}
		server.(net.Conn).Write(buffer[:n])
	}
}

// answers brings a server's answers back until it has been silent for a while.
func answers(listener net.PacketConn, client net.Addr, server net.Conn) {
	defer server.Close()
	buffer := make([]byte, 1<<16)
	for {
		server.SetReadDeadline(time.Now().Add(silence))
		n, err := server.Read(buffer)
		if err != nil {
			return
		}
		listener.WriteTo(buffer[:n], client)
	}
}
