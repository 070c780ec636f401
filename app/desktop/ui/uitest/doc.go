// Package uitest holds what the tests of the desktop's surfaces share: a made-up school behind real
// HTTP, a program that carries out what the surfaces ask for, and ways to read and press what they
// draw. No program imports it.
package uitest
