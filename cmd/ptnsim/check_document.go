package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim/scenario"
)

// document is what --document names: a page of scenarios, or a folder of pages.
type document string

// isPage reports whether it is one page, and not a folder.
func (d document) isPage() bool { return strings.EqualFold(filepath.Ext(string(d)), ".md") }

// named finds a name that is neither of a page nor of a folder. A folder's name may
// have a point if it is there, or ends in a slash.
func (d document) named() error {
	info, err := os.Stat(string(d))
	switch extension := filepath.Ext(string(d)); {
	case err == nil && d.isPage() && info.IsDir():
		return foundFolder(string(d))
	case err == nil && !d.isPage() && !info.IsDir():
		return fmt.Errorf("found the file %s, expected a folder, or a page that ends in .md", d)
	case err != nil && extension != "" && !d.isPage():
		return fmt.Errorf("found %s, expected a page that ends in .md, or a folder", d)
	}
	return nil
}

// pages are what the document of some scenarios consists of, each with its path.
func (d document) pages(scenarios []*scenario.Scenario) ([]reports.ScenarioBookPage, error) {
	options := reports.ScenarioPageOptions{Title: pageTitle(string(d)), Path: string(d)}
	if d.isPage() {
		var page strings.Builder
		err := reports.ScenarioPage(&page, scenarios, options)
		return []reports.ScenarioBookPage{{Name: string(d), Text: []byte(page.String())}}, err
	}
	pages, err := reports.ScenarioBook(scenarios, options)
	for i := range pages {
		pages[i].Name = filepath.Join(string(d), pages[i].Name)
	}
	return pages, err
}

// foresee finds, before anything plays, what keeps the document of some paths from
// being written. Scenarios that can't be read are the check's to tell.
func (d document) foresee(paths []string) error {
	files, err := scenario.Find(paths)
	if err != nil {
		return nil
	}
	var scenarios []*scenario.Scenario
	for _, file := range files {
		if s, err := scenario.Read(file); err == nil {
			scenarios = append(scenarios, s)
		}
	}
	pages, err := d.pages(scenarios)
	if err != nil {
		return input(fmt.Errorf("--document: %w", err))
	}
	return d.free(pages)
}

// free finds a file that is in a page's way and that no check wrote.
func (d document) free(pages []reports.ScenarioBookPage) error {
	for _, page := range pages {
		info, err := os.Stat(page.Name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() && !info.IsDir() {
			continue // a device or a pipe loses nothing
		}
		if err == nil && info.IsDir() {
			return usage(fmt.Errorf("--document: %w", foundFolder(page.Name)))
		}
		var begin []byte
		if err == nil {
			begin, err = beginning(page.Name)
		}
		if err != nil {
			return fmt.Errorf("--document: %w", err)
		}
		if !reports.IsScenarioPage(begin) {
			return usage(fmt.Errorf("--document: found %s, which 'ptnsim check --document' did not write; it is left as it is: choose another name, or remove it", page.Name))
		}
	}
	return nil
}

// write writes the document, and removes the folder's pages of an earlier one that are
// no longer made.
func (d document) write(scenarios []*scenario.Scenario) error {
	pages, err := d.pages(scenarios)
	if err != nil {
		return fmt.Errorf("--document: %w", err)
	}
	if err := d.free(pages); err != nil {
		return err
	}
	made := make(map[string]bool)
	for _, page := range pages {
		made[strings.ToLower(filepath.Base(page.Name))] = true // as file systems that know no case
		err := writeWhole(page.Name, func(w io.Writer) error {
			_, err := w.Write(page.Text)
			return err
		})
		if err != nil {
			return fmt.Errorf("--document: %w", err)
		}
	}
	if d.isPage() {
		return nil
	}
	if err := d.sweep(made); err != nil {
		return fmt.Errorf("--document: %w", err)
	}
	return nil
}

// sweep removes the folder's pages that were not made now, by their marker. A page that
// was written by itself is none of the folder's.
func (d document) sweep(made map[string]bool) error {
	entries, err := os.ReadDir(string(d))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || filepath.Ext(e.Name()) != ".md" || made[strings.ToLower(e.Name())] {
			continue
		}
		path := filepath.Join(string(d), e.Name())
		begin, err := beginning(path)
		if err != nil || !reports.IsScenarioBookPage(begin) {
			continue // what can't be read is somebody else's
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

// beginning reads the first few lines of a file.
func beginning(path string) ([]byte, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(io.LimitReader(in, 1<<10))
}

// pageTitle is a title after a page's file, or after a folder: "Rules by example" of
// rules-by-example.md; "" of a path that has no name.
func pageTitle(path string) string {
	name := filepath.Base(path)
	if absolute, err := filepath.Abs(path); err == nil { // . has a name too
		name = filepath.Base(absolute)
	}
	if document(path).isPage() {
		name = strings.TrimSuffix(name, filepath.Ext(name))
	}
	name = strings.TrimSpace(strings.ReplaceAll(name, "-", " "))
	if name == "" || name == string(filepath.Separator) {
		return ""
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}
