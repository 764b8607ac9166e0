package main

import (
	"fmt"

	"golang.org/x/sys/windows"
)

func spaceOf(folder string) (s space, err error) {
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return s, err
	}
	if err := windows.GetDiskFreeSpaceEx(name, &s.free, &s.all, nil); err != nil {
		return s, fmt.Errorf("ask for its free space: %w", err)
	}
	return s, nil
}
