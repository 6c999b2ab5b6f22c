package vendors

import (
	"errors"
	"io"
)

// jsonNode is a value of the head of a JSON text, as far as the head goes.
type jsonNode struct {
	kind  tokenKind // beginObject, beginArray, or that of a scalar
	text  string    // of a scalar
	keys  []string  // of an object, one for each item
	items []*jsonNode
}

// get returns an object's value; nil if it has none of that name.
func (n *jsonNode) get(key string) *jsonNode {
	if n == nil || n.kind != beginObject {
		return nil
	}
	for i, k := range n.keys {
		if k == key && i < len(n.items) {
			return n.items[i]
		}
	}
	return nil
}

// values returns an object's values; nil of nothing.
func (n *jsonNode) values() []*jsonNode {
	if n == nil || n.kind != beginObject {
		return nil
	}
	return n.items
}

// Steps of a path that are not an object's key.
const (
	anyKey  = "*"  // the first value that is an array
	eachRow = "[]" // every element of an array
)

// at returns the value at the end of a path; of several, the first.
func (n *jsonNode) at(path []string) *jsonNode {
	for _, step := range path {
		var next *jsonNode
		switch {
		case n == nil:
		case step == eachRow && n.kind == beginArray && len(n.items) > 0:
			next = n.items[0]
		case step == anyKey && n.kind == beginObject:
			for _, item := range n.items {
				if item.kind == beginArray && next == nil {
					next = item
				}
			}
		default:
			next = n.get(step)
		}
		n = next
	}
	return n
}

// surveyJSON reads the head of a text. A head that ends within a value yields
// what is whole. Of several texts in a row the items of the result are the
// texts, and its kind is 0.
func surveyJSON(head []byte) (*jsonNode, error) {
	s := &jsonScanner{buf: head, b: len(head), err: io.EOF}
	all := &jsonNode{}
	for {
		t, err := s.next()
		if err == nil {
			var n *jsonNode
			if n, err = s.survey(t); n != nil {
				all.items = append(all.items, n)
			}
		}
		switch {
		case errors.Is(err, io.EOF) || errors.Is(err, errTruncated):
			if len(all.items) == 1 {
				return all.items[0], nil
			}
			return all, nil
		case err != nil:
			return nil, err
		}
	}
}

// survey reads the rest of a value that begins with a token. With an error it
// returns what it has, or nil.
func (s *jsonScanner) survey(t jsonToken) (*jsonNode, error) {
	n := &jsonNode{kind: t.kind}
	if t.scalar() {
		n.text = string(t.text)
		return n, nil
	}
	for {
		t, err := s.next()
		switch {
		case err != nil:
			return n, err
		case t.kind == endArray || t.kind == endObject:
			return n, nil
		case t.kind == keyToken:
			n.keys = append(n.keys, string(t.text))
			continue
		}
		item, err := s.survey(t)
		if err != nil && n.kind == beginArray && item.kind == beginArray {
			return n, err // a row that isn't whole is none
		}
		n.items = append(n.items, item)
		if err != nil {
			return n, err
		}
	}
}
