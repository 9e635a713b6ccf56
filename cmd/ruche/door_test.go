package main

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestNobodyIsCutWhenTheDoorShuts shuts doors at which people knock without a pause: who was let in is answered, everybody
// else is refused.
func TestNobodyIsCutWhenTheDoorShuts(t *testing.T) {
	var doors sync.WaitGroup
	for range 20 {
		doors.Go(func() { shutWhileTheyKnock(t, 8) })
	}
	doors.Wait()
}

func shutWhileTheyKnock(t *testing.T, people int) {
	listener, err := listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Error(err)
		return
	}
	door := newDoor(listener, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server := &http.Server{Handler: door, ConnState: door.watch, ReadHeaderTimeout: headerTimeout}
	served := make(chan error, 1)
	go func() { served <- server.Serve(door) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	var answered atomic.Int64
	var knocking sync.WaitGroup
	for range people {
		knocking.Go(func() {
			for {
				answer, err := client.Get("http://" + listener.Addr().String())
				switch {
				case err == nil:
					answered.Add(1)
					if err := answer.Body.Close(); err != nil {
						t.Error(err)
					}
				case errors.Is(err, syscall.ECONNREFUSED):
					return
				default:
					t.Errorf("cut after %d answers: %v", answered.Load(), err)
					return
				}
			}
		})
	}
	for answered.Load() < int64(people) {
		time.Sleep(time.Millisecond)
	}
	if err := door.Close(); err != nil {
		t.Error(err)
	}
	for door.busy() {
		time.Sleep(time.Millisecond)
	}
	if err := server.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	knocking.Wait()
	<-served // the listener is closed before the server hears that it is to end
}
