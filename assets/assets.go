// Package assets holds the files that travel inside the desktop program: fonts,
// icons and translations. It never reads the disk and knows nothing of their use.
package assets

import "embed"

// Fonts holds Inter (OFL), which has full Cyrillic.
//
//go:embed fonts/*.otf
var Fonts embed.FS

// Translations holds one flat JSON object of key and text per language.
//
//go:embed translations/*.json
var Translations embed.FS

// Help holds the pages of help, one of each place for each language: Markdown in which {{key}} stands for
// the words of a translation.
//
//go:embed help/*/*.md
var Help embed.FS

// Icon is the program's icon, 64 by 64 units; all sizes and forms of it are drawn from this one.
//
//go:embed icon.svg
var Icon string

// Licences are the terms of all that the programs are built of: sections that begin with "== " and the
// names of what they cover. assets/package/licences makes the file.
//
//go:embed licences.txt
var Licences string
