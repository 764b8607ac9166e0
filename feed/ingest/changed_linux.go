package ingest

import (
	"io/fs"
	"syscall"
)

// changedAt is when anything of a file changed last, its times too (stat(2), st_ctim), in nanoseconds since 1970. A copy that
// keeps times cannot set it.
func changedAt(info fs.FileInfo) int64 {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return st.Ctim.Nano()
	}
	return 0
}
