package control

import "golang.org/x/sys/unix"

// peerUser asks the kernel who is at the other end (unix(4), LOCAL_PEERCRED).
func peerUser(fd int) (int, error) {
	peer, err := unix.GetsockoptXucred(fd, unix.SOL_LOCAL, unix.LOCAL_PEERCRED)
	if err != nil {
		return 0, err
	}
	return int(peer.Uid), nil
}
