package vendors

import (
	"io"
	"os"
	"path/filepath"

	"github.com/ptnsim/ptnsim/datasets/text"
)

// Input is one file's worth of rows: a file, or a member of a zip archive.
type Input struct {
	Path   string // on disk
	Member string // the name within a zip archive; "" = the file itself
}

// Name is the input's own name without its folder: "BTCUSDT-1m-2025-01.csv",
// "archive.zip/member.csv".
func (in Input) Name() string {
	if in.Member == "" {
		return filepath.Base(in.Path)
	}
	return filepath.Base(in.Path) + "/" + in.Member
}

// String is the path, and the member behind it.
func (in Input) String() string {
	if in.Member == "" {
		return in.Path
	}
	return in.Path + "/" + in.Member
}

// Open opens the input's bytes, through zip, gzip and zstd.
func (in Input) Open() (io.ReadCloser, error) {
	f, err := os.Open(in.Path)
	if err != nil {
		return nil, err
	}
	r, err := text.Unpack(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{r, f}, nil
}
