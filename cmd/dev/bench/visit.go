package main

import "context"

type visit struct{}

func firstVisits(ctx context.Context, chromium, url string, who *person, idea string) ([]*visit, error) {
	return nil, nil
}
