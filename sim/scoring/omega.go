package scoring

import (
	"math"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// omega is the gains over the losses. With recency weights both are weighted
// means in effect: each side is multiplied by the weight of the other, so that
// neither wins by being the younger. Rules §10.
func (s *sample) omega(o rules.Omega) float64 {
	gains, losses := 0.0, 0.0
	gainWeights, lossWeights := 0.0, 0.0
	for i, r := range s.returns {
		w := s.weight(i)
		if r > 0 {
			gains += float64(w * r)
			gainWeights += w
		} else {
			losses += float64(w * r)
			lossWeights += w
		}
	}
	losses = math.Abs(losses)
	if s.weights == nil {
		return gains / max(losses, o.LossMin)
	}
	gainWeights = max(gainWeights, o.WeightMin)
	lossWeights = max(lossWeights, o.WeightMin)
	return gains * lossWeights / max(losses*gainWeights, o.LossMin)
}
