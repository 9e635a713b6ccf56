package main

import (
	"fmt"
	"os"
	"time"
)

// say tells what is going on.
func say(format string, arguments ...any) { fmt.Printf(format+"\n", arguments...) }

// progress is one line that changes, where someone looks on.
func progress(what string, done, total int) {
	info, err := os.Stderr.Stat()
	if err == nil && info.Mode()&os.ModeCharDevice != 0 {
		fmt.Fprintf(os.Stderr, "\r%s %d/%d ", what, done, total)
	}
}

// line is a figure for those who look on.
func (f *figure) line() string {
	return fmt.Sprintf("%-28s %2d  p50 %7s p95 %7s p99 %7s  %6.0f/s  CPU %6s + %6s  SQL %5.1f  allocs %6.0f %5.0f kB  answer %5.1f kB",
		f.Request, f.Connections, ms(f.P50), ms(f.P95), ms(f.P99), f.Rate, ms(f.CPU), ms(f.Base), f.Statements, f.Allocations, f.Allocated/1000, f.Bytes/1000)
}

// ms is a time in milliseconds, with two digits that mean something.
func ms(d time.Duration) string {
	v := float64(d) / float64(time.Millisecond)
	switch {
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}
