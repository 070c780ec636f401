//go:build race

package screens

// racing: the software painter is some thirty times slower under the race detector, so
// there a picture of each surface must do.
const racing = true
