//go:build !linux

package peers

import (
	"os/exec"
	"syscall"
)

// tie keeps the terminal's Ctrl-C from reaching the process: it is ended in order, by us.
// Only Linux can also end it when this process is killed.
func tie(cmd *exec.Cmd, _ syscall.Signal) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
}
