package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of CPU time in /proc on every Linux that Go knows.
const tick = 10 * time.Millisecond

// stat reads the fields of /proc/PID/stat after the name, which may hold anything: 0 is the state.
func stat(pid int) ([]string, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil, err
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 20 {
		return nil, fmt.Errorf("/proc/%d/stat: %q", pid, raw)
	}
	return fields, nil
}

func ticks(fields []string, at ...int) (sum time.Duration) {
	for _, i := range at {
		n, _ := strconv.Atoi(fields[i])
		sum += time.Duration(n) * tick
	}
	return sum
}

// cpu is the time that a process has computed.
func cpu(pid int) (time.Duration, error) {
	fields, err := stat(pid)
	if err != nil {
		return 0, err
	}
	return ticks(fields, 11, 12), nil
}

// cpuOfAll is the time that a process and its children have computed, those that have ended included.
func cpuOfAll(pid int) (time.Duration, error) {
	fields, err := stat(pid)
	if err != nil {
		return 0, err
	}
	sum := ticks(fields, 11, 12, 13, 14)
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, err
	}
	for _, path := range all {
		child, err := strconv.Atoi(filepath.Base(path))
		if err != nil {
			continue
		}
		fields, err := stat(child) // it may have ended meanwhile: its time is its parent's then
		if err == nil && fields[1] == strconv.Itoa(pid) {
			sum += ticks(fields, 11, 12)
		}
	}
	return sum, nil
}

// memory is what a process has in memory, in bytes: now, at most so far, and how much of it is its own
// rather than files that the system could drop.
type memory struct{ resident, peak, own int64 }

func memoryOf(pid int) (m memory, err error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return m, err
	}
	for _, line := range strings.Split(string(raw), "\n") {
		name, value, _ := strings.Cut(line, ":")
		n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		switch name {
		case "VmRSS":
			m.resident = n << 10
		case "VmHWM":
			m.peak = n << 10
		case "RssAnon":
			m.own = n << 10
		}
	}
	return m, nil
}
