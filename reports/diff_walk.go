package reports

import (
	"cmp"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/sim/scoring"
)

// walker finds in which fields two values of a document differ. It goes by the fields
// that JSON writes, so that a document's new field is compared without further ado.
type walker struct {
	tolerance DiffTolerance
	plans     map[reflect.Type][]walkedField
	names     []string // down to where it is
	uncounted int      // above 0: inside what no digest covers

	found, aside []DiffField
	same, within int
}

// walkedField is a field of a struct.
type walkedField struct {
	index     int
	name      string
	uncounted bool
}

func (w *walker) plan(t reflect.Type) []walkedField {
	if fields, ok := w.plans[t]; ok {
		return fields
	}
	var fields []walkedField
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
			fields = append(fields, walkedField{i, name, uncounted(t, name)})
		}
	}
	if w.plans == nil {
		w.plans = make(map[reflect.Type][]walkedField)
	}
	w.plans[t] = fields
	return fields
}

// uncounted reports whether a digest leaves a field out: what is said for people, and
// where candles lie. See Digest, SubnetDigest.
func uncounted(t reflect.Type, name string) bool {
	switch t {
	case reflect.TypeFor[Document](), reflect.TypeFor[SubnetDocument]():
		return name == "ptnsim" || name == "warnings" || name == "causality" || name == "source_sha256"
	case reflect.TypeFor[DocumentOrder](), reflect.TypeFor[SubnetMiner]():
		return name == "warnings"
	case reflect.TypeFor[DocumentChallenge](), reflect.TypeFor[SubnetChallenge](), reflect.TypeFor[documentRankedChallenge]():
		return name == "reason"
	case reflect.TypeFor[DatasetFile]():
		return name != "pair" && name != "interval" && name != "content"
	}
	return false
}

// take returns what was found since the last take.
func (w *walker) take() (found, aside []DiffField) {
	found, aside = w.found, w.aside
	w.found, w.aside = nil, nil
	return found, aside
}

// under compares two values by a name.
func (w *walker) under(name string, a, b reflect.Value) {
	w.names = append(w.names, name)
	w.value(a, b)
	w.names = w.names[:len(w.names)-1]
}

// value compares two values of one type. Either may be the zero Value: it is null.
func (w *walker) value(a, b reflect.Value) {
	t := typeOfEither(a, b)
	switch t.Kind() {
	case reflect.Float64:
		w.number(floatOf(a), floatOf(b))
	case reflect.Pointer:
		a, b = pointed(a), pointed(b)
		if !a.IsValid() && !b.IsValid() {
			w.equal()
			return
		}
		w.value(a, b)
	case reflect.Struct:
		if t == reflect.TypeFor[scoring.Value]() {
			w.number(valueOf(a), valueOf(b))
			return
		}
		w.record(t, a, b)
	case reflect.Slice:
		w.list(t, a, b)
	default:
		if a.IsValid() && b.IsValid() && a.Equal(b) {
			w.equal()
			return
		}
		w.leaf(a, b)
	}
}

func (w *walker) record(t reflect.Type, a, b reflect.Value) {
	for _, f := range w.plan(t) {
		apart := f.uncounted || t == reflect.TypeFor[DocumentAgainst]() && f.name == "sha256" && ofTournaments(a, b)
		if apart {
			w.uncounted++
		}
		w.under(f.name, fieldOf(a, f.index), fieldOf(b, f.index))
		if apart {
			w.uncounted--
		}
	}
}

// ofTournaments reports whether both sides played in a tournament: then the text of the
// subnet's file doesn't count.
func ofTournaments(a, b reflect.Value) bool {
	return a.IsValid() && b.IsValid() &&
		a.Addr().Interface().(*DocumentAgainst).Career != nil && b.Addr().Interface().(*DocumentAgainst).Career != nil
}

