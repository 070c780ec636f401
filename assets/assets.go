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
