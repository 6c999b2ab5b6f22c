package scenario

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
)

// lender lends numbers, which are as large as they say, and remembers which it read
// and which it let go.
type lender struct {
	loans[int]
	read, gone []int
}

func newLender(idleMax int) *lender {
	l := &lender{}
	l.size, l.idleMax = func(n int) int { return n }, idleMax
	l.letGo = func(n int) error { l.gone = append(l.gone, n); return nil }
	return l
}

func (l *lender) ask(n int) (int, error) {
	return l.borrow(context.Background(), fmt.Sprint(n), func() (int, error) { l.read = append(l.read, n); return n, nil })
}

func TestWhatIsGivenBackStaysUpToASize(t *testing.T) {
	l := newLender(10)
	for _, n := range []int{4, 5, 4, 6, 5, 20, 4} { // 4 is used again before 6 comes, so 5 goes
		if got, err := l.ask(n); got != n || err != nil {
			t.Fatalf("%d: %d, %v", n, got, err)
		}
		l.giveBack(fmt.Sprint(n))
	}
	// After 6 there are 4 and 6. 5 puts both out (4+6+5 > 10, and 6+5 still is); 20 is
	// too large to stay, and puts 5 out before it.
	if want := []int{4, 5, 6, 5, 20, 4}; !slices.Equal(l.read, want) {
		t.Errorf("read %d, want %d", l.read, want)
	}
	if want := []int{5, 4, 6, 5, 20}; !slices.Equal(l.gone, want) {
		t.Errorf("let go of %d, want %d", l.gone, want)
	}
	if err := l.close(); err != nil || !slices.Equal(l.gone, []int{5, 4, 6, 5, 20, 4}) || len(l.shelf.books) != 0 {
		t.Errorf("after the end: %v, %d, %d books", err, l.gone, len(l.shelf.books))
	}
}

func TestWhatIsBorrowedStays(t *testing.T) {
	l := newLender(0)
	for range 2 {
		if _, err := l.ask(7); err != nil {
			t.Fatal(err)
		}
	}
	if l.giveBack("7"); len(l.gone) != 0 {
		t.Errorf("let go of %d, which another one has", l.gone)
	}
	if l.giveBack("7"); !slices.Equal(l.gone, []int{7}) || len(l.borrowed) != 0 {
		t.Errorf("let go of %d; %d borrowed", l.gone, len(l.borrowed))
	}
}

func TestWhatCantBeReadIsGivenBackToo(t *testing.T) {
	l := newLender(10)
	wrong := errors.New("wrong")
	for range 2 {
		if _, err := l.borrow(context.Background(), "a", func() (int, error) { return 0, wrong }); !errors.Is(err, wrong) {
			t.Errorf("%v", err)
		}
		l.giveBack("a")
	}
	if len(l.idle) != 1 || len(l.borrowed) != 0 {
		t.Errorf("%q given back, %d borrowed", l.idle, len(l.borrowed))
	}
}

// TestManyBorrowAtOnce: what one has is never let go; the race detector looks on.
func TestManyBorrowAtOnce(t *testing.T) {
	l := loans[*int]{size: func(n *int) int {
		if n == nil {
			return 0
		}
		return 1
	}, idleMax: 1, letGo: func(n *int) error { *n = -1; return nil }}
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := range 200 {
				n := (worker + i) % 5
				key := fmt.Sprint(n)
				got, err := l.borrow(context.Background(), key, func() (*int, error) { of := n; return &of, nil })
				if err != nil || *got != n {
					t.Errorf("%d: %d, %v", n, *got, err)
				}
				l.giveBack(key)
			}
		})
	}
	group.Wait()
	if len(l.idle) > 1 || len(l.borrowed) != 0 {
		t.Errorf("%q given back, %d borrowed", l.idle, len(l.borrowed))
	}
}
