package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v4"
)

// Options are what stands over the file.
type Options struct {
	// Environ is the environment as os.Environ gives it. FEEDPUB_ and a key's path, in capitals and with
	// underscores, gives its value: FEEDPUB_SITE_URL, FEEDPUB_SERVE_LISTEN. FEEDPUB_STORE_FILE names a file that
	// holds it. Only keys of one value can be given. An unknown FEEDPUB_ variable is a mistake.
	Environ []string
	// Flags are the command line's values.
	Flags []Flag
}

// Load reads the configuration file. Mistakes are returned as Errors.
func Load(file string, o Options) (*Config, error) {
	data, err := readFile(file)
	if err != nil {
		return nil, err
	}
	folder, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return nil, fmt.Errorf("find the folder of %s: %w", file, err)
	}
	return parse(file, folder, data, o)
}

// LoadFolder reads the folder's feedpub.yaml; where there is none, it is Default.
func LoadFolder(folder string, o Options) (*Config, error) {
	file := filepath.Join(folder, FileName)
	c, err := Load(file, o)
	if !errors.Is(err, fs.ErrNotExist) {
		return c, err
	}
	if other := filepath.Join(folder, "feedpub.yml"); exists(other) {
		return nil, fmt.Errorf("read the configuration: %s is not read; its name must be %s", other, FileName)
	}
	return Default(folder, o)
}

func exists(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}

// Default is the configuration of a folder without a file: the folder itself is the source "articles".
func Default(folder string, o Options) (*Config, error) {
	abs, err := filepath.Abs(folder)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", folder, err)
	}
	if info, err := os.Stat(abs); err != nil {
		return nil, fmt.Errorf("read the site's folder: %w", err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("read the site's folder: %s is a file; name it with -c if it is the configuration", folder)
	}
	return parse("", abs, nil, o)
}

func readFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return data, nil
}

// parse makes the configuration of a file's content; file is empty when there is none.
func parse(file, folder string, data []byte, o Options) (*Config, error) {
	r := &reading{file: file, folder: folder, origins: map[string]string{}, given: map[string]given{}}
	var root *yaml.Node
	if file != "" {
		var mistake *Error
		var err error
		if root, err = parseYAML(file, data); errors.As(err, &mistake) {
			r.errs = append(r.errs, mistake)
		} else if err != nil {
			return nil, err
		}
	}
	c := r.config(root, o)
	if err := r.errs.sorted(); err != nil {
		return nil, err
	}
	c.File = file
	return c, nil
}
