package scoring

// Population is miners at one instant.
type Population struct {
	EvaluationMS int64   // UTC ms
	Miners       []Miner // any order; the ids differ
}

// Miner is one of a population.
type Miner struct {
	ID               string
	State            State // "" is StateMain
	ChallengeStartMS int64 // UTC ms; of a challenger, which must have one
	Ledger           Ledger
}

// State is a miner's part in the subnet.
type State string

// The states. Rules §9, §13, §14.
const (
	StateMain         State = "main"
	StateChallenge    State = "challenge"
	StateEliminated   State = "eliminated"
	StateDeregistered State = "deregistered"
)
