package scenario

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

func TestAShelfReadsOnce(t *testing.T) {
	var s shelf[int]
	var reads atomic.Int64
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for _, key := range []string{"a", "b"} {
				got, err := s.get(context.Background(), key, func() (int, error) { reads.Add(1); return len(key), nil })
				if got != 1 || err != nil {
					t.Errorf("%s: %d, %v", key, got, err)
				}
			}
		})
	}
	group.Wait()
	if reads.Load() != 2 {
		t.Errorf("%d reads of 2 books", reads.Load())
	}
}

func TestAShelfRemembersWhatCantBeReadButNotWhoGaveUp(t *testing.T) {
	var s shelf[int]
	wrong := errors.New("wrong")
	for range 2 {
		if _, err := s.get(context.Background(), "wrong", func() (int, error) { err := wrong; wrong = errors.New("read again"); return 0, err }); err == nil || err.Error() != "wrong" {
			t.Errorf("%v", err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.get(ctx, "late", func() (int, error) { return 0, ctx.Err() }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if got, err := s.get(context.Background(), "late", func() (int, error) { return 7, nil }); got != 7 || err != nil {
		t.Errorf("%d, %v", got, err)
	}
}

// TestOneDataSetIsOpenOnce: however many ask for it, and in whatever order of theirs;
// another range is read anew, from the same verified files.
func TestOneDataSetIsOpenOnce(t *testing.T) {
	p := NewPlayer(Library{})
	defer p.Close()
	for _, more := range []string{"", "seed: 2\n", "set: {cooldown.period: 3s}\n", "from: 2025-01-10\n"} {
		s, err := Parse("s.yaml", []byte("scenario: x\nstrategy: random\ndata: {path: sample, pairs: [BTCUSD]}\nto: 2025-01-12\n"+more+"expect: {days: _}\n"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Play(context.Background(), s); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.files.books) != 1 || len(p.candles.shelf.books) != 2 || len(p.candles.idle) != 2 || len(p.rules.books) != 2 {
		t.Errorf("%d sets of files, %d of candles (%d given back), %d rule sets", len(p.files.books), len(p.candles.shelf.books), len(p.candles.idle), len(p.rules.books))
	}
}
