package main

import (
	"context"
)

type report struct {
	limits []*figure
}

func newReport(ctx context.Context, o options) *report { return &report{} }

func (r *report) add(database string, size int, run *run) {
	say("start %v memory %d MB peak %d MB own %d", run.starts, run.memory.resident>>20, run.memory.peak>>20, run.memory.own>>20)
	for _, v := range run.visits {
		say("%+v", *v)
	}
}

func (r *report) write() error { return nil }
