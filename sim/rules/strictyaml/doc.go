// Package strictyaml reads the plain part of YAML, and says for every value where
// it stands.
//
// What lets a text say something else than it seems to (anchors, aliases, merge
// keys, tags, octal numbers, several documents) is refused, and so is what nests
// without end, or would keep the parser busy for minutes. A caller walks the nodes
// of the one value with a path of its own, and has each thing that is wrong told at
// its Place: file, line, column, path, what was found, what was expected, and the
// line itself.
package strictyaml
