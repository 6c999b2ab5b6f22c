package fetch

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// cutKey is a key without four letters that any message has of its own.
const cutKey = "SQWZJKXV0918273645QZJXWKVH"

// partOf returns four letters in a row of a key that a text shows, or "".
func partOf(key, text string) string {
	for i := 0; i+4 <= len(key); i++ {
		if strings.Contains(strings.ToLower(text), strings.ToLower(key[i:i+4])) {
			return key[i : i+4]
		}
	}
	return ""
}

// smallStub is a source of one small text.
type smallStub struct{ stub }

func (s smallStub) Fetch(ctx context.Context, g *Getter, _ Job) (Raw, error) {
	_, err := g.Small(ctx, false, "/small")
	return Raw{}, err
}

// TestNoPartOfAKeyIsShown has servers repeat the key, which is then cut at every
// place where a body or a message is.
func TestNoPartOfAKeyIsShown(t *testing.T) {
	text := stub{content: JSON, keyed: true}
	for _, c := range []struct {
		name     string
		src      Source
		status   int
		filler   string // before the key, again and again
		open     string // before all
		from, to int    // of the filler, bytes
	}{
		{"at the end of an excerpt", text, 401, "x", "", 100, 170},
		{"at the end of an excerpt of a long filler", text, 401, "x ", "", 100, 170},
		{"at 640 bytes of blanks", text, 403, " ", "", 600, 645},
		{"in no JSON", text, 200, "x", "", 100, 170},
		{"at 512 bytes", text, 200, " ", "x", 470, 515},
		{"in a title", text, 200, "x", "<title>", 100, 170},
		{"in a title at 512 bytes", text, 200, " ", "<html><title>", 470, 515},
		{"in the place of an archive", stub{content: Zip, keyed: true}, 200, "x", "", 0, 20},
		{"in the title of a small text", smallStub{text}, 200, "x", "<title>", 100, 170},
		{"in a small text", smallStub{text}, 200, "x", "", 0, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := 0
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.open+strings.Repeat(c.filler, n/len(c.filler))+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")+"</title> and more")
			})
			f := job(t, c.src, s.URL, "BTCUSD", "2024-12-01", "2024-12-02", clockAt("2025-01-01T00:00:00Z"))
			f.Getenv = func(string) string { return cutKey }
			defer f.Close()
			for n = c.from; n < c.to; n++ {
				_, err := f.Run(context.Background())
				if _, ok := errors.AsType[*Trouble](err); !ok {
					t.Fatalf("%d bytes before the key: got %v", n, err)
				}
				if part := partOf(cutKey, err.Error()); part != "" {
					t.Fatalf("%d bytes before the key, %q is shown: %v", n, part, err)
				}
			}
		})
	}
}

// TestNoPartOfALongKeyIsShown: a refusal is read up to 4 KiB, which may end within
// a key that comes again and again. The masks are short, so the end is shown.
func TestNoPartOfALongKeyIsShown(t *testing.T) {
	var long strings.Builder
	for i := range 50 {
		fmt.Fprintf(&long, "Q%03dZ", i) // any four of these hold a Q or a Z
	}
	key := long.String()
	n := 0
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, strings.Repeat("-", n)+strings.Repeat(key, 30))
	})
	f := job(t, stub{content: JSON, keyed: true}, s.URL, "BTCUSD", "2024-12-01", "2024-12-02", clockAt("2025-01-01T00:00:00Z"))
	f.Getenv = func(string) string { return key }
	for ; n < 50; n++ { // 4096 = 16·250 + 96: the seventeenth key is cut after 96 bytes, and fewer
		_, err := f.Run(context.Background())
		if !errors.Is(err, ErrDenied) || !strings.Contains(err.Error(), masked) {
			t.Fatalf("%d bytes before the key: got %v", n, err)
		}
		if part := partOf(key, err.Error()); part != "" {
			t.Fatalf("%d bytes before the key, %q is shown: %v", n, part, err)
		}
	}
}

// TestKeyIsKnownInEveryDress: programs repeat a key as it is, or encoded.
func TestKeyIsKnownInEveryDress(t *testing.T) {
	for _, value := range []string{cutKey, `SQWZ/J+KX"V0&91=8<2%7`, "SQWZJKX8", "SQWZJKX89", `SQWZ\JKX`} {
		key := secret{&value}
		inJSON, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		for name, dressed := range map[string]string{
			"plain": value, "in capitals": strings.ToUpper(value), "of a query": url.QueryEscape(value), "of a path": url.PathEscape(value),
			"of a query, in small letters": strings.ToLower(url.QueryEscape(value)),
			"JSON":                         string(inJSON), "JSON with its slashes escaped": strings.ReplaceAll(strings.Trim(fmt.Sprintf("%q", value), `"`), "/", `\/`),
			"quoted": fmt.Sprintf("%q", value), "hexadecimal": hex.EncodeToString([]byte(value)),
			"base64": base64.StdEncoding.EncodeToString([]byte(value)), "base64 of a header": base64.StdEncoding.EncodeToString([]byte("Bearer " + value + "\r\n")),
			"base64 of name and key": base64.StdEncoding.EncodeToString([]byte("me:" + value + "?")), "base64 for URLs": base64.URLEncoding.EncodeToString([]byte("k=" + value)),
		} {
			if got := key.quote([]byte("<" + dressed + ">")); !strings.Contains(got, masked) || partOf(value, got) != "" {
				t.Errorf("%s, %s: %q became %q", value, name, dressed, got)
			}
			if !key.in([]byte(`{"a":"` + dressed + `"}`)) {
				t.Errorf("%s, %s is not found", value, name)
			}
		}
	}
	value := cutKey
	key := secret{&value}
	if !key.in([]byte(`{"a":"\u0053\u0051WZJKXV\u0030918273645QZJXWKV\u0048"}`)) {
		t.Error("a key of escapes is not found")
	}
	if key.in([]byte(`{"a":"SQWZ","b":"\u00e9\n"}`)) {
		t.Error("a key is found where there is none")
	}
}

func FuzzQuote(f *testing.F) {
	f.Add("before ", " after", 12)
	f.Add("", "", 5)
	f.Add(strings.Repeat("x", 158), "\xff\\u12", 170)
	value := cutKey
	key := secret{&value}
	f.Fuzz(func(t *testing.T, before, after string, cut int) {
		if partOf(cutKey, before+after) != "" {
			t.Skip("it holds parts of its own")
		}
		text := before + cutKey + after
		text = text[:min(max(cut, 0), len(text))]
		if got := key.quote([]byte(text)); strings.Contains(got, cutKey[:4]) {
			t.Errorf("%q became %q", text, got)
		}
		if len(text) >= len(before)+len(cutKey) && !key.in([]byte(text)) {
			t.Errorf("not found in %q", text)
		}
	})
}
