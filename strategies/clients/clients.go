// Package clients holds clients of the line protocol (docs/protocol.md) for
// other languages, so that ptnsim can hand them out.
package clients

import "embed"

// Files are the clients, a folder for each language: python/ptnsim.py is the one
// to copy beside a strategy, the others are examples.
//
//go:embed python/*.py shell/*.sh
var Files embed.FS
