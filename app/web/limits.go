package web

import (
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"ruche/models"
)

// Limits on one person, or on one address while nobody is signed in: how often a second, and how
// many at once. They stop a runaway script, not people, and not a company behind one address. Of attempts to sign in
// only those count that failed.
const (
	readRate, readBurst       = 50, 500
	writeRate, writeBurst     = 20, 300
	failureRate, failureBurst = 0.5, 20

	// On Monday morning a whole company may ask for mail through one address; nobody needs more than a few themselves.
	senderRate, senderBurst   = 0.5, 60
	mailboxRate, mailboxBurst = 0.01, 3
	visitorRate, visitorBurst = 0.01, 30
)

// Limit is a rate limit by person and address. Each process counts for itself.
type Limit struct{ reads, writes *buckets }

// NewLimit returns the limit of the pages and the API.
func NewLimit() *Limit {
	return &Limit{newBuckets(readRate, readBurst), newBuckets(writeRate, writeBurst)}
}

// Middleware refuses with 429 what comes too often. It stands behind Actors.
func (l *Limit) Middleware(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		buckets := l.reads
		if c.Request().Method != http.MethodGet || strings.HasPrefix(c.Path(), "/sign-in/") { // the way to the provider begins with a GET that writes
			buckets = l.writes
		}
		who := address(c)
		if actor := Actor(c); actor.SignedIn() {
			who = "person " + strconv.FormatInt(actor.ID, 10)
		}
		if wait := buckets.take(who); wait > 0 {
			return tooMany(c, wait)
		}
		return next(c)
	}
}

// MailLimit bounds what makes the house send mail: how often from one address, and how often to one mailbox, the field of
// the form that names it. Whether there is anyone behind the mailbox makes no difference.
func MailLimit(field string) echo.MiddlewareFunc {
	senders, mailboxes := newBuckets(senderRate, senderBurst), newBuckets(mailboxRate, mailboxBurst)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if wait := senders.take(address(c)); wait > 0 {
				return tooMany(c, wait)
			}
			if wait := mailboxes.take(models.NormalEmail(c.FormValue(field))); wait > 0 {
				return tooMany(c, wait)
			}
			return next(c)
		}
	}
}

// VisitorLimit bounds how often one address leaves something for others without signing in. A whole canteen may stand behind one.
func VisitorLimit() echo.MiddlewareFunc {
	visitors := newBuckets(visitorRate, visitorBurst)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if wait := visitors.take(address(c)); wait > 0 {
				return tooMany(c, wait)
			}
			return next(c)
		}
	}
}

func tooMany(c echo.Context, wait time.Duration) error {
	c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	return echo.NewHTTPError(http.StatusTooManyRequests)
}

// address is whom a visitor's requests are counted for. Of IPv6 it is the network, since each home has
// as many addresses as it likes.
func address(c echo.Context) string {
	ip := net.ParseIP(c.RealIP())
	if ip != nil && ip.To4() == nil {
		ip = ip.Mask(net.CIDRMask(64, 128))
	}
	return "address " + ip.String()
}

// Buckets that nobody has used for forgetAfter are full again long since, and forgotten; so are the older
// half of them when there are more than mostBuckets, which bounds the memory that a flood of addresses can take.
const (
	forgetAfter = 5 * time.Minute
	mostBuckets = 50_000
)

// buckets are one token bucket for each key.
type buckets struct {
	limit rate.Limit
	burst int

	mu         sync.Mutex
	young, old map[string]*rate.Limiter // old ones were not used since young was begun
	begun      time.Time
}

func newBuckets(perSecond rate.Limit, burst int) *buckets {
	return &buckets{limit: perSecond, burst: burst, young: map[string]*rate.Limiter{}}
}

func (b *buckets) of(key string, now time.Time) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.young) >= mostBuckets || now.Sub(b.begun) > forgetAfter {
		b.young, b.old, b.begun = map[string]*rate.Limiter{}, b.young, now
	}
	bucket := b.young[key]
	if bucket == nil {
		if bucket = b.old[key]; bucket == nil {
			bucket = rate.NewLimiter(b.limit, b.burst)
		}
		b.young[key] = bucket
	}
	return bucket
}

// take uses one token, or returns how long to wait for one.
func (b *buckets) take(key string) time.Duration {
	now := time.Now() //check:allow clock how fast requests come has nothing to do with business time
	taken := b.of(key, now).ReserveN(now, 1)
	wait := taken.DelayFrom(now)
	if wait > 0 {
		taken.CancelAt(now)
	}
	return wait
}

// wait returns how long it is until there is a token, and uses none.
func (b *buckets) wait(key string) time.Duration {
	now := time.Now() //check:allow clock how fast requests come has nothing to do with business time
	missing := 1 - b.of(key, now).TokensAt(now)
	if missing <= 0 {
		return 0
	}
	return time.Duration(missing / float64(b.limit) * float64(time.Second))
}
