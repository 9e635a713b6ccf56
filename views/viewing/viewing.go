// Package viewing draws the page on which someone chooses as whom to look at the house.
package viewing
