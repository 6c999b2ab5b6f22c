package script

import (
	"embed"
	"io/fs"
)

//go:embed examples/*.star
var exampleFiles embed.FS

// Examples returns the example scripts.
func Examples() fs.FS {
	files, err := fs.Sub(exampleFiles, "examples")
	if err != nil {
		panic(err) // the name is a constant
	}
	return files
}
