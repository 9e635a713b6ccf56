// Package follows shows a person what they follow and mute.
package follows
