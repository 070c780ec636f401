package practice

// Telephones are real telephones at the extensions of a practice PBX. What such a telephone does is
// what really happens in a call, whatever a rule or a scenario says.
type Telephones interface {
	// Ring rings every device that is registered at an extension; nil if none is.
	Ring(Ringing) Telephone
	// Talk begins what the two sides of a call hear of each other.
	Talk() Talk
}

// Ringing says whose telephone rings, and what stands on its display.
type Ringing struct {
	Extension string
	// From is the caller's number or extension, "" an anonymous one; Name stands beside it.
	From, Name string
	// Tell reports what the telephone does, one thing after another, and whether the call went along
	// with it. It waits until the call has taken notice.
	Tell func(Signal) bool
}

// Signal is what the owner of a real telephone does with it.
type Signal struct {
	// Does is Answers, Busy, NoAnswer or Declines while it rings, then one of those below.
	Does string
	// Target is whom he Transfers the other party to, as he dialled it.
	Target string
}

// What the owner of a real telephone does in a talk.
const (
	HangsUp   = "hangs-up"
	Holds     = "holds"
	Resumes   = "resumes"
	Transfers = "transfers"
)

// Telephone is a real telephone in a call, with all devices of its extension until one is answered.
type Telephone interface {
	// Release ends the ringing or the talk on it, if it has not ended; answeredByOther tells a ringing one
	// that another one has the call.
	Release(answeredByOther bool)
}

// Party is one side of a talk: a real telephone, or somebody whom the PBX plays.
type Party struct {
	Telephone Telephone // nil: played
	Client    bool      // whose voice is played
}

// Talk is what the two sides of a call hear.
type Talk interface {
	// Join lets two sides hear each other, and nobody else.
	Join(a, b Party)
	// Mute lets neither hear anything, as on hold.
	Mute()
	// Record begins to record what both say.
	Record() Recording
	// End lets go of the telephones.
	End()
}

// Recording is what both sides of a talk say, mixed.
type Recording interface {
	// Stop ends the recording at once.
	Stop()
	// Sound waits for what was recorded and returns it as 8 kHz mono MP3; ok is false if it was lost.
	Sound() (mp3 []byte, ok bool)
}
