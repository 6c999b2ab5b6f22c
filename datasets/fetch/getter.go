package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
)

// Getter gets a source's pieces: from what an earlier fetch has finished, else
// from the source.
type Getter struct {
	client  *Client
	about   About
	api     *url.URL
	archive *url.URL
	key     secret
	store   *Store
	pace    *pace
	events  Events

	endMS int64 // the end of what the answers so far are sure to know, UTC ms
}

// Events are told what goes on. Each may be nil.
type Events struct {
	At func(pair string, ms int64) // the pair's history is there up to this time, UTC ms
}

// Piece is one request whose answer is kept.
type Piece struct {
	Name    string // of the file that it is kept in: letters, digits, '.', '_' and '-'
	Archive bool   // it is in the archives, not behind the API
	Path    string // of the request, with its query: "/api/v3/klines?symbol=…"
	Content Content
	SHA256  func(context.Context) (string, error) // the checksum that the source states; nil = none
	// Check judges the body before it counts, beyond its content; nil = no more.
	Check func(body []byte) error
	// EndMS is the end of the candles that are asked for, UTC ms. An answer from
	// before it counts this once, up to where it is sure to know all; one from soon
	// after doesn't count for long, since a source may be late. 0: whatever the
	// answer holds stays true.
	EndMS int64
	// Absent tells that a source that has nothing, long after EndMS, never will.
	Absent bool
	// Passing returns the EndMS of a body that says that there is no more for now,
	// so that it is not kept, and 0 of any other; nil = all are.
	Passing func(body []byte) int64
}

// What is said of candles younger than settles counts for brief.
const (
	settles = 2 * dayMS
	brief   = dayMS / 24
)

// standing is how long an answer counts.
type standing struct {
	endMS   int64 // as Piece.EndMS
	passing bool  // only now
}

// settled reports whether nothing changes any more, at the source's own time.
func (s standing) settled(heard dated, nowMS int64) bool {
	if heard.ms != 0 {
		nowMS = heard.ms
	}
	return s.endMS == 0 || nowMS-s.endMS > settles
}

// Get returns the path of a piece's bytes. If the source has nothing there, the
// error is ErrAbsent.
func (g *Getter) Get(ctx context.Context, p Piece) (string, error) {
	r, err := g.request(p.Archive, p.Path, p.Content)
	if err != nil {
		return "", err
	}
	path, absent, ok := g.store.find(p.Name, p.Path)
	if absent {
		return "", r.trouble(ErrAbsent, "nothing, as before", "")
	}
	if ok {
		return path, ctx.Err()
	}
	path, err = g.download(ctx, r, p)
	if errors.Is(err, ErrAbsent) && p.Absent && (standing{endMS: p.EndMS}).settled(*r.heard, g.nowMS()) {
		err = errors.Join(err, g.store.absent(p.Name, p.Path))
	}
	return path, err
}

// download asks for a piece and keeps it once everything about it is right.
func (g *Getter) download(ctx context.Context, r request, p Piece) (string, error) {
	want := ""
	if p.SHA256 != nil {
		var err error
		if want, err = p.SHA256(ctx); err != nil {
			return "", err
		}
	}
	d, err := g.store.draft(p.Name)
	if err != nil {
		return "", err
	}
	defer d.drop()
	var s standing
	err = g.client.get(ctx, r, func(body io.Reader) (err error) {
		if err = d.fill(body); err != nil {
			return err
		}
		if err = g.judge(r, p, d, want); err != nil {
			return err
		}
		s, err = g.standing(r, p, d)
		return err
	})
	if err != nil {
		return "", err
	}
	return g.keep(r, p, d, s)
}

// standing decides how long a body counts.
func (g *Getter) standing(r request, p Piece, d *draft) (standing, error) {
	s := standing{endMS: p.EndMS}
	if p.Passing != nil {
		body, err := os.ReadFile(d.f.Name())
		if err != nil {
			return s, err
		}
		if end := p.Passing(body); end > 0 {
			s = standing{end, true}
		}
	}
	if r.heard.ms == 0 && !s.settled(*r.heard, g.nowMS()) {
		return s, r.trouble(ErrContent, "an answer without the header Date",
			"without the source's own time nobody can tell which candles are finished: check --base-url, or end the span two days ago (--to)")
	}
	return s, nil
}

// keep gives a piece its name. It is sealed if it counts for later fetches too.
func (g *Getter) keep(r request, p Piece, d *draft, s standing) (string, error) {
	if whole := g.until(s.endMS, *r.heard); !whole || s.passing {
		g.store.forget(p.Name)
		return d.place(g.store, p.Name)
	}
	staleMS := int64(0)
	if now := g.nowMS(); !s.settled(*r.heard, now) {
		staleMS = now + brief
	}
	return g.store.keep(d, p.Name, p.Path, staleMS)
}

// until reports whether an answer is sure to know everything up to a time. If not,
// the candles of this fetch end where it does.
func (g *Getter) until(endMS int64, heard dated) bool {
	if endMS == 0 || heard.ms == 0 || heard.knownMS() >= endMS { // undated, it is long after: see standing
		return true
	}
	g.endMS = min(g.endMS, heard.knownMS())
	return false
}

