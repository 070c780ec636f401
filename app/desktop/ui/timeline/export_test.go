package timeline

// Again reads the course anew, as every other second of a call that goes on, and no more by itself.
func (s *Sheet) Again() {
	s.growth.Do = func(func()) {}
	s.read()
}
