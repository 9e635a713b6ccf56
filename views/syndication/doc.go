// Package syndication shows a person the addresses at which programs read feeds for them.
package syndication
