// Package api shows the description of the JSON API to people.
package api
