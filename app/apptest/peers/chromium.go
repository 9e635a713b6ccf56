package peers

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Chromium is a headless browser with an empty profile of its own. Many tests share one, each in its own browser context.
type Chromium struct {
	// URL is the websocket address that the DevTools protocol is spoken at.
	URL string

	dir     string
	process *exec.Cmd
	ended   chan error
}

// chromiumFlags make a browser that asks nothing, looks up nothing outside and draws the same on every machine.
var chromiumFlags = []string{
	"--headless", "--no-sandbox", "--remote-debugging-port=0",
	"--no-first-run", "--no-default-browser-check", "--disable-background-networking", "--disable-component-update", "--disable-sync",
	"--disable-default-apps", "--disable-extensions", "--disable-breakpad", "--metrics-recording-only", "--disable-quic",
	"--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider",
	"--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--mute-audio", "--force-color-profile=srgb",
	"--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding",
	"--disable-popup-blocking", "--disable-prompt-on-repost", "--password-store=basic", "--use-mock-keychain",
}

// StartChromium starts a browser and waits until it listens. Close ends it and removes its profile.
func StartChromium(ctx context.Context) (*Chromium, error) {
	path, err := FindChromium()
	if err != nil {
		return nil, err
	}
	c := &Chromium{ended: make(chan error, 1)}
	if c.dir, err = os.MkdirTemp("", "ruche-chromium-"); err != nil {
		return nil, fmt.Errorf("start chromium: %w", err)
	}
	c.process = exec.CommandContext(context.WithoutCancel(ctx), path, append(chromiumFlags, "--user-data-dir="+c.dir, "about:blank")...)
	c.process.Env = append(os.Environ(), "TMPDIR="+c.dir) // what it leaves behind goes with the profile
	said, err := c.process.StderrPipe()
	if err != nil {
		return nil, fmt.Errorf("start chromium: %w", err)
	}
	if err := Start(c.process); err != nil {
		return nil, errors.Join(fmt.Errorf("start chromium: %w", err), os.RemoveAll(c.dir))
	}
	found := make(chan string, 1)
	go func() {
		c.listen(said, found)
		c.ended <- c.process.Wait()
	}()
	select {
	case c.URL = <-found:
	case <-ctx.Done():
	case <-time.After(30 * time.Second):
	}
	if c.URL == "" {
		return nil, errors.Join(fmt.Errorf("start chromium: %s did not say where it listens", path), ctx.Err(), c.Close())
	}
	return c, nil
}

// Close ends the browser and removes its profile.
func (c *Chromium) Close() error {
	// The whole group: the helper processes would write into the profile while it is removed.
	if err := syscall.Kill(-c.process.Process.Pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("end chromium: %w", err)
	}
	<-c.ended
	return c.remove()
}

// remove deletes the profile, again where a dying helper process still wrote into it.
func (c *Chromium) remove() error {
	var err error
	for range 20 {
		if err = os.RemoveAll(c.dir); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("end chromium: %w", err)
}

// listen sends the address that the browser announces, or nothing when it ends first, and reads on so that the browser never blocks.
func (c *Chromium) listen(said io.Reader, found chan<- string) {
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "DevTools listening on "); ok {
			found <- strings.TrimSpace(address)
			break
		}
	}
	close(found)
	_, _ = io.Copy(io.Discard, said)
}
