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
	// Settled tells that what is absent now will stay so, and that it need not be
	// asked for again.
	Settled bool
	// EndMS is the end of the candles that are asked for, UTC ms, where the source
	// may be late with the newest: then an answer of today doesn't count for long.
	// 0: it is never late.
	EndMS int64
}

// What is said of candles younger than settles counts for brief.
const (
	settles = 2 * dayMS
	brief   = dayMS / 24
)

// staleMS is until when an answer of now counts, UTC ms; 0 = for ever.
func (p Piece) staleMS(nowMS int64) int64 {
	if p.EndMS == 0 || nowMS-p.EndMS > settles {
		return 0
	}
	return nowMS + brief
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
	if errors.Is(err, ErrAbsent) && p.Settled {
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
	err = g.client.get(ctx, r, func(body io.Reader) error {
		if err := d.fill(body); err != nil {
			return err
		}
		return g.judge(r, p, d, want)
	})
	if err != nil {
		return "", err
	}
	return g.store.keep(d, p.Name, p.Path, p.staleMS(g.client.Clock.Now().UnixMilli()))
}

// judge decides whether a body is what was asked for.
func (g *Getter) judge(r request, p Piece, d *draft, want string) error {
	if want != "" && d.sum != want {
		t := r.trouble(ErrChecksum, "a body with the SHA-256 "+d.sum+" where the source states "+want,
			"the download is damaged, or the source is: try later")
		t.again = true
		return t
	}
	wrong, again, err := p.Content.judge(d.f.Name())
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
		return r.trouble(ErrKey, "an answer that repeats your key", "nothing of it is kept: check --base-url, and report it to the source")
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
		return r.trouble(ErrContent, "an answer that makes no sense ("+r.key.mask(excerpt([]byte(err.Error())))+")",
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
			return r.trouble(ErrContent, "an HTML page ("+excerpt(title(text))+") where text was expected",
				"check --base-url, and whether a proxy or a login answers in the source's place")
		}
		return nil
	})
	return text, err
}

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
		return request{}, fmt.Errorf("fetch: %q is no path of a request", path)
	}
	full := *base
	full.Path = strings.TrimSuffix(base.Path, "/") + rest.Path
	full.RawPath = ""
	if rest.RawPath != "" || base.RawPath != "" {
		full.RawPath = strings.TrimSuffix(base.EscapedPath(), "/") + rest.EscapedPath()
	}
	full.RawQuery = rest.RawQuery
	return request{about: g.about, url: &full, key: g.key, accept: c.accept(), limit: c.limit(), pace: g.pace}, nil
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
