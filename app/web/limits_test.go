package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/labstack/echo/v4"

	"ruche/models"
	"ruche/models/modelstest"
)

// house is the kernel on an empty database.
func house(t *testing.T) *Web {
	t.Helper()
	return &Web{DB: modelstest.Open(t)}
}

// asked sends a request through a middleware as someone, and returns the answer.
func asked(middleware echo.MiddlewareFunc, who *models.Actor, address string, status int) *httptest.ResponseRecorder {
	e := echo.New()
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.RemoteAddr = address
	answer := httptest.NewRecorder()
	c := e.NewContext(request, answer)
	SetActor(c, who)
	if err := middleware(func(c echo.Context) error { return c.NoContent(status) })(c); err != nil {
		e.DefaultHTTPErrorHandler(err, c)
	}
	return answer
}

func TestARunawayScriptIsToldWhenToComeBack(t *testing.T) {
	limit := NewLimit()
	script := &models.Actor{ID: 7}
	refused := 0
	for range 2 * readBurst {
		answer := asked(limit.Middleware, script, "192.0.2.1:1", http.StatusOK)
		if answer.Code != http.StatusTooManyRequests {
			continue
		}
		refused++
		if wait, err := strconv.Atoi(answer.Header().Get("Retry-After")); err != nil || wait < 1 || wait > 5 {
			t.Fatalf("Retry-After is %q", answer.Header().Get("Retry-After"))
		}
	}
	if refused < readBurst/2 {
		t.Errorf("%d of %d requests were refused", refused, 2*readBurst)
	}
	if answer := asked(limit.Middleware, &models.Actor{ID: 8}, "192.0.2.1:1", http.StatusOK); answer.Code != http.StatusOK {
		t.Errorf("a colleague at the same address gets %d", answer.Code)
	}
}

func TestACompanyBehindOneAddressSignsInAtOnce(t *testing.T) {
	limit := house(t).SignInLimit()
	for person := range 1000 {
		if answer := asked(limit, &models.Actor{}, "192.0.2.1:1", http.StatusSeeOther); answer.Code != http.StatusSeeOther {
			t.Fatalf("person %d gets %d", person, answer.Code)
		}
	}
	for range 2 * failureBurst {
		asked(limit, &models.Actor{}, "192.0.2.1:1", http.StatusGone)
	}
	answer := asked(limit, &models.Actor{}, "192.0.2.1:1", http.StatusSeeOther)
	if wait, err := strconv.Atoi(answer.Header().Get("Retry-After")); answer.Code != http.StatusTooManyRequests || err != nil || wait < 1 || wait > 5 {
		t.Errorf("after many failures: status %d, Retry-After %q", answer.Code, answer.Header().Get("Retry-After"))
	}
	if answer := asked(limit, &models.Actor{}, "192.0.2.2:1", http.StatusGone); answer.Code != http.StatusGone {
		t.Errorf("someone at another address gets %d", answer.Code)
	}
}

func TestAHomeCountsAsOneHoweverManyAddressesItHas(t *testing.T) {
	limit := NewLimit()
	refused := 0
	for i := range 2 * readBurst {
		if asked(limit.Middleware, &models.Actor{}, fmt.Sprintf("[2001:db8:1:1::%x]:1", i), http.StatusOK).Code == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused < readBurst/2 {
		t.Errorf("%d of %d requests were refused", refused, 2*readBurst)
	}
}

func TestAFloodOfAddressesTakesLittleMemory(t *testing.T) {
	b := newBuckets(readRate, readBurst)
	for range readBurst {
		b.take("someone")
	}
	for i := range 3 * mostBuckets {
		b.take(strconv.Itoa(i))
		if i%mostBuckets == mostBuckets/2 && b.take("someone") == 0 && b.wait("someone") > 1e9 {
			t.Error("someone who goes on asking was forgotten")
		}
	}
	if kept := len(b.young) + len(b.old); kept > 2*mostBuckets {
		t.Errorf("%d addresses are kept, at most %d should be", kept, 2*mostBuckets)
	}
}
