package recording

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/strategies"
)

// What a file of positions may hold. Memory holds the positions that are wanted,
// of one miner or of all, and one item of the file besides.
const (
	maxItemBytes = 16 << 20 // of a position, or of a text
	maxFileBytes = 16 << 30 // unpacked
	maxPositions = 1 << 20
	maxOrders    = 4_000_000
	maxMiners    = 1 << 16
)

// Read reads the positions of one miner from a file, through gzip or zstd where
// it is packed. It may be
//
//	{"positions": […], …}                              one miner's
//	[…]                                                positions, or texts that are positions
//	{HOTKEY: […], HOTKEY: {"positions": […]}, …}       of many miners
//	{"positions": {HOTKEY: {"positions": […]}}, …}     a validator's checkpoint
//
// miner is a hotkey, or an unambiguous beginning of one; "" will do where there
// is one miner alone. Errors are *strategies.SignalError.
func Read(path, miner string) (*Recording, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Parse(f, path, miner)
}

// ReadAll reads the positions of every miner of a file that has some, in the order
// of their appearance. See Read.
func ReadAll(path string) ([]*Recording, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	w, sum, err := parseFile(f, path, &walk{every: true})
	if err != nil {
		return nil, err
	}
	var all []*Recording
	for _, hotkey := range w.miners {
		r := w.kept[hotkey]
		if r == nil {
			continue
		}
		if err := r.complete(); err != nil {
			return nil, err
		}
		r.SHA256 = sum
		all = append(all, r)
	}
	if len(all) == 0 {
		return nil, w.none()
	}
	return all, nil
}

func open(path string) (*os.File, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &strategies.SignalError{File: path, Found: "no such file", Expected: "a validator's file of positions", Cause: err}
	}
	if err != nil {
		return nil, &strategies.SignalError{File: path, Found: err.Error(), Cause: err}
	}
	return f, nil
}

// Parse reads positions from r; name stands for it in errors. See Read.
func Parse(r io.Reader, name, miner string) (*Recording, error) {
	w, sum, err := parseFile(r, name, &walk{want: miner})
	if err != nil {
		return nil, err
	}
	rec, err := w.finish()
	if err != nil {
		return nil, err
	}
	rec.SHA256 = sum
	return rec, nil
}

// parseFile walks through a file, and returns the SHA-256 of its bytes.
func parseFile(r io.Reader, name string, w *walk) (*walk, string, error) {
	sum := sha256.New()
	raw := io.TeeReader(r, sum)
	plain, err := text.Unpack(raw)
	if err != nil {
		return nil, "", &strategies.SignalError{File: name, Found: "a damaged compressed file: " + err.Error(), Cause: err}
	}
	w.file, w.in = name, &bounded{r: plain, total: maxFileBytes}
	w.d = json.NewDecoder(w.in)
	w.kept, w.seen = make(map[string]*Recording), make(map[string]bool)
	if err := w.whole(); err != nil {
		return nil, "", err
	}
	if _, err := io.Copy(io.Discard, raw); err != nil {
		return nil, "", &strategies.SignalError{File: name, Found: "a file that can't be read on: " + err.Error(), Cause: err}
	}
	return w, hex.EncodeToString(sum.Sum(nil)), nil
}

// bounded passes a text on until one item of it, or all of it, is too long.
type bounded struct {
	r           io.Reader
	item, total int64 // bytes; item is what the item at hand has had
}

var errLong = errors.New("too long")

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if b.item >= maxItemBytes || b.total <= 0 {
		return 0, errLong
	}
	n, err := b.r.Read(p[:min(int64(len(p)), maxItemBytes-b.item)])
	b.item += int64(n)
	b.total -= int64(n)
	return n, err
}

// walk goes through a file's tokens once, and keeps what is wanted.
type walk struct {
	file  string
	want  string // the miner, or a beginning of its hotkey; "": the only one
	every bool   // all miners
	in    *bounded
	d     *json.Decoder

	seen   map[string]bool
	miners []string              // in the order of their appearance
	kept   map[string]*Recording // of those that are wanted
	items  int                   // positions read
	orders int                   // kept
}

// whole reads the whole file.
func (w *walk) whole() error {
	t, err := w.token()
	switch {
	case err != nil:
		return err
	case t == json.Delim('['):
		err = w.list("")
	case t == json.Delim('{'):
		err = w.object("")
	default:
		return w.broken(fmt.Sprintf("%v", t))
	}
	if err != nil {
		return err
	}
	if _, err := w.d.Token(); err != io.EOF {
		return w.broken("more after its end")
	}
	return nil
}

