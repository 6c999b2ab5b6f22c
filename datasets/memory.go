package datasets

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Memory remembers the hashes of files that were read before, by path, size and
// times, so that opening a large data set again takes no time. It is
// a convenience: without it everything is hashed anew. Methods of a nil Memory
// know and keep nothing.
type Memory struct {
	path    string
	now     time.Time
	known   map[string]memo
	changed bool
}

// memo is what is remembered of a file.
type memo struct {
	Size    int64  `json:"size"`
	MtimeNS int64  `json:"mtime_ns"`
	CtimeNS int64  `json:"ctime_ns"` // of the last change of any kind, where the system tells; else 0
	Inode   uint64 `json:"inode"`    // likewise
	SHA256  string `json:"sha256"`
	Content string `json:"content"`
}

// The bounds of a memory: files remembered, and the bytes of its own file.
const (
	maxMemos       = 10_000
	maxMemoryBytes = 16 << 20
)

// freshFor is how old a file must be to be remembered: within the grain of file
// systems' times, a later change might show the same time.
const freshFor = 2 * time.Second

// OpenMemory reads the memory at a path. Where there is none, or one that can't
// be read, it begins empty.
func OpenMemory(path string, now time.Time) *Memory {
	m := &Memory{path: path, now: now, known: make(map[string]memo)}
	info, err := os.Stat(path)
	if err != nil || info.Size() > maxMemoryBytes {
		return m
	}
	text, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(text, &m.known) != nil || m.known == nil {
		m.known = make(map[string]memo)
	}
	return m
}

// recall returns what is known of a file that has not changed since.
func (m *Memory) recall(path string, info fs.FileInfo) (memo, bool) {
	if m == nil {
		return memo{}, false
	}
	known, ok := m.known[key(path)]
	inode, ctime := identity(info)
	same := known.Size == info.Size() && known.MtimeNS == info.ModTime().UnixNano() && known.CtimeNS == ctime && known.Inode == inode
	return known, ok && same && len(known.SHA256) == 64 && len(known.Content) == 64
}

// keep remembers a verified file, unless it was written a moment ago.
func (m *Memory) keep(f *File, info fs.FileInfo) {
	if m == nil {
		return
	}
	inode, ctime := identity(info)
	mtime := info.ModTime().UnixNano()
	if m.now.UnixNano()-max(mtime, ctime) < int64(freshFor) {
		return
	}
	memo := memo{info.Size(), mtime, ctime, inode, f.SHA256, f.Content}
	if m.known[key(f.Path)] != memo {
		m.known[key(f.Path)], m.changed = memo, true
	}
}

// key is a file's absolute path.
func key(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// Save writes the memory back if it has learnt something. It is only a
// convenience, so the caller may well ignore the error.
func (m *Memory) Save() error {
	if m == nil || !m.changed {
		return nil
	}
	if len(m.known) > maxMemos { // years of files that are no more
		m.known = nil
	}
	text, err := json.Marshal(m.known)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(m.path), 0o777); err != nil {
		return err
	}
	out, err := createAtomic(m.path)
	if err != nil {
		return err
	}
	defer out.abort()
	if _, err := out.Write(text); err != nil {
		return err
	}
	return out.commit(m.path)
}
