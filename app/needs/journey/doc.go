// Package journey holds the tests that take real data through the whole product in Chromium, on each database.
package journey
