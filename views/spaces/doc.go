// Package spaces shows the spaces, one space's front page, its settings and its members.
package spaces
