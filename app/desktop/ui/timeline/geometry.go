package timeline

import "time"

const (
	// labelWide is the room of the lanes' names, edge what is left free at the right of the axis.
	labelWide float32 = 188
	edge      float32 = 32
	axisHigh  float32 = 32
	laneHigh  float32 = 64
	barTop    float32 = 20
	barHigh   float32 = 24
	// apart is how far from each other ticks stand at least.
	apart float32 = 40
)

// steps of the axis.
var steps = []time.Duration{
	time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 6 * time.Hour,
}

// scale is where moments stand on a width.
type scale struct {
	length time.Duration
	width  float32 // of the whole, with names
}

// plot is the width that time has.
func (s scale) plot() float32 { return max(1, s.width-labelWide-edge) }

func (s scale) x(at time.Duration) float32 {
	if s.length <= 0 {
		return labelWide
	}
	return labelWide + s.plot()*float32(max(0, min(1, float64(at)/float64(s.length))))
}

// at is the moment at a place; false: names stand there.
func (s scale) at(x float32) (time.Duration, bool) {
	if x < labelWide {
		return 0, false
	}
	at := time.Duration(float64(s.length) * float64(min(1, (x-labelWide)/s.plot())))
	return at.Round(time.Millisecond), true
}

// ticks are the moments that the axis names.
func (s scale) ticks() []time.Duration {
	if s.length <= 0 {
		return nil
	}
	step := steps[len(steps)-1]
	for _, one := range steps {
		if float32(float64(one)/float64(s.length))*s.plot() >= apart {
			step = one
			break
		}
	}
	var all []time.Duration
	for at := time.Duration(0); at <= s.length; at += step {
		all = append(all, at)
	}
	return all
}