// number compares two measured numbers.
func (w *walker) number(a, b scoring.Value) {
	x, known := a.Get()
	y, both := b.Get()
	switch {
	case known == both && x == y:
		w.equal()
	case known && both && w.tolerance.takes(x, y):
		if w.uncounted == 0 {
			w.within++
		}
		w.equal()
	default:
		w.add(numberField(w.path(), a, b))
	}
}

// exactWhole bounds the whole numbers whose distance a float64 has exactly. A seed may
// be beyond.
const exactWhole = 1 << 53

// leaf adds two values that differ; whole numbers have a distance too.
func (w *walker) leaf(a, b reflect.Value) {
	f := DiffField{Name: w.path(), A: jsonText(a), B: jsonText(b)}
	if x, y := wholeOf(a), wholeOf(b); max(math.Abs(x), math.Abs(y)) < exactWhole { // NaN is not
		of := numberField(f.Name, scoring.Known(x), scoring.Known(y))
		f.Distance, f.Part = of.Distance, of.Part
	}
	w.add(f)
}

func (w *walker) add(f DiffField) {
	if f.A == f.B {
		w.equal()
		return
	}
	if w.uncounted > 0 {
		w.aside = append(w.aside, f)
		return
	}
	w.found = append(w.found, f)
}

func (w *walker) equal() {
	if w.uncounted == 0 {
		w.same++
	}
}

// path is the name of where the walker is.
func (w *walker) path() string { return strings.Join(w.names, ".") }

// list compares lists whose elements are known by a key, and others as a whole.
func (w *walker) list(t reflect.Type, a, b reflect.Value) {
	switch {
	case t == reflect.TypeFor[Params]():
		w.params(paramsOf(a), paramsOf(b))
	case t.Elem().Kind() == reflect.Struct:
		w.keyedList(a, b)
	case a.IsValid() && b.IsValid() && sameTexts(a, b):
		w.equal()
	default:
		w.add(DiffField{Name: w.path(), A: jsonText(a), B: jsonText(b)})
	}
}

// sameTexts compares two lists of texts.
func sameTexts(a, b reflect.Value) bool {
	if a.Len() != b.Len() {
		return false
	}
	for i := range a.Len() {
		if a.Index(i).String() != b.Index(i).String() {
			return false
		}
	}
	return true
}

// keyedList compares the elements that belong together.
func (w *walker) keyedList(a, b reflect.Value) {
	keysA, keysB := innerKeys(a), innerKeys(b)
	quiet := walker{tolerance: w.tolerance, plans: w.plans}
	pairs := align(keysA, keysB, func(i, j int) bool {
		quiet.value(a.Index(i), b.Index(j))
		found, _ := quiet.take()
		return len(found) == 0
	})
	if len(pairs) == 0 {
		w.equal()
	}
	byKey(pairs, keysA, keysB)
	last := len(w.names) - 1
	list := w.names[last]
	for _, p := range pairs {
		switch {
		case p.b < 0:
			w.names[last] = list + "[" + numbered(keysA[p.a], p.nth) + "]"
			w.add(DiffField{Name: w.path(), A: jsonText(a.Index(p.a)), B: "null"})
		case p.a < 0:
			w.names[last] = list + "[" + numbered(keysB[p.b], p.nth) + "]"
			w.add(DiffField{Name: w.path(), A: "null", B: jsonText(b.Index(p.b))})
		default:
			w.names[last] = list + "[" + numbered(keysA[p.a], p.nth) + "]"
			w.value(a.Index(p.a), b.Index(p.b))
		}
	}
	w.names[last] = list
	if i, j, found := outOfOrder(pairs, len(keysA), len(keysB)); found && sequenceMatters(typeOfEither(a, b)) {
		w.add(DiffField{Name: w.path() + ".sequence", A: stringText(keysA[i]), B: stringText(keysB[j])})
	}
}

