package reports

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// headingAnchors are the anchors of a Markdown file's headings.
func headingAnchors(t *testing.T, file string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	taken, found, fence := anchors{}, make(map[string]bool), ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		switch {
		case fence != "":
			if line == fence {
				fence = ""
			}
		case strings.HasPrefix(line, "```"):
			fence = strings.TrimRight(line, "abcdefghijklmnopqrstuvwxyz")
		case strings.HasPrefix(line, "#"):
			found[taken.of(strings.ReplaceAll(strings.TrimSpace(strings.TrimLeft(line, "#")), `\`, ""))] = true
		}
	}
	return found
}

// TestRulesByExampleLinksLeadSomewhere: every link of the book is to a file that is
// there, and to a heading that it has.
func TestRulesByExampleLinksLeadSomewhere(t *testing.T) {
	const folder = "../docs/rules-by-example"
	pages, err := filepath.Glob(folder + "/*.md")
	if err != nil || len(pages) < 10 {
		t.Fatalf("found %d pages in %s (%v), want at least 10", len(pages), folder, err)
	}
	known := make(map[string]map[string]bool)
	link := regexp.MustCompile(`\]\(([^()\s]+)\)`)
	links := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range link.FindAllStringSubmatch(string(text), -1) {
			links++
			to, anchor, anchored := strings.Cut(match[1], "#")
			name, err := url.PathUnescape(to)
			if err != nil {
				t.Errorf("%s: %s: %v", page, match[1], err)
			}
			file := page
			if name != "" {
				file = filepath.Join(folder, name)
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: %s leads nowhere: %v", page, match[1], err)
				continue
			}
			if !anchored {
				continue
			}
			if known[file] == nil {
				known[file] = headingAnchors(t, file)
			}
			if !known[file][anchor] {
				t.Errorf("%s: %s has no heading %s", page, file, anchor)
			}
		}
	}
	if links < 1000 {
		t.Errorf("found %d links, want one and more for each scenario", links)
	}
}
