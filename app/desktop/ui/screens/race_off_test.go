//go:build !race

package screens

import "testing"

func drawing(*testing.T) {}