// judge decides whether a body is what was asked for.
func (g *Getter) judge(r request, p Piece, d *draft, want string) error {
	if want != "" && d.sum != want {
		t := r.trouble(ErrChecksum, "a body with the SHA-256 "+d.sum+" where the source states "+want,
			"the download is damaged, or the source is: try later")
		t.again = true
		return t
	}
	wrong, again, err := p.Content.judge(d.f.Name(), r.key)
	if err != nil {
		return err
	}
	if wrong != "" {
		t := r.trouble(ErrContent, r.key.mask(wrong)+" where "+p.Content.String()+" was expected",
			"check --base-url, and whether a proxy or a login answers in the source's place")
		t.again = again
		return t
	}
	if p.Content == Zip {
		return nil
	}
	body, err := os.ReadFile(d.f.Name())
	if err != nil {
		return err
	}
	if r.key.in(body) {
		return r.repeats()
	}
	if p.Check != nil {
		return g.explain(r, p.Check(body))
	}
	return nil
}

// explain gives a source's own judgement of a body its place.
func (g *Getter) explain(r request, err error) error {
	if t, ok := errors.AsType[*Trouble](err); ok {
		t.Source, t.URL, t.Found = g.about.Name, r.shown(), r.key.mask(t.Found)
		return t
	}
	if err != nil {
		return r.trouble(ErrContent, "an answer that makes no sense ("+r.key.quote([]byte(err.Error()))+")",
			"the source may have changed: report it")
	}
	return nil
}

// Small gets a small text that is not kept.
func (g *Getter) Small(ctx context.Context, archive bool, path string) (text []byte, err error) {
	r, err := g.request(archive, path, Text)
	if err != nil {
		return nil, err
	}
	err = g.client.get(ctx, r, func(body io.Reader) (err error) {
		if text, err = io.ReadAll(body); err != nil {
			return err
		}
		if looksLikeMarkup(text) {
			return r.trouble(ErrContent, "an HTML page ("+excerpt(title(r.key.hide(text)))+") where text was expected",
				"check --base-url, and whether a proxy or a login answers in the source's place")
		}
		if r.key.in(text) {
			return r.repeats()
		}
		return nil
	})
	return text, err
}

// nowMS is this machine's time, UTC ms.
func (g *Getter) nowMS() int64 { return g.client.Clock.Now().UnixMilli() }

// at tells how far a pair's history is there.
func (g *Getter) at(j Job, ms int64) {
	if g.events.At != nil {
		g.events.At(j.Pair.ID, min(ms, j.Span.ToMS))
	}
}

// request makes the request of a path, which may have a query.
func (g *Getter) request(archive bool, path string, c Content) (request, error) {
	base := g.api
	if archive {
		base = g.archive
	}
	rest, err := url.Parse(path)
	if err != nil || rest.IsAbs() || rest.Host != "" || !strings.HasPrefix(path, "/") {
		return request{}, fmt.Errorf("fetch: %q is no path of a request", g.key.quote([]byte(path)))
	}
	full := *base
	full.Path = strings.TrimSuffix(base.Path, "/") + rest.Path
	full.RawPath = ""
	if rest.RawPath != "" || base.RawPath != "" {
		full.RawPath = strings.TrimSuffix(base.EscapedPath(), "/") + rest.EscapedPath()
	}
	full.RawQuery = rest.RawQuery
	return request{about: g.about, url: &full, key: g.key, accept: c.accept(), limit: c.limit(), pace: g.pace, heard: &dated{}}, nil
}

// parseBase reads a base URL. A key needs a connection that nobody can listen to.
func parseBase(text string, keyed bool) (*url.URL, error) {
	u, err := url.Parse(text)
	bad := func(why string) error {
		return fmt.Errorf("found %q, expected a base URL such as https://mirror.example/binance: %s", excerpt([]byte(text)), why)
	}
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("expected a base URL such as https://mirror.example/binance")
	case u.User != nil:
		return nil, fmt.Errorf("found a user name in the base URL, expected none: it would end up in messages")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, bad("without a query")
	case keyed && u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, bad("https, since a key goes there")
	}
	return u, nil
}

func loopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// checksumOf reads the line of a file as sha256sum writes it: the hash, blanks,
// the name.
func checksumOf(text []byte, name string) (string, error) {
	fields := bytes.Fields(text)
	if len(fields) != 2 || len(fields[0]) != 64 || strings.Trim(string(fields[0]), "0123456789abcdefABCDEF") != "" {
		return "", fmt.Errorf("found %q, expected a SHA-256 and a file name", excerpt(text))
	}
	if got := strings.TrimPrefix(string(fields[1]), "*"); got != name {
		return "", fmt.Errorf("found the checksum of %q, expected that of %q", excerpt([]byte(got)), name)
	}
	return strings.ToLower(string(fields[0])), nil
}
