// stub stands where a program is not to be had: it answers every request on the ports of STUB_PORTS with 200, whatever
// its arguments are, or ends at once where STUB_ENDS is set.
package main

import (
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	if os.Getenv("STUB_ENDS") != "" {
		return
	}
	log.Printf("a stub in the place of %q", os.Args)
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	for _, port := range strings.FieldsFunc(os.Getenv("STUB_PORTS"), func(r rune) bool { return r == ',' }) {
		go func() { log.Fatal(http.ListenAndServe(":"+port, answer)) }()
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	<-stop
}
