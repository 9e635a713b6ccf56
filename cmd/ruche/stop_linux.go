package main

import (
	"golang.org/x/sys/unix"
)

// A TCP header has its flags in the byte at tcpFlags; SYN asks for a connection.
const (
	tcpFlags = 13
	tcpSYN   = 0x02
)

// ignoreKnocks lets no new connection begin: who asks for one hears nothing, asks again a second later and finds
// the door shut, instead of being let in by the kernel and thrown out again. Connections that exist notice nothing.
func ignoreKnocks(listener int) error {
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: tcpFlags},
		{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, K: tcpSYN, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K},               // nothing of it
		{Code: unix.BPF_RET | unix.BPF_K, K: 1<<32 - 1}, // all of it
	}
	return unix.SetsockoptSockFprog(listener, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]})
}
