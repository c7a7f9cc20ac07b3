// registry starts Apicurio's registry in the place of Confluent's: it listens where SCHEMA_REGISTRY_LISTENERS says, with
// Confluent's API at the root, where Apicurio has it further down.
package main

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

const (
	api        = "/apis/ccompat/v7"
	port       = "18081"
	management = "18082"
	limit      = "-Xmx384m"
)

func main() {
	at, err := url.Parse(os.Getenv("SCHEMA_REGISTRY_LISTENERS"))
	if err != nil || at.Host == "" {
		log.Fatalf("SCHEMA_REGISTRY_LISTENERS is %q: one URL is wanted", os.Getenv("SCHEMA_REGISTRY_LISTENERS"))
	}
	registry := exec.Command("java", limit, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
		"-Dquarkus.http.host=127.0.0.1", "-Dquarkus.http.port="+port,
		"-Dquarkus.management.host=127.0.0.1", "-Dquarkus.management.port="+management,
		"-jar", "/opt/registry/quarkus-run.jar")
	registry.Stdout, registry.Stderr = os.Stdout, os.Stderr
	if err := registry.Start(); err != nil {
		log.Fatal(err)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() { registry.Process.Signal(<-stop) }()
	to := &url.URL{Scheme: "http", Host: "127.0.0.1:" + port, Path: api}
	pass := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }}
	go func() { log.Fatal(http.ListenAndServe(at.Host, pass)) }()
	err = registry.Wait()
	fmt.Fprintln(os.Stderr, "the registry ended:", err)
	os.Exit(registry.ProcessState.ExitCode())
}
