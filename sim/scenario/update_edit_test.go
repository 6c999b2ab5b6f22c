package scenario

import "testing"

func TestEditsApplyInTheOrderOfTheText(t *testing.T) {
	var e edits
	e.replace(span{4, 7}, "")
	e.insert(4, "<")
	e.insert(4, ">")
	e.replace(span{0, 1}, "AA")
	e.insert(9, "!")
	got, err := e.apply("abcdefghi")
	if want := "AAbcd<>hi!"; got != want || err != nil {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestEditsRefuseWhatIsChangedTwice(t *testing.T) {
	for name, c := range map[string]edits{
		"Overlap": {{span{0, 3}, "x"}, {span{2, 4}, "y"}},
		"Within":  {{span{0, 4}, "x"}, {span{2, 2}, "y"}},
		"Same":    {{span{1, 2}, "x"}, {span{1, 2}, "y"}},
		"Beyond":  {{span{4, 6}, ""}},
		"Wrong":   {{span{3, 2}, ""}},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := c.apply("abcde"); err == nil {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestEditsOfLines(t *testing.T) {
	for name, c := range map[string]struct{ text, deleted, added string }{
		"LF":            {"a\nbé\nc\n", "a\nc\n", "a\nbé\n+\n-\nc\n"},
		"CRLF":          {"a\r\nb\r\nc\r\n", "a\r\nc\r\n", "a\r\nb\r\n+\r\n-\r\nc\r\n"},
		"CR":            {"a\rb\rc", "a\rc", "a\rb\r+\r-\rc"},
		"NoneAtTheEnd":  {"a\nb", "a", "a\nb\n+\n-"},
		"CRLFNotAtEnd":  {"a\r\nb", "a", "a\r\nb\r\n+\r\n-"},
		"LastOfAll":     {"a\nb\n", "a\n", "a\nb\n+\n-\n"},
		"EmptyAround":   {"a\n\nb\n\n", "a\n\n\n", "a\n\nb\n+\n-\n\n"},
		"OnlyOne":       {"b", "", "b\n+\n-"},
		"MixedNewlines": {"a\nb\r\nc\n", "a\nc\n", "a\nb\r\n+\r\n-\r\nc\n"},
	} {
		t.Run(name, func(t *testing.T) {
			at := 0
			for c.text[at] != 'b' {
				at++
			}
			var e edits
			e.replace(lines(c.text).deletion(span{at, at}), "")
			if got, err := e.apply(c.text); got != c.deleted || err != nil {
				t.Errorf("deleted: got %q, %v; want %q", got, err, c.deleted)
			}
			e = nil
			e.below(lines(c.text), at, []string{"+", "-"})
			if got, err := e.apply(c.text); got != c.added || err != nil {
				t.Errorf("added: got %q, %v; want %q", got, err, c.added)
			}
		})
	}
}
