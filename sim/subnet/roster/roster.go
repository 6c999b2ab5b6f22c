package roster

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"

	"github.com/ptnsim/ptnsim/strategies"
)

// Roster is a subnet file, read: the miners, and how the subnet is to be played.
type Roster struct {
	Name        string
	Description string
	SHA256      string // of the file's bytes, in hexadecimal
	Seed        uint64

	WeightsEveryMS, ChecksEveryMS   int64   // 0: not said
	EmissionPerDay, RegistrationFee float64 // in any unit, the same for both; 0: not said
	Slots                           int     // 0: as the rules say

	groups []group // as the file has them
}

// Options are what a file's miners need from outside. The zero value knows the
// built-in strategies alone.
type Options struct {
	Find strategies.Finder // by what the file writes for a strategy; nil: the built-in ones
	Dir  string            // what relative paths of the file are relative to; "": its own folder
	Seed *uint64           // in place of the file's; nil: the file's
}

// Read reads a subnet file, and every file that it names. What is wrong in it is a
// *strictyaml.SyntaxError with its line.
func Read(path string, o Options) (*Roster, error) {
	text, err := readBounded(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, text, o)
}

// readBounded reads a file that is no longer than a subnet file may be, and a byte.
func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, bytesMax+1))
}

// Parse reads the text of a subnet file; errors name it as the file. See Read.
func Parse(file string, text []byte, o Options) (*Roster, error) {
	return parse(file, text, o, diskArchive{})
}

// parse is Parse with recordings from an archive.
func parse(file string, text []byte, o Options, from archive) (*Roster, error) {
	f, err := parseFile(file, text)
	if err != nil {
		return nil, err
	}
	if o.Seed != nil {
		f.roster.Seed = *o.Seed
	}
	if o.Dir == "" {
		o.Dir = filepath.Dir(file)
	}
	if f.roster.groups, err = newCaster(f.roster.Seed, o, from).cast(f.groups); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	f.roster.SHA256 = hex.EncodeToString(sum[:])
	return &f.roster, nil
}
