package sim

import "math"

// NextMultiple is the first multiple of step at or after ms: the instants of a
// grid since the epoch. Without a step every instant is on it; where no multiple
// is that late it is [math.MaxInt64], which never comes.
func NextMultiple(ms, step int64) int64 {
	if step <= 0 {
		return ms
	}
	past := ms % step
	switch {
	case past <= 0:
		return ms - past
	case ms > math.MaxInt64-(step-past):
		return math.MaxInt64
	}
	return ms - past + step
}
