package scenario

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// loans are things on a shelf that are borrowed, and given back. What nobody has
// borrowed stays for the next who asks, up to a size in all, and then goes: scenarios
// of many ranges of large data would fill the memory. Any number may use it at once.
type loans[T any] struct {
	shelf   shelf[T]
	size    func(T) int   // of a thing
	idleMax int           // size of all that nobody has borrowed
	letGo   func(T) error // nil: nothing is to be done

	mu       sync.Mutex
	borrowed map[string]int // how many have, by what they ask for
	idle     []string       // borrowed by nobody, from the one that was given back first on
	idleSize int
}

// borrow returns what stands under a key; the first who asks for it reads it. Who
// borrows gives back, also after an error.
func (l *loans[T]) borrow(ctx context.Context, key string, read func() (T, error)) (T, error) {
	l.mu.Lock()
	if l.borrowed == nil {
		l.borrowed = make(map[string]int)
	}
	if i := slices.Index(l.idle, key); i >= 0 {
		l.idle = slices.Delete(l.idle, i, i+1)
		l.idleSize -= l.size(l.shelf.peek(key))
	}
	l.borrowed[key]++
	l.mu.Unlock()
	return l.shelf.get(ctx, key, read)
}

// giveBack ends one loan.
func (l *loans[T]) giveBack(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.borrowed[key]--; l.borrowed[key] > 0 {
		return
	}
	delete(l.borrowed, key)
	l.idle = append(l.idle, key)
	l.idleSize += l.size(l.shelf.peek(key))
	for l.idleSize > l.idleMax {
		gone := l.shelf.take(l.idle[0])
		l.idle = l.idle[1:]
		l.idleSize -= l.size(gone)
		if l.letGo != nil {
			_ = l.letGo(gone) // what was only read has nothing to add
		}
	}
}

// close lets go of everything. Nothing may be borrowed.
func (l *loans[T]) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var errs []error
	for _, key := range l.idle {
		if gone := l.shelf.take(key); l.letGo != nil {
			errs = append(errs, l.letGo(gone))
		}
	}
	l.idle, l.idleSize = nil, 0
	return errors.Join(errs...)
}