// object reads the keys of an object: of a miner's, or, where the hotkey is not
// known, of the file's.
func (w *walk) object(hotkey string) error {
	for w.d.More() {
		key, err := w.token()
		if err != nil {
			return err
		}
		name, _ := key.(string)
		value, err := w.token()
		if err != nil {
			return err
		}
		switch {
		case name == "positions" && value == json.Delim('['):
			err = w.list(hotkey)
		case name == "positions" && value == json.Delim('{') && hotkey == "":
			err = w.byMiner()
		case hotkey == "" && isHotkey(name):
			err = w.miner(name, value)
		default:
			err = w.skip(value)
		}
		if err != nil {
			return err
		}
	}
	_, err := w.token()
	return err
}

// byMiner reads an object of hotkeys.
func (w *walk) byMiner() error {
	for w.d.More() {
		key, err := w.token()
		if err != nil {
			return err
		}
		value, err := w.token()
		if err != nil {
			return err
		}
		if err := w.miner(key.(string), value); err != nil {
			return err
		}
	}
	_, err := w.token()
	return err
}

// miner reads what stands under a hotkey, whose first token is at hand.
func (w *walk) miner(hotkey string, value json.Token) error {
	if err := w.meet(hotkey); err != nil {
		return err
	}
	switch {
	case !w.wants(hotkey):
		return w.skip(value)
	case value == json.Delim('['):
		return w.list(hotkey)
	case value == json.Delim('{'):
		return w.object(hotkey)
	}
	return w.broken(fmt.Sprintf("%v under the miner %s", value, hotkey))
}

// list reads positions up to the end of the list; without a hotkey each tells
// whose it is.
func (w *walk) list(hotkey string) error {
	for w.d.More() {
		var raw json.RawMessage
		if err := w.d.Decode(&raw); err != nil {
			return w.malformed(err)
		}
		w.in.item = 0
		if w.items++; w.items > maxPositions {
			return w.broken(fmt.Sprintf("more than %d positions", maxPositions))
		}
		s, err := parse(raw)
		if err != nil {
			return w.at(w.items, err)
		}
		of := hotkey
		if of == "" {
			of = s.Miner
		}
		if s.Miner != "" && s.Miner != of {
			return w.at(w.items, wrong("miner_hotkey", cut(s.Miner), "the miner under whose hotkey it stands, "+of))
		}
		if err := w.meet(of); err != nil {
			return err
		}
		if !w.wants(of) {
			continue
		}
		if err := w.keep(of, s); err != nil {
			return w.at(w.items, err)
		}
	}
	_, err := w.token()
	return err
}

// keep adds a position to its miner's.
func (w *walk) keep(hotkey string, s *stored) error {
	r := w.kept[hotkey]
	if r == nil {
		r = &Recording{File: w.file, Miner: hotkey}
		w.kept[hotkey] = r
	}
	if w.orders += len(s.Orders); w.orders > maxOrders {
		return wrong("orders", fmt.Sprintf("more than %d", maxOrders), "fewer")
	}
	return r.add(s)
}

// meet notes that there is a miner.
func (w *walk) meet(hotkey string) error {
	if w.seen[hotkey] {
		return nil
	}
	if len(w.miners) == maxMiners || len(hotkey) > maxNameLen {
		return w.broken(fmt.Sprintf("more than %d miners, or a hotkey of more than %d bytes", maxMiners, maxNameLen))
	}
	w.seen[hotkey] = true
	w.miners = append(w.miners, hotkey)
	return nil
}

// wants reports whether a miner's positions are kept: those of the first, where
// none is chosen.
func (w *walk) wants(hotkey string) bool {
	if w.want == "" {
		return w.every || hotkey == w.miners[0]
	}
	return strings.HasPrefix(hotkey, w.want)
}

