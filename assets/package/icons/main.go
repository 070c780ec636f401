// Command icons draws the program's icon in the sizes and forms that the packages need.
//
//	go run ./assets/package/icons FOLDER
package main

import (
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/sergeymakinen/go-ico"

	"dozvon/app/desktop/icon"
)

// What the freedesktop icon theme and macOS ask for, and which of these stand in the icon of Windows.
var (
	sizes   = []int{16, 22, 24, 32, 48, 64, 128, 256, 512, 1024}
	windows = []int{16, 24, 32, 48, 64, 256}
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "icons: a folder is needed")
		os.Exit(2)
	}
	if err := draw(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "icons:", err)
		os.Exit(1)
	}
}

func draw(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the folder: %w", err)
	}
	var all []image.Image
	for _, size := range sizes {
		img := icon.Draw(size, icon.Ground)
		if err := write(filepath.Join(dir, strconv.Itoa(size)+".png"), func(w io.Writer) error { return png.Encode(w, img) }); err != nil {
			return err
		}
		if slices.Contains(windows, size) {
			all = append(all, img)
		}
	}
	return write(filepath.Join(dir, "dozvon.ico"), func(w io.Writer) error { return ico.EncodeAll(w, all) })
}

func write(path string, encode func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("writing an icon: %w", err)
	}
	if err := encode(f); err != nil {
		f.Close()
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return f.Close()
}
