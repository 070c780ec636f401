package backup

// BreakOff has step told before every change that a restore makes to the disk.
func (r *Restorer) BreakOff(step func(what string)) { r.step = step }
