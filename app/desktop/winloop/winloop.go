// Package winloop gives a part of the program a thread of its own with a message loop, as Windows tells many
// things to the thread alone that asked for them. It knows nothing of what is told; elsewhere it is empty.
package winloop
