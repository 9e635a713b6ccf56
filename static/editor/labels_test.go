//go:build peers

package editor

var labels = map[string]string{}
