package fetch

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Patience is how long and how often a source is asked again. The zero Patience
// takes the defaults.
type Patience struct {
	Tries int           // of one request; 0 = 6
	First time.Duration // the wait before the second try, which doubles from there; 0 = 1 s
	Most  time.Duration // the longest wait, also where a source asks for more; 0 = 5 min
	Stall time.Duration // without a byte for so long, a request is given up; 0 = 60 s
	Whole time.Duration // a request may last so long at all; 0 = 15 min
}

// fewTries is how often is tried what seldom passes within seconds: a host that
// can't be reached, a file that is not what it should be.
const fewTries = 3

func (p Patience) filled() Patience {
	def := Patience{Tries: 6, First: time.Second, Most: 5 * time.Minute, Stall: time.Minute, Whole: 15 * time.Minute}
	if p.Tries > 0 {
		def.Tries = p.Tries
	}
	for _, d := range []struct{ of, to *time.Duration }{
		{&p.First, &def.First}, {&p.Most, &def.Most}, {&p.Stall, &def.Stall}, {&p.Whole, &def.Whole},
	} {
		if *d.of > 0 {
			*d.to = *d.of
		}
	}
	return def
}

// next returns how long to wait before trying again, or the error that the
// request ends with. jitter is in [0, 1): it spreads the waits of many clients.
func (p Patience) next(err error, try int, jitter float64) (time.Duration, error) {
	t, ok := errors.AsType[*Trouble](err)
	if !ok || !t.again {
		return 0, err
	}
	t.Tries = try
	if t.after > p.Most {
		t.Remedy = "wait that long, then " + resumes
		return 0, t
	}
	if try >= p.Tries || try >= fewTries && (errors.Is(t, ErrUnreachable) || errors.Is(t, ErrChecksum) || errors.Is(t, ErrContent)) {
		return 0, t
	}
	first := p.First
	if errors.Is(t, ErrTooMany) {
		first *= 10 // allowances are counted by the minute
	}
	wait := first << min(try-1, 30)
	if wait <= 0 || wait > p.Most {
		wait = p.Most
	}
	wait += time.Duration(float64(wait) * jitter / 2)
	return min(max(wait, t.after), max(p.Most, t.after)), nil
}

// RetryAfter reads the header of that name: seconds, or a date. It returns 0 for
// what is neither, or past; never less, never more than a year.
func RetryAfter(header string, now time.Time) time.Duration {
	const most = 365 * 24 * time.Hour
	header = strings.TrimSpace(header)
	if seconds, err := strconv.ParseInt(header, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), int64(most/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(at.Sub(now), 0), most)
	}
	return 0
}
