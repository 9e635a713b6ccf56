package main_test

import (
	"testing"
	"time"

	"ruche/app/apptest/program"
)

// TestNoAcknowledgedIdeaIsLostWhenTheServerIsKilled kills the server while twelve people post, four times over.
func TestNoAcknowledgedIdeaIsLostWhenTheServerIsKilled(t *testing.T) {
	p, olga := company(t, nil)
	load := program.NewLoad(olga, "workshop", "unkillable")
	for kill := range 4 {
		before := len(load.Kept())
		load.Start(12)
		p.Until(time.Minute, "ideas are being posted", func() bool { return len(load.Kept()) >= before+60+20*kill })
		p.Kill()
		load.Stop()
		p.Start()
		p.Consistent(load)
		found := p.Findable(load, 5*time.Second)
		again, err := load.Repeat()
		if err != nil {
			t.Fatal(err)
		}
		p.Consistent(load)
		t.Logf("kill %d: %d ideas acknowledged, all there; found again after %s; %d sent again, each stored once", kill+1, len(load.Kept()), found.Round(time.Millisecond), again)
	}
	for _, strange := range load.Strange() {
		t.Errorf("answer under load: %s", strange)
	}
}
