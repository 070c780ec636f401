package winreg

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows/registry"
)

// CurrentUser is the registry of whoever runs the program.
type CurrentUser struct{}

var _ Registry = CurrentUser{}

// String is Registry's.
func (CurrentUser) String(key, name string) (value string, found bool, err error) {
	return read(key, name, func(k registry.Key) (string, error) {
		value, _, err := k.GetStringValue(name)
		return value, err
	})
}

// Bytes is Registry's.
func (CurrentUser) Bytes(key, name string) (value []byte, found bool, err error) {
	return read(key, name, func(k registry.Key) ([]byte, error) {
		value, _, err := k.GetBinaryValue(name)
		return value, err
	})
}

func read[T any](key, name string, get func(registry.Key) (T, error)) (value T, found bool, err error) {
	k, err := registry.OpenKey(registry.CURRENT_USER, key, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return value, false, nil
	}
	if err != nil {
		return value, false, fmt.Errorf(`opening HKCU\%s: %w`, key, err)
	}
	defer k.Close()
	value, err = get(k)
	if errors.Is(err, registry.ErrNotExist) {
		return value, false, nil
	}
	if err != nil {
		return value, false, fmt.Errorf(`reading %q of HKCU\%s: %w`, name, key, err)
	}
	return value, true, nil
}

// SetString is Registry's.
func (CurrentUser) SetString(key, name, value string) error {
	k, _, err := registry.CreateKey(registry.CURRENT_USER, key, registry.SET_VALUE)
	if err != nil {
		return fmt.Errorf(`making HKCU\%s: %w`, key, err)
	}
	defer k.Close()
	if err := k.SetStringValue(name, value); err != nil {
		return fmt.Errorf(`writing %q of HKCU\%s: %w`, name, key, err)
	}
	return nil
}

// DeleteValue is Registry's.
func (CurrentUser) DeleteValue(key, name string) error {
	k, err := registry.OpenKey(registry.CURRENT_USER, key, registry.SET_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf(`opening HKCU\%s: %w`, key, err)
	}
	defer k.Close()
	if err := k.DeleteValue(name); err != nil && !errors.Is(err, registry.ErrNotExist) {
		return fmt.Errorf(`deleting %q of HKCU\%s: %w`, name, key, err)
	}
	return nil
}

// DeleteTree is Registry's.
func (c CurrentUser) DeleteTree(key string) error {
	k, err := registry.OpenKey(registry.CURRENT_USER, key, registry.ENUMERATE_SUB_KEYS)
	if errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf(`opening HKCU\%s: %w`, key, err)
	}
	names, err := k.ReadSubKeyNames(-1)
	k.Close()
	if err != nil {
		return fmt.Errorf(`listing HKCU\%s: %w`, key, err)
	}
	for _, name := range names {
		if err := c.DeleteTree(key + `\` + name); err != nil {
			return err
		}
	}
	if err := registry.DeleteKey(registry.CURRENT_USER, key); err != nil && !errors.Is(err, registry.ErrNotExist) {
		return fmt.Errorf(`deleting HKCU\%s: %w`, key, err)
	}
	return nil
}