// skip passes over the rest of a value, whose first token is at hand.
func (w *walk) skip(first json.Token) error {
	depth := 0
	for t := first; ; {
		switch t {
		case json.Delim('['), json.Delim('{'):
			depth++
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
		if depth == 0 {
			return nil
		}
		var err error
		if t, err = w.token(); err != nil {
			return err
		}
	}
}

func (w *walk) token() (json.Token, error) {
	t, err := w.d.Token()
	w.in.item = 0
	if err != nil {
		return nil, w.malformed(err)
	}
	return t, nil
}

// finish chooses the miner.
func (w *walk) finish() (*Recording, error) {
	e := &strategies.SignalError{File: w.file, Field: "miner"}
	var matches []string
	for _, hotkey := range w.miners {
		if strings.HasPrefix(hotkey, w.want) {
			matches = append(matches, hotkey)
		}
	}
	if slices.Contains(matches, w.want) && w.want != "" {
		matches = []string{w.want}
	}
	switch {
	case len(w.miners) == 0:
		return nil, w.none()
	case len(matches) == 0:
		e.Found, e.Expected = "the positions of "+listed(w.miners), "those of "+w.want+suggest.DidYouMean(w.want, w.miners)
		return nil, e
	case len(matches) > 1 && w.want == "":
		e.Found, e.Expected, e.Remedy = "the positions of "+listed(matches), "those of one miner", "select one with --miner and the beginning of its hotkey"
		return nil, e
	case len(matches) > 1:
		e.Found, e.Expected, e.Remedy = w.want+", with which begin "+listed(matches), "one of them", "write more of its hotkey"
		return nil, e
	}
	r := w.kept[matches[0]]
	if r == nil {
		return nil, &strategies.SignalError{File: w.file, Found: "no position of the miner " + matches[0], Expected: "at least one"}
	}
	if err := r.complete(); err != nil {
		return nil, err
	}
	return r, nil
}

// none is the error of a file without positions.
func (w *walk) none() error {
	return &strategies.SignalError{File: w.file, Found: "no position", Expected: "positions as a validator stores them: under the key positions, or under each miner's hotkey"}
}

// complete puts positions and orders in order, and names them.
func (r *Recording) complete() error {
	order := make([]int, len(r.Positions)) // the places of the sorted ones
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.Positions[a].OpenMS, r.Positions[b].OpenMS) })
	positions, place := make([]Position, len(order)), make([]int, len(order))
	known := make(map[string]bool, len(order))
	for i, from := range order {
		positions[i], place[from] = r.Positions[from], i
		uuid := positions[i].UUID
		if known[uuid] && uuid != "" {
			return &strategies.SignalError{File: r.File, Field: "position_uuid", Found: cut(uuid) + " twice", Expected: "each position once"}
		}
		known[uuid] = true
	}
	r.Positions = positions
	for i := range r.Orders {
		r.Orders[i].Position = place[r.Orders[i].Position]
	}
	slices.SortStableFunc(r.Orders, func(a, b Order) int { return cmp.Compare(a.Position, b.Position) })
	r.arrange()
	r.nameOrders()
	return nil
}

// at completes an error of the n-th position of the file.
func (w *walk) at(n int, err error) error {
	if e, ok := errors.AsType[*strategies.SignalError](err); ok {
		e.File, e.Row, e.Item = w.file, n, "position"
	}
	return err
}

func (w *walk) malformed(err error) error {
	switch {
	case errors.Is(err, errLong):
		return w.broken(fmt.Sprintf("a position or a text of more than %d MiB, or more than %d GiB in all,", maxItemBytes>>20, maxFileBytes>>30))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return w.broken("a file that breaks off")
	}
	return w.broken("malformed JSON: " + err.Error())
}

// broken is an error at the byte at hand, of the unpacked text.
func (w *walk) broken(found string) error {
	return &strategies.SignalError{File: w.file, Found: fmt.Sprintf("%s at byte %d", found, w.d.InputOffset()), Expected: "positions as a validator stores them, in JSON"}
}

// isHotkey reports whether a key has the form of a hotkey: an address of the
// network, 48 letters and digits of base 58 that begin with 5.
func isHotkey(key string) bool {
	return len(key) >= 47 && len(key) <= 49 && key[0] == '5' &&
		strings.Trim(key, "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz") == ""
}

// listed names the first of many.
func listed(names []string) string {
	const shown = 10
	list := make([]string, 0, shown)
	for _, name := range names[:min(shown, len(names))] {
		if name == "" {
			name = "a miner without a hotkey"
		}
		list = append(list, name)
	}
	joined := strings.Join(list, ", ")
	if more := len(names) - shown; more > 0 {
		joined += fmt.Sprintf(" and %d more", more)
	}
	return joined
}
