package portable

import "math"

// NormalPair returns two independent standard normal deviates from two
// independent uniform ones, by the method of Box and Muller: u in (0, 1], v in
// [0, 1).
func NormalPair(u, v float64) (float64, float64) {
	radius := math.Sqrt(-2 * Log(u))
	angle := float64(2 * math.Pi * v)
	return float64(radius * Cos(angle)), float64(radius * Sin(angle))
}
