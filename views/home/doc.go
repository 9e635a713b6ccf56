// Package home shows people what concerns them when they arrive.
package home
