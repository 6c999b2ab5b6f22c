package fetch

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Store is the folder that finished pieces are kept in: the bytes as the source
// sent them, and beside each a seal that says of what request they are and what
// they hashed to. A piece without its seal, or that doesn't fit it, is none.
type Store struct {
	dir   string
	made  string // the outermost folder that was made for it; "" = none
	nowMS func() int64
	lock  *os.File // the folder, which is this Store's alone until it is closed; nil = this system knows no locks
}

// seal vouches for a piece.
type seal struct {
	Request string `json:"request"` // path and query, which name no host and no key
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"`
	Absent  bool   `json:"absent,omitempty"`   // the source has nothing there, and never will
	StaleMS int64  `json:"stale_ms,omitempty"` // it counts up to this time only, UTC ms; 0 = for ever
}

const (
	sealed = ".seal"
	// partial marks what is being written. Leftovers are of no use to anybody.
	partial = ".part"
)

// errBusy is that of a folder which another fetch is using.
var errBusy = errors.New("another fetch is using the folder")

// OpenStore opens the folder, and makes it if need be. It is refused with errBusy
// while another Store has it open, also another process's, where the system can
// tell. Leftovers of an earlier, interrupted fetch are removed.
func OpenStore(dir string, nowMS func() int64) (*Store, error) {
	made := missing(dir)
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	leftovers, err := filepath.Glob(filepath.Join(dir, "*"+partial))
	if err != nil {
		return nil, err
	}
	for _, path := range leftovers {
		os.Remove(path)
	}
	return &Store{dir, made, nowMS, lock}, nil
}

// lockFolder makes a folder and locks it. One that was removed meanwhile, by
// whoever had it before, is made again.
func lockFolder(dir string) (*os.File, error) {
	const tries = 10
	for range tries {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
		lock, err := openLocked(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil || lock == nil {
			return nil, err
		}
		locked, err := lock.Stat()
		if there, no := os.Stat(dir); err == nil && no == nil && os.SameFile(locked, there) {
			return lock, nil
		}
		lock.Close()
	}
	return nil, errBusy
}

// Close lets others open the folder. What was kept stays. It may be called again.
func (s *Store) Close() {
	if s.lock != nil {
		s.lock.Close()
	}
}

// missing is the outermost folder of a path that is not there.
func missing(dir string) (outermost string) {
	for {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			return outermost
		}
		outermost, dir = dir, filepath.Dir(dir)
	}
}

// tidy removes the folders that were made for the store, if it holds nothing. It
// reports whether it did.
func (s *Store) tidy() (removed bool) {
	if s.made == "" {
		return false
	}
	for dir := s.dir; os.Remove(dir) == nil && dir != s.made; {
		dir = filepath.Dir(dir)
	}
	_, gone := os.Stat(s.dir)
	return gone != nil
}

// find returns the path of a finished piece; absent tells that there is nothing
// to have. ok is false if the source must be asked.
func (s *Store) find(name, request string) (path string, absent, ok bool) {
	path = filepath.Join(s.dir, name)
	text, err := os.ReadFile(path + sealed)
	if err != nil {
		return "", false, false
	}
	var has seal
	if json.Unmarshal(text, &has) != nil || has.Request != request || has.StaleMS != 0 && has.StaleMS < s.nowMS() {
		return "", false, false
	}
	if has.Absent {
		return "", true, true
	}
	bytes, sum, err := hash(path)
	if err != nil || bytes != has.Bytes || sum != has.SHA256 {
		return "", false, false
	}
	return path, false, true
}

func hash(path string) (int64, string, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	return n, hex.EncodeToString(sum.Sum(nil)), err
}

// draft is a piece on its way.
type draft struct {
	f     *os.File
	bytes int64
	sum   string
}

// draft returns a file to write a piece to.
func (s *Store) draft(name string) (*draft, error) {
	f, err := os.CreateTemp(s.dir, "."+name+".*"+partial)
	if err != nil {
		return nil, err
	}
	return &draft{f: f}, nil
}

// fill writes a body from its beginning, in place of what an earlier try left.
func (d *draft) fill(body io.Reader) error {
	if _, err := d.f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := d.f.Truncate(0); err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(d.f, sum), body)
	d.bytes, d.sum = n, hex.EncodeToString(sum.Sum(nil))
	return err
}

// drop removes the draft. After keep it does nothing.
func (d *draft) drop() {
	if d.f.Close() == nil {
		os.Remove(d.f.Name())
	}
}

// keep makes a draft a finished piece: first its bytes, then the seal that makes
// them count, up to staleMS if that is not 0.
func (s *Store) keep(d *draft, name, request string, staleMS int64) (string, error) {
	path := filepath.Join(s.dir, name)
	err := d.f.Close() // what a power cut loses its seal doesn't fit
	if err == nil {
		os.Remove(path + sealed) // an older one must not vouch for new bytes
		err = os.Rename(d.f.Name(), path)
	}
	if err != nil {
		os.Remove(d.f.Name())
		return "", err
	}
	return path, s.seal(name, seal{Request: request, Bytes: d.bytes, SHA256: d.sum, StaleMS: staleMS})
}

// place gives a draft its name without a seal: it is made of pieces, and is made
// anew each time.
func (d *draft) place(s *Store, name string) (string, error) {
	path := filepath.Join(s.dir, name)
	err := d.f.Close()
	if err == nil {
		err = os.Rename(d.f.Name(), path)
	}
	if err != nil {
		os.Remove(d.f.Name())
	}
	return path, err
}

// forget makes a finished piece one to ask for again.
func (s *Store) forget(name string) { os.Remove(filepath.Join(s.dir, name+sealed)) }

// absent remembers that the source has nothing at a request.
func (s *Store) absent(name, request string) error {
	return s.seal(name, seal{Request: request, Absent: true})
}

func (s *Store) seal(name string, what seal) error {
	text, err := json.Marshal(what)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(s.dir, "."+name+".*"+partial)
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(s.dir, name+sealed))
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// Remove removes the folder with all that was kept, and its parent where that is
// left empty, and closes the Store.
func (s *Store) Remove() error {
	defer s.Close()
	if err := os.RemoveAll(s.dir); err != nil {
		return err
	}
	os.Remove(filepath.Dir(s.dir)) // unless another source's pieces are in it
	return nil
}

// safeName turns the parts of a piece's name into one that is a plain file name
// on every system.
func safeName(parts ...string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.', r == '_':
			return r
		}
		return '_'
	}, strings.Join(parts, "-"))
	name = strings.TrimLeft(name, ".")
	if name == "" || len(name) > 200 {
		panic(fmt.Sprintf("fetch: %q makes no file name", parts))
	}
	return name
}
