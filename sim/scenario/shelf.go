package scenario

import (
	"context"
	"errors"
	"sync"
)

// shelf is what was read once for all who ask for it, by what they ask for. Any
// number may use it at once; the zero shelf is empty.
type shelf[T any] struct {
	mu    sync.Mutex
	books map[string]*book[T]
}

// book is one thing that was read, or what went wrong.
type book[T any] struct {
	once sync.Once
	text T
	err  error
}

// get returns what stands on the shelf under a key; the first who asks for it reads
// it. What one read in vain because its context was cancelled is read again.
func (s *shelf[T]) get(ctx context.Context, key string, read func() (T, error)) (T, error) {
	for {
		b := s.book(key)
		b.once.Do(func() {
			b.err = errors.New("the reading was cut short") // by a panic
			b.text, b.err = read()
		})
		if !errors.Is(b.err, context.Canceled) && !errors.Is(b.err, context.DeadlineExceeded) {
			return b.text, b.err
		}
		s.remove(key, b)
		if ctx.Err() != nil {
			return b.text, ctx.Err()
		}
	}
}

func (s *shelf[T]) book(key string) *book[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.books == nil {
		s.books = make(map[string]*book[T])
	}
	b := s.books[key]
	if b == nil {
		b = new(book[T])
		s.books[key] = b
	}
	return b
}

// remove takes a book from the shelf, unless another one stands there by now.
func (s *shelf[T]) remove(key string, b *book[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.books[key] == b {
		delete(s.books, key)
	}
}

// peek returns what stands under a key, which nobody may be reading; the zero T if it
// is nothing, or an error.
func (s *shelf[T]) peek(key string) (text T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.books[key]; b != nil {
		text = b.text
	}
	return text
}

// take takes what stands under a key, which nobody may be reading, from the shelf.
func (s *shelf[T]) take(key string) (text T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.books[key]; b != nil {
		text = b.text
		delete(s.books, key)
	}
	return text
}
