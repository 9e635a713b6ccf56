// Package errorpages says what happened, what was kept and where to go next.
package errorpages
