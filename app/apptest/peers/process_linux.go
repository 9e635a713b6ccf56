package peers

import (
	"os/exec"
	"syscall"
)

// tie makes the kernel send signal to the process when this one dies, even by kill -9, and
// keeps the terminal's Ctrl-C from reaching it first: it is ended in order, by us.
func tie(cmd *exec.Cmd, signal syscall.Signal) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	cmd.SysProcAttr.Pdeathsig = signal
}
