package vendors

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
)

// Input is one file's worth of rows: a file, or a member of a zip archive.
// Nothing is ever extracted: a member's name is only a name.
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
	return filepath.Base(in.Path) + "/" + printable(in.Member)
}

// String is the path, and the member behind it.
func (in Input) String() string {
	if in.Member == "" {
		return in.Path
	}
	return in.Path + "/" + printable(in.Member)
}

// stem is the innermost name without folder and endings: "BTCUSDT-1m-2025-01" of
// "BTCUSDT-1m-2025-01.csv.gz".
func (in Input) stem() string {
	name := filepath.Base(in.Path)
	if in.Member != "" {
		name = path.Base(strings.ReplaceAll(in.Member, `\`, "/"))
	}
	for _, end := range []string{".gz", ".zst", ".zip", ".csv", ".txt", ".tsv", ".prn"} {
		if len(name) > len(end) && strings.EqualFold(name[len(name)-len(end):], end) {
			name = name[:len(name)-len(end)]
		}
	}
	return name
}

// printable is a foreign name as messages may show it.
func printable(name string) string {
	for _, r := range name {
		if !strconv.IsPrint(r) {
			return strconv.Quote(name)
		}
	}
	return name
}

// Open opens the input's text, through zip, gzip and zstd, as a stream in bounded
// memory. An input that is packed and breaks off ends in an error that is not
// io.EOF.
func (in Input) Open() (io.ReadCloser, error) {
	raw, err := in.Raw()
	if err != nil {
		return nil, err
	}
	r, err := text.Unpack(raw)
	if err != nil {
		raw.Close()
		return nil, in.damaged(err)
	}
	return struct {
		io.Reader
		io.Closer
	}{r, raw}, nil
}

// Raw opens the input's bytes as they lie on disk or, for a member, in the
// archive: what its hash is taken of.
func (in Input) Raw() (io.ReadCloser, error) {
	if in.Member != "" {
		return in.openMember()
	}
	f, err := os.Open(in.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, in.missing()
	}
	return f, err
}

// Size is the number of bytes that Raw gives.
func (in Input) Size() (int64, error) {
	if in.Member == "" {
		info, err := os.Stat(in.Path)
		if err != nil {
			return 0, err
		}
		return info.Size(), nil
	}
	z, m, err := in.member()
	if err != nil {
		return 0, err
	}
	defer z.Close()
	return int64(m.UncompressedSize64), nil
}

// ReadAll reads the whole text of an input that must be held at once. One of more
// than limit bytes is refused.
func (in Input) ReadAll(limit int64) ([]byte, error) {
	r, err := in.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var b bytes.Buffer
	n, err := io.Copy(&b, io.LimitReader(r, limit+1))
	if err != nil {
		return nil, in.damaged(err)
	}
	if n > limit {
		return nil, &datasets.Refusal{File: in.String(), Problem: datasets.ErrType,
			Found: fmt.Sprintf("more than %d MiB, unpacked", limit>>20), Expected: "no more in a format that is read whole",
			Remedy: "split the file"}
	}
	return b.Bytes(), nil
}

// member finds the input's member; its archive must be closed.
func (in Input) member() (z *zip.ReadCloser, m *zip.File, err error) {
	z, err = openZip(in.Path)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range z.File {
		if m.Name == in.Member {
			return z, m, nil
		}
	}
	z.Close()
	return nil, nil, in.missing()
}

// openMember opens a member, whose closing closes the archive.
func (in Input) openMember() (io.ReadCloser, error) {
	z, m, err := in.member()
	if err != nil {
		return nil, err
	}
	if m.Flags&encryptedFlag != 0 {
		z.Close()
		return nil, &datasets.Refusal{File: in.String(), Problem: datasets.ErrType, Found: "an encrypted member of a zip archive",
			Expected: "plain data", Remedy: "decrypt the archive first"}
	}
	r, err := m.Open()
	if err != nil {
		z.Close()
		return nil, in.damaged(err)
	}
	return struct {
		io.Reader
		io.Closer
	}{bufio.NewReaderSize(r, 1<<16), closers{r, z}}, nil
}

// encryptedFlag is the bit of a zip member's flags that says it is encrypted.
const encryptedFlag = 1

// methodZstd is zstd's number among zip's methods.
const methodZstd = 93

// openZip opens an archive whose members may also be packed with zstd.
func openZip(path string) (*zip.ReadCloser, error) {
	z, err := zip.OpenReader(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, Input{Path: path}.missing()
	case errors.Is(err, zip.ErrInsecurePath): // names are only names here
	case err != nil:
		return nil, Input{Path: path}.damaged(err)
	}
	z.RegisterDecompressor(methodZstd, zstd.ZipDecompressor(zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20)))
	return z, nil
}

// closers closes all in turn.
type closers []io.Closer

// Close implements io.Closer.
func (c closers) Close() error {
	var all error
	for _, one := range c {
		all = errors.Join(all, one.Close())
	}
	return all
}

func (in Input) missing() error {
	return &datasets.Refusal{File: in.String(), Problem: datasets.ErrMissing, Found: "no such file", Expected: "a file of candles, trades or quotes",
		Remedy: "check the path"}
}

// orDamaged adds to the refusal of a malformed row of a packed input that its
// archive may be damaged: check sums come behind the rows.
func (in Input) orDamaged(err error) error {
	r, ok := asRefusal(err)
	if !ok || !errors.Is(r.Problem, datasets.ErrSyntax) || !in.packed() {
		return err
	}
	r.Remedy += "; or the archive is damaged: fetch it again"
	return r
}

// packed reports whether an input lies in an archive or is compressed, by its name.
func (in Input) packed() bool {
	name := strings.ToLower(in.Path)
	return in.Member != "" || strings.HasSuffix(name, ".gz") || strings.HasSuffix(name, ".zst")
}

// damaged is the refusal of an input whose bytes can't be had to the end; errors
// of its lines' own pass as they are.
func (in Input) damaged(cause error) error {
	if _, ok := errors.AsType[*datasets.Refusal](cause); ok {
		return cause
	}
	found := fmt.Sprintf("a damaged file (%v)", cause)
	if errors.Is(cause, io.ErrUnexpectedEOF) {
		found = "a file that breaks off before its end"
	}
	return &datasets.Refusal{File: in.String(), Problem: datasets.ErrCorrupt, Found: found, Expected: "a whole file",
		Remedy: "fetch it again"}
}
