// Package winregtest is a registry in memory, for tests on other systems than Windows. As in the real
// one, keys and names are the same whatever their case.
package winregtest

import "strings"

// Memory is an empty registry until something is set.
type Memory struct{ values map[string]map[string]any }

// String is a value as text.
func (m *Memory) String(key, name string) (string, bool, error) {
	value, found := m.values[strings.ToLower(key)][strings.ToLower(name)].(string)
	return value, found, nil
}

// Bytes is a binary value.
func (m *Memory) Bytes(key, name string) ([]byte, bool, error) {
	value, found := m.values[strings.ToLower(key)][strings.ToLower(name)].([]byte)
	return value, found, nil
}

// SetString sets a value.
func (m *Memory) SetString(key, name, value string) error {
	m.Set(key, name, value)
	return nil
}

// Set sets a value of any kind.
func (m *Memory) Set(key, name string, value any) {
	key, name = strings.ToLower(key), strings.ToLower(name)
	if m.values == nil {
		m.values = map[string]map[string]any{}
	}
	if m.values[key] == nil {
		m.values[key] = map[string]any{}
	}
	m.values[key][name] = value
}

// DeleteValue takes a value away.
func (m *Memory) DeleteValue(key, name string) error {
	delete(m.values[strings.ToLower(key)], strings.ToLower(name))
	return nil
}

// DeleteTree takes a key and all below it away.
func (m *Memory) DeleteTree(key string) error {
	key = strings.ToLower(key)
	for other := range m.values {
		if other == key || strings.HasPrefix(other, key+`\`) {
			delete(m.values, other)
		}
	}
	return nil
}

// Len is how many values there are.
func (m *Memory) Len() int {
	n := 0
	for _, values := range m.values {
		n += len(values)
	}
	return n
}
