package validate

import (
	"fmt"
	"strings"
)

// A Severity says how bad a finding is.
type Severity string

// An Error is what a specification forbids; a Warning is what it advises against, or what readers stumble over.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// A Finding is one thing that is wrong with a document.
type Finding struct {
	Severity Severity `json:"severity"`
	Code     string   `json:"code"`             // stable; see Codes
	Line     int      `json:"line,omitempty"`   // from 1; 0 where it is about no place in the document
	Column   int      `json:"column,omitempty"` // in characters, from 1; 0 where the line is all that is known
	Path     string   `json:"path,omitempty"`   // in JSON: items[3].url
	Message  string   `json:"message"`
	Remedy   string   `json:"remedy,omitempty"`
}

// String is the finding without its place: "error: message (code); remedy".
func (f Finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", f.Severity)
	if f.Path != "" {
		fmt.Fprintf(&b, "%s: ", f.Path)
	}
	fmt.Fprintf(&b, "%s (%s)", f.Message, f.Code)
	if f.Remedy != "" {
		fmt.Fprintf(&b, "; %s", f.Remedy)
	}
	return b.String()
}
