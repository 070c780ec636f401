package main

// needsDisplay: without an X or Wayland display Fyne ends the process with a stack trace.
const needsDisplay = true
