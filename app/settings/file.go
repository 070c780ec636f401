package settings

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// maxFile bounds a settings file; ours has some dozen lines.
const maxFile = 1 << 20

// File reads a file of settings in YAML, one a line.
func File(known *pflag.FlagSet, path string) ([]Value, error) {
	raw, err := read(path)
	if err != nil {
		return nil, fmt.Errorf("reading the settings: %w", err)
	}
	top, err := table(path, raw)
	if err != nil || top == nil {
		return nil, err
	}
	var all []Value
	var bad []error
	lines := map[string]int{}
	for i := 0; i+1 < len(top.Content); i += 2 {
		key := top.Content[i]
		v, err := value(known, path, key, top.Content[i+1])
		if first := lines[strings.ToLower(key.Value)]; err == nil && first > 0 {
			err = fmt.Errorf("%s:%d: %s stands in line %d already; keep one of them", path, key.Line, key.Value, first)
		}
		lines[strings.ToLower(key.Value)] = key.Line
		if err != nil {
			bad = append(bad, err)
			continue
		}
		all = append(all, v)
	}
	return all, errors.Join(bad...)
}

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(raw) > maxFile {
		err = fmt.Errorf("%s has more than a megabyte: it is no file of settings", path)
	}
	// Windows' editors begin a file with a byte order mark.
	return bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), err
}

// table is the one mapping that the file must be; nil when it is empty.
func table(path string, raw []byte) (*yaml.Node, error) {
	var doc yaml.Node
	in := yaml.NewDecoder(bytes.NewReader(raw))
	err := in.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		why := strings.TrimPrefix(err.Error(), "yaml: ")
		if strings.Contains(why, "cannot start any token") {
			why += " (a tab? YAML is indented with blanks)"
		}
		return nil, fmt.Errorf("%s is not YAML: %s; every line is «name: value»", path, why)
	}
	if err := in.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s has more than one document: take out the line ---", path)
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	top := doc.Content[0]
	switch {
	case top.Kind == yaml.MappingNode:
		return top, nil
	case top.Tag == "!!null":
		return nil, nil
	}
	return nil, fmt.Errorf("%s:%d: «name: value» expected in every line", path, top.Line)
}

// value reads one line.
func value(known *pflag.FlagSet, path string, key, node *yaml.Node) (Value, error) {
	at := fmt.Sprintf("%s:%d: ", path, key.Line)
	f := known.Lookup(strings.ToLower(key.Value))
	if key.Kind != yaml.ScalarNode || f == nil {
		var names []string
		known.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		return Value{}, fmt.Errorf("%sno such setting: %s%s", at, shortened(key.Value), Suggest(key.Value, names))
	}
	v := Value{flag: f, where: at + f.Name}
	_, list := f.Value.(pflag.SliceValue)
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	switch {
	case node.Kind == yaml.SequenceNode && list:
		for _, item := range node.Content {
			if item.Kind != yaml.ScalarNode || item.Tag == "!!null" {
				return v, fmt.Errorf("%s: a list of texts expected, not of %s", v.where, kindOf(item))
			}
			v.items = append(v.items, split(f, item.Value)...)
		}
		if len(node.Content) > 0 {
			return v, v.names("list")
		}
		return v, nil
	case node.Kind != yaml.ScalarNode:
		return v, fmt.Errorf("%s: %s expected, not %s", v.where, wanted(f), kindOf(node))
	case node.Tag == "!!null":
		return v, fmt.Errorf("%s has no value: give it one, or take the line out", v.where)
	case f.Value.Type() == "string" && node.Tag != "!!str":
		return v, fmt.Errorf("%s: a text expected, not %s; put it into quotes if it is one", v.where, kindOf(node))
	}
	v.items = split(f, node.Value)
	return v, cmp.Or(v.names(node.Value), v.check())
}

func wanted(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "int", "int64":
		return "a whole number"
	case "bool":
		return "true or false"
	case "stringSlice":
		return "a list, or a text with commas"
	}
	return "a text"
}

func kindOf(node *yaml.Node) string {
	switch {
	case node.Kind == yaml.MappingNode:
		return "a table"
	case node.Kind == yaml.SequenceNode:
		return "a list"
	}
	switch node.Tag {
	case "!!bool":
		return "true or false"
	case "!!int", "!!float":
		return "a number"
	case "!!timestamp":
		return "a date"
	case "!!null":
		return "nothing"
	}
	return "a text"
}