// byKey sorts pairs by their keys, whichever side has them.
func byKey(pairs []pairing, a, b []string) {
	key := func(p pairing) string {
		if p.a >= 0 {
			return a[p.a]
		}
		return b[p.b]
	}
	slices.SortStableFunc(pairs, func(p, q pairing) int { return cmp.Compare(key(p), key(q)) })
}

// sequenceMatters reports whether a list's order says more than its elements do:
// counts are sorted by what they count.
func sequenceMatters(t reflect.Type) bool {
	return t.Elem() != reflect.TypeFor[ReasonCount]() && t.Elem() != reflect.TypeFor[EliminationCount]()
}

// innerKeys is what the elements of a list inside a record are known by.
func innerKeys(list reflect.Value) []string {
	if !list.IsValid() {
		return nil
	}
	keys := make([]string, list.Len())
	for i := range keys {
		switch e := list.Index(i).Addr().Interface().(type) {
		case *DocumentFill:
			keys[i] = instant(e.TimeMS)
		case *ReasonCount:
			keys[i] = string(e.Reason)
		case *EliminationCount:
			keys[i] = string(e.Reason)
		case *AgainstDraw:
			keys[i] = strconv.FormatUint(e.Seed, 10)
		case *diffPlace:
			keys[i] = e.Miner
		default:
			panic("reports: no key for the elements of " + list.Type().String())
		}
	}
	return keys
}

// numbered tells the later ones of one key apart.
func numbered(key string, nth int) string {
	if nth == 1 {
		return key
	}
	return key + " #" + strconv.Itoa(nth)
}

// params compares a strategy's parameters by their names.
func (w *walker) params(a, b Params) {
	keys := func(params Params) []string {
		names := make([]string, len(params))
		for i, p := range params {
			names[i] = p.Name
		}
		return names
	}
	keysA, keysB := keys(a), keys(b)
	pairs := align(keysA, keysB, func(i, j int) bool { return a[i].Value == b[j].Value })
	byKey(pairs, keysA, keysB)
	for _, p := range pairs {
		of := DiffField{A: "null", B: "null"}
		if p.a >= 0 {
			of.Name, of.A = a[p.a].Name, stringText(a[p.a].Value)
		}
		if p.b >= 0 {
			of.Name, of.B = b[p.b].Name, stringText(b[p.b].Value)
		}
		of.Name = w.path() + "." + of.Name
		w.add(of)
	}
	if i, j, found := outOfOrder(pairs, len(a), len(b)); found {
		w.add(DiffField{Name: w.path() + ".sequence", A: stringText(keysA[i]), B: stringText(keysB[j])})
	}
}

func paramsOf(v reflect.Value) Params {
	if !v.IsValid() {
		return nil
	}
	return v.Interface().(Params)
}

func typeOfEither(a, b reflect.Value) reflect.Type {
	if a.IsValid() {
		return a.Type()
	}
	return b.Type()
}

func pointed(v reflect.Value) reflect.Value {
	if !v.IsValid() {
		return v
	}
	return v.Elem()
}

func fieldOf(v reflect.Value, i int) reflect.Value {
	if !v.IsValid() {
		return v
	}
	return v.Field(i)
}

func floatOf(v reflect.Value) scoring.Value {
	if !v.IsValid() {
		return scoring.Value{}
	}
	return scoring.Known(v.Float())
}

func valueOf(v reflect.Value) scoring.Value {
	if !v.IsValid() {
		return scoring.Value{}
	}
	return *v.Addr().Interface().(*scoring.Value)
}

// wholeOf is a whole number, NaN of anything else.
func wholeOf(v reflect.Value) float64 {
	switch {
	case !v.IsValid():
	case v.CanInt():
		return float64(v.Int())
	case v.CanUint():
		return float64(v.Uint())
	}
	return math.NaN()
}

// jsonText is a value as the document's JSON has it.
func jsonText(v reflect.Value) string {
	var e encoder
	e.value(v)
	return string(e.out)
}
