package mango

import (
	"slices"
	"testing"
	"time"

	"dozvon/app/server/pbx"
)

func TestKind_tellsWhatItsAdapterCan(t *testing.T) {
	t.Parallel()
	p := Kind.New(pbx.Account{Now: time.Now})
	can := append(pbx.CapabilitiesOf(p), pbx.CanShowName, pbx.CanPasteAddress)
	slices.Sort(can)
	told := slices.Sorted(slices.Values(Kind.Capabilities))
	if !slices.Equal(can, told) {
		t.Errorf("the kind tells %v, its adapter can %v", told, can)
	}
}
