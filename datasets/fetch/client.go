package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client asks sources. It tries again what may pass, and turns every trouble into
// a *Trouble.
type Client struct {
	Agent     string            // of the header User-Agent: "ptnsim/v1.2.3"
	Clock     Clock             // required
	Jitter    func() float64    // in [0, 1); nil = no jitter
	Transport http.RoundTripper // nil = the usual one
	Patience  Patience
}

// request is one question to a source.
type request struct {
	about  About
	url    *url.URL
	key    secret
	accept string
	limit  int64 // of the body, bytes, unpacked
	pace   *pace
	heard  *dated
}

// get asks until it has a whole answer, which take reads. take is called anew for
// each try.
func (c *Client) get(ctx context.Context, r request, take func(io.Reader) error) error {
	patience := c.Patience.filled()
	jitter := 0.0
	for try := 1; ; try++ {
		if err := r.pace.wait(ctx); err != nil {
			return err
		}
		err := c.attempt(ctx, r, patience, take)
		if err == nil {
			return nil
		}
		if c.Jitter != nil {
			jitter = c.Jitter()
		}
		wait, err := patience.next(err, try, jitter)
		if err != nil {
			return err
		}
		if err := c.Clock.Sleep(ctx, wait); err != nil {
			return err
		}
	}
}

var (
	errStalled = errors.New("no byte came for too long")
	errEndless = errors.New("the answer took too long")
)

// attempt asks once. It is given up when nothing comes for patience.Stall, or
// when it isn't done after patience.Whole.
func (c *Client) attempt(ctx context.Context, r request, patience Patience, take func(io.Reader) error) error {
	whole, done := context.WithTimeoutCause(ctx, patience.Whole, errEndless)
	defer done()
	watched, giveUp := context.WithCancelCause(whole)
	defer giveUp(nil)
	watch := time.AfterFunc(patience.Stall, func() { giveUp(errStalled) })
	defer watch.Stop()

	answer, err := c.send(watched, r)
	if err != nil {
		return r.failed(ctx, watched, err)
	}
	defer answer.Body.Close()
	r.pace.heed(answer.Header)
	r.heard.note(answer.Header)
	if answer.StatusCode != http.StatusOK {
		return r.status(answer, c.Clock.Now())
	}
	if answer.ContentLength > r.limit {
		return r.tooLarge()
	}
	body := &watchedBody{r: answer.Body, left: r.limit, alive: func() { watch.Reset(patience.Stall) }}
	err = take(body)
	switch {
	case body.over:
		return r.tooLarge()
	case body.err != nil:
		return r.failed(ctx, watched, body.err)
	}
	return err
}

// send sends the request. A redirect is followed within the same host only: a key
// must not travel, and what another host says is not what was asked for.
func (c *Client) send(ctx context.Context, r request) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", c.Agent)
	req.Header.Set("Accept", r.accept)
	if !r.key.none() {
		req.Header.Set("Authorization", r.about.Key.Scheme+" "+*r.key.value)
	}
	h := http.Client{Transport: c.Transport, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		if next.URL.Scheme != r.url.Scheme || next.URL.Host != r.url.Host {
			return r.trouble(ErrRedirect, "a redirect to the host "+r.key.quote([]byte(next.URL.Scheme+"://"+next.URL.Host)),
				"if that is where the source lives now, name it with --base-url")
		}
		if len(via) > 5 {
			return r.trouble(ErrRedirect, "redirects in a circle", "try later")
		}
		return nil
	}}
	return h.Do(req)
}

// watchedBody counts what is read, notices that nothing comes, and keeps the
// error that reading ended with apart from those of its reader.
type watchedBody struct {
	r     io.Reader
	left  int64
	alive func()
	over  bool
	err   error
}

// Read implements io.Reader.
func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if n > 0 {
		b.alive()
	}
	if b.left -= int64(n); b.left < 0 {
		b.over = true
		return 0, errors.New("the body is too large")
	}
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

func (r *request) trouble(problem error, found, remedy string) *Trouble {
	return &Trouble{Source: r.about.Name, URL: r.shown(), Problem: problem, Found: found, Remedy: remedy}
}

