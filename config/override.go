package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Flag is a value that the command line gives to a key, such as serve.listen. Keys of lists cannot be given.
type Flag struct {
	Name  string // for messages: "--listen"
	Key   string
	Value string
}

// envPrefix begins the environment variables that are ours, all of which must be known.
const envPrefix = "FEEDPUB_"

// variable is the environment variable of a key: FEEDPUB_SITE_FEEDS_URL of site.feeds_url.
func variable(key string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// environment takes the values that variables give, from "NAME=value" pairs. With _FILE behind its name a variable
// names a file that holds the value, for secrets. An empty variable counts as absent.
func (r *reading) environment(environ []string) {
	vars := map[string]string{}
	for _, pair := range environ {
		if name, value, _ := strings.Cut(pair, "="); strings.HasPrefix(name, envPrefix) && value != "" {
			vars[name] = value
		}
	}
	var names []string
	for _, s := range settings {
		name := variable(s)
		names = append(names, name, name+"_FILE")
		at := Error{File: "environment " + name}
		value, ok := vars[name]
		if path, fromFile := vars[name+"_FILE"]; fromFile {
			at.File += "_FILE"
			if ok {
				r.fail(at, s, "%s is set as well; use one of the two", name)
				continue
			}
			var err error
			if value, err = readValue(resolve(r.folder, path)); err != nil {
				r.fail(at, s, "%v", err)
				continue
			}
		} else if !ok {
			continue
		}
		r.give(s, value, at)
	}
	var strange []string
	for name := range vars {
		if !slices.Contains(names, name) {
			strange = append(strange, name)
		}
	}
	slices.Sort(strange)
	for _, name := range strange {
		r.fail(Error{File: "environment " + name}, "", "%s", unknown("variable", names, name))
	}
}

// flags takes the values that the command line gives.
func (r *reading) flags(flags []Flag) {
	for _, f := range flags {
		at := Error{File: "flag " + f.Name}
		if !slices.Contains(settings, f.Key) {
			r.fail(at, f.Key, "%s", unknown("key", settings, f.Key))
			continue
		}
		r.give(f.Key, f.Value, at)
	}
}

func (r *reading) give(key, text string, at Error) {
	r.given[key] = given{text, at}
	r.origins[key] = at.File
}

// readValue reads a value from a file, less the line's end.
func readValue(path string) (string, error) {
	const most = 64 << 10
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return "", err
	}
	if len(data) > most {
		return "", fmt.Errorf("%s is larger than %d bytes", path, most)
	}
	value := strings.TrimRight(string(data), "\r\n")
	if value == "" {
		return "", errors.New(path + " is empty")
	}
	return value, nil
}

// resolve makes a path absolute.
func resolve(folder, path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(folder, path)
}
