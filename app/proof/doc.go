// Package proof holds the permission policy against a second one. Its tests invent companies — people, spaces, roles,
// groups, ideas, comments — ask every route of the house as everyone, and compare the answers with a naive model that
// shares no code with package models. It has tests only.
package proof
