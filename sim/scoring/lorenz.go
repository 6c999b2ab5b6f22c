package scoring

import "slices"

// LorenzPoint is a point of the curve that shows how weights are shared out: this
// fraction of the miners, the worst ones, has together this fraction of all weight.
type LorenzPoint struct {
	Miners float64 `json:"miners"` // fraction, worst first
	Weight float64 `json:"weight"` // fraction
}

// Lorenz returns the curve from (0, 0) to (1, 1), a point more than there are
// weights. On the diagonal all have alike; the more it sags, the more goes to few.
// There is none, nil, where nobody has weight. Weights are not negative.
func Lorenz(weights []float64) []LorenzPoint {
	ascending := slices.Sorted(slices.Values(weights))
	total := 0.0
	for _, w := range ascending {
		total += w
	}
	if !(total > 0) {
		return nil
	}
	curve := make([]LorenzPoint, 1, len(ascending)+1)
	sum := 0.0
	for i, w := range ascending {
		sum += w
		curve = append(curve, LorenzPoint{Miners: float64(i+1) / float64(len(ascending)), Weight: sum / total})
	}
	return curve
}

// Gini is how unequally weights are shared out: twice the area between the
// diagonal and the straight pieces of the [Lorenz] curve. 0: all have alike; with
// one who has everything among n it is 1 − 1/n. It does not exist where nobody has
// weight. Weights are not negative.
func Gini(weights []float64) Value {
	ascending := slices.Sorted(slices.Values(weights))
	n := len(ascending)
	// Half of the mean distance of any two, over the mean. Summed in pairs from both
	// ends, so that what is alike leaves nothing.
	distances, total := 0.0, 0.0
	for i, w := range ascending {
		total += w
		if j := n - 1 - i; i < j {
			distances += float64(float64(j-i) * (ascending[j] - w))
		}
	}
	return Known(distances / float64(float64(n)*total))
}
