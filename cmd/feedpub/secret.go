package main

import (
	"log/slog"
	"regexp"
)

var (
	// userInfo is what stands before the host of an address.
	userInfo = regexp.MustCompile(`(://)[^/?#\s"']*@`)
	// secretParameter is a part of an address, or of a connection string, that is for one reader alone.
	secretParameter = regexp.MustCompile(`(?i)\b([\w.-]*(?:token|key|secret|passw(?:or)?d|auth|signature|sig)[\w.-]*=)[^&\s"'#;]+`)
)

// withoutSecrets is a text in which passwords and tokens of addresses are left out: logs are read, kept and sent on by many.
func withoutSecrets(text string) string {
	return secretParameter.ReplaceAllString(userInfo.ReplaceAllString(text, "$1…@"), "$1…")
}

// hideSecrets is for slog's handlers.
func hideSecrets(_ []string, a slog.Attr) slog.Attr {
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(withoutSecrets(v.String()))
	case slog.KindAny:
		switch v := v.Any().(type) {
		case error:
			a.Value = slog.StringValue(withoutSecrets(v.Error()))
		case []string:
			safe := make([]string, len(v))
			for i, s := range v {
				safe[i] = withoutSecrets(s)
			}
			a.Value = slog.AnyValue(safe)
		}
	}
	return a
}
