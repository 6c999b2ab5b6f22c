package roster

import (
	"slices"

	"github.com/ptnsim/ptnsim/strategies"
	"github.com/ptnsim/ptnsim/strategies/recording"
)

// archive is where recordings are read from.
type archive interface {
	// positions are those of one miner, or, for "", of each that the file has.
	positions(path, miner string) ([]*recording.Recording, error)
	// signals are those of one miner, or, for "", of all, and the SHA-256 of the file.
	signals(path, miner string) ([]strategies.Signal, string, error)
}

// diskArchive reads files.
type diskArchive struct{}

func (diskArchive) positions(path, miner string) ([]*recording.Recording, error) {
	if miner == "" {
		return recording.ReadAll(path)
	}
	rec, err := recording.Read(path, miner)
	return []*recording.Recording{rec}, err
}

func (diskArchive) signals(path, miner string) ([]strategies.Signal, string, error) {
	return strategies.ReadSignals(path, strategies.SignalOptions{Miner: miner, EveryMiner: miner == ""})
}

// byMiner splits signals, each miner's in their order, the miners in the order of
// their appearance.
func byMiner(all []strategies.Signal) (miners []string, split [][]strategies.Signal) {
	at := make(map[string]int)
	for _, s := range all {
		i, known := at[s.Miner]
		if !known {
			i = len(miners)
			at[s.Miner] = i
			miners, split = append(miners, s.Miner), append(split, nil)
		}
		split[i] = append(split[i], s)
	}
	return miners, split
}

// Lengths of the names of a file's miners.
const (
	tagLeast = 5  // of hotkeys, the least
	tagWhole = 16 // of other names, up to which they stay whole
)

// tags names the miners of one file: by their names, of longer ones by the shortest
// beginning that no other one has.
func tags(miners []string) []string {
	sorted := slices.Sorted(slices.Values(miners))
	list := make([]string, 0, len(miners))
	for _, name := range miners {
		length := len(name)
		if length > tagWhole {
			i, _ := slices.BinarySearch(sorted, name)
			length = tagLeast
			for _, next := range []int{i - 1, i + 1} {
				if 0 <= next && next < len(sorted) {
					length = max(length, common(name, sorted[next])+1)
				}
			}
		}
		tag := safe(name[:min(length, len(name))])
		if tag == "" {
			tag = "unnamed"
		}
		list = append(list, tag)
	}
	return list
}

// common is how many bytes two texts begin with alike.
func common(a, b string) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
