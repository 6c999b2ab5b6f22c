package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// TestScoreRefusesAnEditedResult: a result says by its digest whether it is as it
// was written.
func TestScoreRefusesAnEditedResult(t *testing.T) {
	result := play(t, "run", "--format", "json")
	edited := bytes.Replace(result, []byte(`"gain":`), []byte(`"gain":1`), 1)
	if bytes.Equal(edited, result) {
		t.Fatal("nothing was edited")
	}
	var stdout, stderr bytes.Buffer
	code := run(context.Background(), []string{"score", write(t, "edited.json", edited)}, strings.NewReader(""), &stdout, &stderr)
	if code != exitInput || !strings.Contains(stderr.String(), "the file was edited or is damaged") {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
	if code := run(context.Background(), []string{"score", write(t, "whole.json", result)}, strings.NewReader(""), &stdout, &stderr); code != exitOK {
		t.Errorf("the result as it was: exit code %d: %s", code, stderr.String())
	}
}
