package feed

import "bytes"

// appendIndented appends JSON, which is without white space but at its end, where it stays, as [encoding/json.Indent] lays it out with two spaces. That looks
// at each byte by itself, which takes longer than to write the whole document; here strings are passed over at once.
func appendIndented(to, compact []byte) []byte {
	depth := 0
	line := func() {
		to = append(to, '\n')
		for range depth {
			to = append(to, ' ', ' ')
		}
	}
	for i := 0; i < len(compact); i++ {
		switch c := compact[i]; c {
		case '"':
			end := i + 1 + stringLength(compact[i+1:])
			to = append(to, compact[i:end]...)
			i = end - 1
		case '{', '[':
			to = append(to, c)
			if i+1 < len(compact) && compact[i+1] == c+2 { // the closing one: nothing within
				i++
				to = append(to, c+2)
				continue
			}
			depth++
			line()
		case '}', ']':
			depth--
			line()
			to = append(to, c)
		case ',':
			to = append(to, c)
			line()
		case ':':
			to = append(to, c, ' ')
		default:
			to = append(to, c)
		}
	}
	return to
}

// stringLength is how much of s belongs to the string that it is within, with its closing quote.
func stringLength(s []byte) int {
	for end := 0; ; {
		next := bytes.IndexByte(s[end:], '"')
		if next < 0 {
			return len(s)
		}
		end += next + 1
		escapes := 0
		for at := end - 2; at >= 0 && s[at] == '\\'; at-- {
			escapes++
		}
		if escapes%2 == 0 {
			return end
		}
	}
}
