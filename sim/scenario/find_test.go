package scenario

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// folderOf is a folder with some files; a text "-> x" makes a link to x.
func folderOf(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		var err error
		if to, ok := strings.CutPrefix(text, "-> "); ok {
			err = os.Symlink(filepath.FromSlash(to), path)
		} else {
			err = os.WriteFile(path, []byte(text), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFind(t *testing.T) {
	dir := folderOf(t, map[string]string{
		"b.yaml": "", "a/2.yml": "", "a/10.yaml": "", "a/deep/er/x.YAML": "", "notes.md": "", "_rules.yaml": "", ".hidden.yaml": "",
		"_data/s.yaml": "", ".git/x.yaml": "", "empty/notes.md": "", "linked/all": "-> ../a", "linked/same.yaml": "-> ../b.yaml",
		"circle/in/out": "-> ..", "circle/in/c.yaml": "", "circle/gone": "-> nowhere",
		"broken/x.yaml": "-> nowhere", "dir.yaml/z.yaml": "",
	})
	for name, test := range map[string]struct {
		paths []string
		want  []string
		err   string
	}{
		"a file":                         {paths: []string{"b.yaml"}, want: []string{"b.yaml"}},
		"a folder, in order":             {paths: []string{"a"}, want: []string{"a/10.yaml", "a/2.yml", "a/deep/er/x.YAML"}},
		"in the order of the paths":      {paths: []string{"b.yaml", "a/deep", "a"}, want: []string{"b.yaml", "a/deep/er/x.YAML", "a/10.yaml", "a/2.yml"}},
		"duplicates are one":             {paths: []string{"b.yaml", "./b.yaml", "a", "a/deep/..", "a/2.yml", "a/deep"}, want: []string{"b.yaml", "a/10.yaml", "a/2.yml", "a/deep/er/x.YAML"}},
		"a folder of what is there":      {paths: []string{"a/2.yml", "a/10.yaml", "a/deep/er/x.YAML", "a"}, want: []string{"a/2.yml", "a/10.yaml", "a/deep/er/x.YAML"}},
		"a hidden one that is named":     {paths: []string{"_rules.yaml", ".hidden.yaml", "_data"}, want: []string{"_rules.yaml", ".hidden.yaml", "_data/s.yaml"}},
		"a folder named as a scenario":   {paths: []string{"dir.yaml"}, want: []string{"dir.yaml/z.yaml"}},
		"links are followed":             {paths: []string{"linked"}, want: []string{"linked/all/10.yaml", "linked/all/2.yml", "linked/all/deep/er/x.YAML", "linked/same.yaml"}},
		"what links reach twice is once": {paths: []string{"a", "linked", "b.yaml"}, want: []string{"a/10.yaml", "a/2.yml", "a/deep/er/x.YAML", "linked/same.yaml"}},
		"a circle ends":                  {paths: []string{"circle"}, want: []string{"circle/in/c.yaml"}},
		"no path":                        {err: "found no path; expected files of scenarios, or folders of them"},
		"nothing there":                  {paths: []string{"none.yaml"}, err: "none.yaml: found no such file or folder; expected the file of a scenario, or a folder of them: check the path"},
		"no scenario":                    {paths: []string{"b.yaml", "empty"}, err: "empty: found no scenario in the folder; expected files that end in .yaml or .yml, of names that do not begin with _ or a dot"},
		"another file":                   {paths: []string{"notes.md"}, err: "notes.md: found a file that is not named as scenarios are; expected one that ends in .yaml or .yml"},
		"a link to nothing":              {paths: []string{"broken"}, err: "x.yaml: found a path that can't be read"},
	} {
		t.Run(name, func(t *testing.T) {
			var paths []string
			for _, p := range test.paths {
				paths = append(paths, dir+"/"+p)
			}
			files, err := Find(paths)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Fatalf("%v, expected %s", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range files {
				relative, err := filepath.Rel(dir, f)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, filepath.ToSlash(relative))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}
