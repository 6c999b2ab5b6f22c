package reports

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrDiff is wrapped by every error about two results that can't be compared.
var ErrDiff = errors.New("no results to compare")

// DiffResult is a result that was read to be compared: a run or a tournament.
type DiffResult struct {
	Path   string          // as it was given
	Run    *Document       // nil of a tournament
	Subnet *SubnetDocument // nil of a run
}

// DiffFiles compares two results, each the path of a result folder or of its
// result.json or subnet.json. Two kinds, and any other file, are refused.
func DiffFiles(a, b string, tolerance DiffTolerance) (*Difference, error) {
	before, err := ReadForDiff(a)
	if err != nil {
		return nil, err
	}
	after, err := ReadForDiff(b)
	if err != nil {
		return nil, err
	}
	return DiffResults(before, after, tolerance)
}

// DiffResults compares two results of one kind.
func DiffResults(a, b *DiffResult, tolerance DiffTolerance) (*Difference, error) {
	var d *Difference
	switch {
	case a.Run != nil && b.Run != nil:
		d = Diff(a.Run, b.Run, tolerance)
	case a.Subnet != nil && b.Subnet != nil:
		d = DiffTournaments(a.Subnet, b.Subnet, tolerance)
	default:
		return nil, fmt.Errorf("%w: found %s in %s and %s in %s; expected two results of one kind", ErrDiff, a.kind(), a.Path, b.kind(), b.Path)
	}
	d.A.Name, d.B.Name = a.Path, b.Path
	return d, nil
}

func (r *DiffResult) kind() string {
	if r.Run != nil {
		return "a run"
	}
	return "a tournament"
}

// expectedResult says what can be compared.
const expectedResult = "expected a folder that `ptnsim run --out` or `ptnsim subnet --out` wrote, or its result.json or subnet.json"

// ReadForDiff reads a result folder, or a result.json or subnet.json. One that was
// edited or is damaged is refused: its digest tells.
func ReadForDiff(path string) (*DiffResult, error) {
	file, err := resultFile(path)
	if err != nil {
		return nil, err
	}
	schema, err := schemaOf(file)
	if err != nil {
		return nil, err
	}
	r := &DiffResult{Path: path}
	switch {
	case strings.HasPrefix(schema, "ptnsim-subnet-"):
		r.Subnet, err = ReadSubnetDocument(file)
	case strings.HasPrefix(schema, "ptnsim-compare-"):
		err = aComparison(file)
	default: // the reader of runs says what else it is
		r.Run, err = ReadDocument(file)
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

func aComparison(path string) error {
	return fmt.Errorf("%w: found a comparison of rule sets in %s; %s: a comparison's own differences are in its compare.json", ErrDiff, path, expectedResult)
}

// resultFile finds the file of a folder that has everything.
func resultFile(path string) (string, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%w: found nothing at %s (%w); %s", ErrDiff, path, err, expectedResult)
	}
	if err != nil || !info.IsDir() {
		return path, err
	}
	for _, name := range []string{ResultFile, SubnetFile, CompareFile} {
		file := filepath.Join(path, name)
		switch _, err := os.Stat(file); {
		case err == nil:
			return file, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", err
		}
	}
	return "", fmt.Errorf("%w: found neither %s nor %s in %s; %s", ErrDiff, ResultFile, SubnetFile, path, expectedResult)
}

// schemaOf reads the schema that a document of ours begins with; "" of any other file.
func schemaOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	head := make([]byte, 256)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return leadingSchema(head[:n]), nil
}

// leadingSchema is the value of schema, if that is an object's first key.
func leadingSchema(head []byte) string {
	rest := strings.TrimLeft(string(head), " \t\r\n")
	for _, token := range []string{"{", `"schema"`, ":", `"`} {
		var ok bool
		if rest, ok = strings.CutPrefix(strings.TrimLeft(rest, " \t\r\n"), token); !ok {
			return ""
		}
	}
	schema, _, ok := strings.Cut(rest, `"`)
	if !ok {
		return ""
	}
	return schema
}
