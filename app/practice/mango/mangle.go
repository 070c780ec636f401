package mango

import (
	"bytes"
	"encoding/json"
	"slices"
)

// v2Fields are the fields that the document has "from api v.2" (section 3.1.2).
var v2Fields = []string{"was_transferred", "hold_initiator", "transfer"}

// mangle rewrites a payload as the faults want it. Untouched faults leave the bytes alone.
func mangle(payload []byte, f Faults) ([]byte, error) {
	missing := f.Missing
	if f.V1 {
		missing = slices.Concat(missing, v2Fields)
	}
	if len(missing) == 0 && !f.Strings {
		return payload, nil
	}
	d := json.NewDecoder(bytes.NewReader(payload))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}
	return json.Marshal(mangled(tree, missing, f.Strings))
}

func mangled(node any, missing []string, asStrings bool) any {
	switch n := node.(type) {
	case map[string]any:
		for key, value := range n {
			if slices.Contains(missing, key) {
				delete(n, key)
				continue
			}
			n[key] = mangled(value, missing, asStrings)
		}
	case []any:
		for i, value := range n {
			n[i] = mangled(value, missing, asStrings)
		}
	case json.Number:
		if asStrings {
			return n.String()
		}
	}
	return node
}
