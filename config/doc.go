// Package config reads feedpub.yaml: what is published, from what, when, and where it is served.
//
// The types Config, Site, Source, Feed and Serve are the file's manual: a field says what its key means, its unit and
// its default. Four things give a value, the strongest first: a flag, an environment variable, the file, the default.
// Every mistake is found in one go, with its place, its key and, for an unknown key, the nearest known one.
package config
