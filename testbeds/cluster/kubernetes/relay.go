// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// dialTimeout bounds one connect inside the cluster, where every peer is on this machine.
const dialTimeout = 3 * time.Second

// relay is `relay LISTEN NAMESPACE TARGET`: it accepts TCP connections on LISTEN in the network
// namespace it was started in, and passes each on to TARGET as it is seen from the network namespace
// behind the file NAMESPACE. So a client of the machine reaches a server that has no address there.
func relay() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: relay LISTEN-ADDRESS NAMESPACE-FILE TARGET-ADDRESS")
		os.Exit(2)
	}
	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		fmt.Fprintf(os.Stderr, "listening on %s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
	dial, err := dialerInside(os.Args[2], os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Fprintf(os.Stderr, "relaying %s to %s\n", listener.Addr(), os.Args[3])
	for {
		client, err := listener.Accept()
		if err != nil {
			fmt.Fprintf(os.Stderr, "accepting on %s: %v\n", listener.Addr(), err)
			os.Exit(1)
		}
		go func() {
			server, err := dial()
			if err != nil {
				fmt.Fprintf(os.Stderr, "connecting to %s: %v\n", os.Args[3], err)
				client.Close()
				return
			}
			join(client.(*net.TCPConn), server.(*net.TCPConn))
		}()
	}
}

// dialed is the outcome of one connect.
type dialed struct {
	connection net.Conn
	err        error
}

// dialerInside returns a function that connects to target from inside the network namespace behind
// the file path. A namespace belongs to a thread: each connect runs on a thread of its own, which
// enters the namespace and ends with its goroutine, so that no other goroutine inherits it.
func dialerInside(path, target string) (func() (net.Conn, error), error) {
	namespace, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening network namespace %s: %w", path, err)
	}
	return func() (net.Conn, error) {
		result := make(chan dialed, 1)
		go func() {
			runtime.LockOSThread()
			if err := unix.Setns(int(namespace.Fd()), unix.CLONE_NEWNET); err != nil {
				result <- dialed{nil, fmt.Errorf("entering network namespace %s: %w", path, err)}
				return
			}
			connection, err := net.DialTimeout("tcp4", target, dialTimeout)
			result <- dialed{connection, err}
		}()
		outcome := <-result
		return outcome.connection, outcome.err
	}, nil
}

// join copies both ways until both sides have ended. The end of one direction is passed on by
// itself, since the other may still have much to say.
func join(a, b *net.TCPConn) {
	ended := make(chan struct{}, 2)
	pass := func(from, to *net.TCPConn) {
		if _, err := io.Copy(to, from); err != nil {
			// The connection broke: no orderly end is to be passed on, both are of no more use.
			a.Close()
			b.Close()
		}
		to.CloseWrite()
		ended <- struct{}{}
	}
	go pass(a, b)
	go pass(b, a)
	<-ended
	<-ended
	a.Close()
	b.Close()
}
