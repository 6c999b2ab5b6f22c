package scoring

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Read reads what can be scored, and tells the forms apart by their first character:
// JSON, a population or a ledger as ReadPopulation reads them, begins with a brace;
// else it is daily returns, see ReadDaily, evaluated at the date of the last day. Gzip
// is unpacked. A miner that is alone gets the id.
//
// A result.json of ptnsim says by its digest whether it is as it was written: vouch,
// where it is not nil, is asked about one before it is taken.
func Read(r io.Reader, id string, vouch func(result []byte) error) (Population, error) {
	reader := bufio.NewReader(r)
	if head, _ := reader.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(reader)
		if err != nil {
			return Population{}, err
		}
		reader = bufio.NewReader(z)
	}
	if first, err := firstByte(reader); err == nil && first == '{' {
		return readJSON(reader, id, vouch)
	}
	ledger, err := ReadDaily(reader)
	if err != nil {
		return Population{}, err
	}
	return Population{
		EvaluationMS: ledger.Daily[len(ledger.Daily)-1].DateMS,
		Miners:       []Miner{{ID: id, Ledger: ledger}},
	}, nil
}

// readJSON reads a ledger or a population.
func readJSON(reader *bufio.Reader, id string, vouch func(result []byte) error) (Population, error) {
	if head, _ := reader.Peek(64); vouch == nil || !bytes.Contains(head, []byte(`"schema":"ptnsim-result-`)) {
		return ReadPopulation(reader, id)
	}
	text, err := io.ReadAll(io.LimitReader(reader, fileBytesMax))
	if err != nil {
		return Population{}, err
	}
	if err := vouch(text); err != nil {
		return Population{}, err
	}
	return ReadPopulation(bytes.NewReader(text), id)
}

// firstByte looks at the first byte that is no white space, and leaves it there.
func firstByte(r *bufio.Reader) (byte, error) {
	for {
		b, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		if !strings.ContainsRune(" \t\r\n", rune(b)) {
			return b, r.UnreadByte()
		}
	}
}

// OpenFile opens a file that Read reads.
func OpenFile(path string) (*os.File, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: found no such file; expected daily returns (CSV), or a ledger or population (JSON)", path)
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%s: found a folder; expected a file, such as the result.json of a result folder", path)
	}
	return os.Open(path)
}

// FileID is the id of the miner that is alone in a file: its name up to the first dot.
func FileID(path string) string {
	id, _, _ := strings.Cut(filepath.Base(path), ".")
	return id
}
