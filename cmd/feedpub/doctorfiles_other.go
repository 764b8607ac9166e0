//go:build !unix

package main

import "feedpub/config"

func (d *doctor) permissions(*config.Config) {
	d.skip(ofPermissions, "this system has others than feedpub knows", "")
}
