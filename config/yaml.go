package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// maxSize is the largest file that is read, in bytes. The largest sensible one is a hundredth of it.
const maxSize = 1 << 20

// parseYAML returns the root of the file's one document, nil when the file is empty. Its error is an *Error.
func parseYAML(file string, data []byte) (*yaml.Node, error) {
	if len(data) > maxSize {
		return nil, &Error{File: file, Line: 1, Column: 1, Reason: fmt.Sprintf("larger than %d bytes: this is no configuration", maxSize)}
	}
	if e := checkText(file, data); e != nil {
		return nil, e
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	var doc, second yaml.Node
	if err := loader.Load(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, syntaxError(file, data, err)
	}
	if err := loader.Load(&second); err == nil {
		return nil, &Error{File: file, Line: second.Line, Column: second.Column, Reason: "a second document: a configuration is one"}
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxError(file, data, err)
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	return doc.Content[0], nil
}

// checkText finds what is no text, which the parser reports without a place.
func checkText(file string, data []byte) *Error {
	line, column := 1, 1
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		reason := ""
		switch {
		case r == utf8.RuneError && size == 1:
			reason = fmt.Sprintf("byte 0x%02x: the file is not UTF-8", data[i])
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r >= 0x7f && r < 0xa0 && r != 0x85, r == 0xfffe, r == 0xffff:
			reason = fmt.Sprintf("control character %U", r)
		}
		if reason != "" {
			return &Error{File: file, Line: line, Column: column, Reason: reason}
		}
		i, column = i+size, column+1
		if r == '\n' {
			line, column = line+1, 1
		}
	}
	return nil
}

func syntaxError(file string, data []byte, err error) error {
	e := &Error{File: file, Line: 1, Column: 1, Reason: strings.TrimPrefix(err.Error(), "yaml: ")}
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		return e
	}
	e.Reason = strings.TrimPrefix(load.Message, "yaml: ")
	if load.Mark.Line > 0 {
		e.Line, e.Column = load.Mark.Line, max(1, load.Mark.Column)
	}
	if load.ContextMsg != "" {
		e.Reason = load.ContextMsg + ": " + e.Reason
	}
	if strings.HasSuffix(load.ContextMsg, "an alias") && load.ContextMark.Line > 0 { // schedule: */5 * * * *
		e.Line, e.Column = load.ContextMark.Line, max(1, load.ContextMark.Column)
	}
	switch c := charAt(data, e.Line, e.Column); {
	case c == '\t':
		e.Reason = "a tab: YAML is indented with spaces"
	case strings.ContainsRune("*@`%", c):
		e.Reason = fmt.Sprintf("put a value that begins with %c into quotes", c)
	case strings.HasPrefix(e.Reason, "mapping values are not allowed"):
		e.Reason += "; put a value with a colon into quotes"
	}
	return e
}

// charAt returns the character at the place, 0 beyond the end.
func charAt(data []byte, line, column int) rune {
	for ; line > 1; line-- {
		_, rest, ok := bytes.Cut(data, []byte("\n"))
		if !ok {
			return 0
		}
		data = rest
	}
	text, _, _ := bytes.Cut(data, []byte("\n"))
	if runes := []rune(string(text)); column <= len(runes) {
		return runes[column-1]
	}
	return 0
}
