package portable

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"math"
	"math/big"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "rewrite log_table.go")

// The table's every number follows from its definition, computed here in high
// precision; -update writes the file.
func TestLogTableIsWhatItsDefinitionSays(t *testing.T) {
	var b bytes.Buffer
	fmt.Fprint(&b, "package portable\n\n")
	fmt.Fprintln(&b, "// logTable has a row for every value of the first seven bits of a significand.")
	fmt.Fprintln(&b, "// Written by go test -run LogTable -update, and checked by that test.")
	fmt.Fprintln(&b, "var logTable = [128]logRow{")
	for i := range 128 {
		row := defineLogRow(i)
		if !*update && logTable[i] != row {
			t.Errorf("row %d is %x, by its definition %x", i, logTable[i], row)
		}
		fmt.Fprintf(&b, "{%x, %x, %x},\n", row.c, row.c1, row.c2)
	}
	fmt.Fprintln(&b, "}")
	if !*update {
		return
	}
	source, err := format.Source(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("log_table.go", source, 0o644); err != nil {
		t.Fatal(err)
	}
}

func defineLogRow(i int) logRow {
	centre := 1 + (float64(i)+0.5)/128
	c := math.Round(512/centre) / 512
	switch i {
	case 0:
		c = 1
	case 127:
		c = 0.5
	}
	argument := bigOf(c)
	if i >= logTableHalf {
		argument.Mul(argument, bigOf(2))
	}
	l := bigLog(argument)
	l.Neg(l)
	c1, _ := l.Float64()
	c2, _ := new(big.Float).Sub(l, bigOf(c1)).Float64()
	return logRow{c, c1 + 0, c2 + 0} // + 0 makes -0 a 0
}
