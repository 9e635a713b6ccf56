package program

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// Load is people who post, support and comment at the same time, and the ledger of what they were told.
type Load struct {
	client *Client
	space  string
	word   string
	stop   chan struct{}
	work   sync.WaitGroup

	mu       sync.Mutex
	serial   int
	kept     map[string]int64 // title of an acknowledged idea → its id
	open     []posting        // ideas of which nobody knows whether they were stored
	statuses map[int]int      // 0 is no answer
	slowest  time.Duration
	strange  []string
	cut      []string
}

// posting is an idea on its way, with the key that lets it be sent again.
type posting struct{ title, key string }

// NewLoad prepares people who write in a space; word is in the title of everything they post.
func NewLoad(client *Client, space, word string) *Load {
	return &Load{client: client, space: space, word: word, kept: map[string]int64{}, statuses: map[int]int{}}
}

// Start lets them begin.
func (l *Load) Start(people int) {
	l.stop = make(chan struct{})
	for range people {
		l.work.Go(func() {
			for !l.stopped() {
				l.once()
			}
		})
	}
}

// Stop lets them end what they are about.
func (l *Load) Stop() {
	close(l.stop)
	l.work.Wait()
}

func (l *Load) stopped() bool {
	select {
	case <-l.stop:
		return true
	default:
		return false
	}
}

// once posts an idea, supports it and comments on it. Who gets no answer catches their breath.
func (l *Load) once() {
	l.mu.Lock()
	l.serial++
	p := posting{fmt.Sprintf("%s %05d proposed under load", l.word, l.serial), fmt.Sprintf("%s-%d", l.word, l.serial)}
	l.mu.Unlock()
	id, ok := l.post(p)
	if ok {
		if id%2 == 0 {
			l.note(l.client.JSON(http.MethodPut, fmt.Sprintf("/ideas/%d/support", id), nil))
		}
		if id%3 == 0 {
			l.note(l.client.JSONWithKey(p.key+"-comment", fmt.Sprintf("/ideas/%d/comments", id), map[string]any{"body": "A word about it."}))
		}
		return
	}
	select {
	case <-l.stop:
	case <-time.After(20 * time.Millisecond):
	}
}

func (l *Load) post(p posting) (id int64, ok bool) {
	answer, err := l.client.JSONWithKey(p.key, "/ideas", map[string]any{"space": l.space, "title": p.title, "body": "It came while the house shook."})
	l.note(answer, err)
	if err == nil && answer.Status == http.StatusCreated {
		var idea struct{ ID int64 }
		if err := answer.Decode(&idea); err == nil && idea.ID > 0 {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.kept[p.title] = idea.ID
			return idea.ID, true
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil && answer.Status < 300 {
		l.strange = append(l.strange, fmt.Sprintf("%d without an idea: %.300s", answer.Status, answer.Text))
	}
	l.open = append(l.open, p)
	return 0, false
}

// note writes an answer into the ledger. One that is neither good nor a well-formed "not now" is strange.
func (l *Load) note(answer *Answer, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.statuses[0]++
		if !errors.Is(err, syscall.ECONNREFUSED) {
			l.cut = append(l.cut, err.Error())
		}
		return
	}
	l.statuses[answer.Status]++
	l.slowest = max(l.slowest, answer.Took)
	switch {
	case answer.Status < 300:
	case answer.Status == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") != "" && answer.Header.Get("Content-Type") == "application/problem+json":
	default:
		l.strange = append(l.strange, fmt.Sprintf("%d %s: %.300s", answer.Status, answer.Header.Get("Content-Type"), answer.Text))
	}
}

// Repeat sends again, with the same keys, what got no good answer, and returns how many those were.
func (l *Load) Repeat() (int, error) {
	l.mu.Lock()
	again := l.open
	l.open = nil
	l.mu.Unlock()
	for _, p := range again {
		if _, ok := l.post(p); !ok {
			return len(again), fmt.Errorf("%q is refused when sent again", p.title)
		}
	}
	return len(again), nil
}

// Kept are the acknowledged ideas, title to id.
func (l *Load) Kept() map[string]int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	kept := make(map[string]int64, len(l.kept))
	for title, id := range l.kept {
		kept[title] = id
	}
	return kept
}

// Statuses counts the answers by status; 0 is no answer.
func (l *Load) Statuses() map[int]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	statuses := make(map[int]int, len(l.statuses))
	for status, n := range l.statuses {
		statuses[status] = n
	}
	return statuses
}

// Slowest is how long the slowest answer took, since the last call.
func (l *Load) Slowest() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	slowest := l.slowest
	l.slowest = 0
	return slowest
}

// Cut are the requests that a server took and did not answer.
func (l *Load) Cut() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cut
}

// Strange are the answers that should not have been given.
func (l *Load) Strange() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.strange
}