// shown is the URL as messages show it.
func (r *request) shown() string { return r.key.mask(r.url.Redacted()) }

func (r *request) tooLarge() error {
	return r.trouble(ErrTooLarge, fmt.Sprintf("a body of over %d bytes", r.limit),
		"this is not what the source is known to send: check --base-url, or report it")
}

func (r *request) repeats() error {
	return r.trouble(ErrKey, "an answer that repeats your key", "nothing of it is kept: check --base-url, and report it to the source")
}

// failed says why no whole answer came.
func (r *request) failed(ctx, watched context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if t, ok := errors.AsType[*Trouble](err); ok {
		return t
	}
	cause := context.Cause(watched)
	if errors.Is(cause, errStalled) || errors.Is(cause, errEndless) {
		t := r.trouble(ErrSlow, "no whole answer in time ("+cause.Error()+")", "check the network, or try later; "+resumes)
		t.again = true
		return t
	}
	return r.unreachable(err)
}

// unreachable says why a connection failed.
func (r *request) unreachable(err error) error {
	t := r.trouble(ErrUnreachable, "", "check the network, or try later; "+resumes)
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		t.Found = "no address of the host " + r.url.Hostname()
		t.Remedy = "check the network and its name service, and --base-url where given"
		t.again = !dns.IsNotFound
		return t
	}
	if badCertificate(err) {
		t.Found = "no connection that can be trusted (" + r.key.quote([]byte(rootCause(err).Error())) + ")"
		t.Remedy = "check this machine's clock and certificates, and whether a proxy looks into connections"
		return t
	}
	t.again = true
	if errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "gzip") {
		t.Problem, t.Found = ErrTruncated, "a body that was cut short"
		return t
	}
	t.Found = "no connection (" + r.key.quote([]byte(rootCause(err).Error())) + ")"
	return t
}

// badCertificate reports whether a connection failed for who answered.
func badCertificate(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return true
	}
	_, ok := errors.AsType[x509.HostnameError](err)
	return ok || strings.Contains(err.Error(), "server gave HTTP response to HTTPS client")
}

// rootCause is the innermost error, without the URL that the outer ones repeat.
func rootCause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// status turns an answer that is none into a Trouble.
func (r *request) status(answer *http.Response, now time.Time) error {
	words, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<12)) // only for the message
	said := fmt.Sprintf("the status %d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
	if text := r.key.quote(words); text != "" && !looksLikeMarkup(words) {
		said += " (" + text + ")"
	}
	t := r.trouble(ErrStatus, said, "check the symbol and the span")
	switch code := answer.StatusCode; {
	case code == http.StatusUnauthorized || code == http.StatusForbidden || code == http.StatusUnavailableForLegalReasons:
		t.Problem, t.Remedy = ErrDenied, r.deniedRemedy(code)
	case code == http.StatusNotFound || code == http.StatusGone:
		t.Problem, t.Remedy = ErrAbsent, "the source has no such symbol, or nothing of that time: check the symbol and the span"
	case code == http.StatusTooManyRequests || code == http.StatusTeapot || code == http.StatusRequestTimeout:
		t.Problem, t.again, t.after = ErrTooMany, true, RetryAfter(answer.Header.Get("Retry-After"), now)
		t.Remedy = "ask more slowly with --rate, or go on later; " + resumes
		if t.after > 0 {
			t.Found += fmt.Sprintf(", and to wait %s", t.after)
		}
	case code >= 500:
		t.Problem, t.again, t.after = ErrServer, true, RetryAfter(answer.Header.Get("Retry-After"), now)
		t.Remedy = "that is the source's own trouble: try later; " + resumes
	}
	return t
}

func (r *request) deniedRemedy(code int) string {
	switch {
	case code == http.StatusUnavailableForLegalReasons:
		return "the source does not serve your region: try another source, or a mirror with --base-url"
	case !r.key.none() && code == http.StatusUnauthorized:
		return "the key in " + r.about.Key.Variable + " was not taken: check it"
	case !r.key.none():
		return "the key in " + r.about.Key.Variable + " does not open this: check it, and what your plan includes"
	}
	return "the source may refuse your address or region: try later, another source, or a mirror with --base-url"
}
