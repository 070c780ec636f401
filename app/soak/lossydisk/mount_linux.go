package lossydisk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// ErrNoFUSE says that no file system can be mounted here.
var ErrNoFUSE = errors.New("no file system can be mounted by FUSE here: that takes root and /dev/fuse")

// remembered is for how long the kernel may keep what it knows of names: nobody else changes them.
const remembered = time.Hour

// Mount shows the disk at a folder until unmount. Programs that use it must have ended by then.
func (d *Disk) Mount(folder string) (unmount func() error, err error) {
	keep := remembered
	server, err := fs.Mount(folder, &node{disk: d, ino: root}, &fs.Options{
		EntryTimeout: &keep, AttrTimeout: &keep, UID: uint32(os.Getuid()), GID: uint32(os.Getgid()),
		MountOptions: fuse.MountOptions{DirectMountStrict: true, FsName: "lossydisk", Name: "lossydisk", DisableXAttrs: true},
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoFUSE, err)
	}
	return func() error {
		if err := server.Unmount(); err != nil {
			return fmt.Errorf("unmounting the disk: %w", err)
		}
		server.Wait()
		return nil
	}, nil
}

// Extract writes everything as programs see it to a folder of another disk.
func (d *Disk) Extract(to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.extract(root, to)
}

func (d *Disk) extract(folder uint64, to string) error {
	for _, name := range slices.Sorted(maps.Keys(d.names[folder])) {
		ino := d.names[folder][name]
		path := filepath.Join(to, name)
		if !d.files[ino].folder {
			if err := os.WriteFile(path, d.files[ino].content, 0o600); err != nil {
				return err
			}
			continue
		}
		if err := os.MkdirAll(path, 0o700); err != nil {
			return err
		}
		if err := d.extract(ino, path); err != nil {
			return err
		}
	}
	return nil
}

// node is a file or folder as FUSE asks for it.
type node struct {
	fs.Inode
	disk *Disk
	ino  uint64
}

var (
	_ fs.NodeLookuper  = (*node)(nil)
	_ fs.NodeReaddirer = (*node)(nil)
	_ fs.NodeGetattrer = (*node)(nil)
	_ fs.NodeSetattrer = (*node)(nil)
	_ fs.NodeCreater   = (*node)(nil)
	_ fs.NodeMkdirer   = (*node)(nil)
	_ fs.NodeLinker    = (*node)(nil)
	_ fs.NodeUnlinker  = (*node)(nil)
	_ fs.NodeRmdirer   = (*node)(nil)
	_ fs.NodeRenamer   = (*node)(nil)
	_ fs.NodeOpener    = (*node)(nil)
	_ fs.NodeReader    = (*node)(nil)
	_ fs.NodeWriter    = (*node)(nil)
	_ fs.NodeFsyncer   = (*node)(nil)
	_ fs.NodeStatfser  = (*node)(nil)
)

// look runs what only reads.
func (n *node) look(how func(*Disk) syscall.Errno) syscall.Errno {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if n.disk.off {
		return syscall.EIO
	}
	return how(n.disk)
}

// change runs what changes something.
func (n *node) change(how func(*Disk) syscall.Errno) syscall.Errno {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if !n.disk.change() {
		return syscall.EIO
	}
	return how(n.disk)
}

// child is the node of a number, with its attributes. The caller holds the disk's mu.
func (n *node) child(ctx context.Context, ino uint64, out *fuse.EntryOut) *fs.Inode {
	f := n.disk.files[ino]
	f.attributes(ino, &out.Attr)
	kind := uint32(fuse.S_IFREG)
	if f.folder {
		kind = fuse.S_IFDIR
	}
	return n.NewInode(ctx, &node{disk: n.disk, ino: ino}, fs.StableAttr{Mode: kind, Ino: ino})
}

func (f *file) attributes(ino uint64, out *fuse.Attr) {
	out.Ino, out.Mode, out.Size, out.Nlink = ino, f.mode|fuse.S_IFREG, uint64(len(f.content)), 1
	if f.folder {
		out.Mode = f.mode | fuse.S_IFDIR
	}
	out.Owner = fuse.Owner{Uid: uint32(os.Getuid()), Gid: uint32(os.Getgid())}
	out.SetTimes(&f.modified, &f.modified, &f.modified)
}

// Lookup is fs.NodeLookuper's.
func (n *node) Lookup(ctx context.Context, name string, out *fuse.EntryOut) (found *fs.Inode, errno syscall.Errno) {
	errno = n.look(func(d *Disk) syscall.Errno {
		ino, ok := d.names[n.ino][name]
		if !ok {
			return syscall.ENOENT
		}
		found = n.child(ctx, ino, out)
		return 0
	})
	return found, errno
}

// Readdir is fs.NodeReaddirer's.
func (n *node) Readdir(context.Context) (fs.DirStream, syscall.Errno) {
	var list []fuse.DirEntry
	errno := n.look(func(d *Disk) syscall.Errno {
		for _, name := range slices.Sorted(maps.Keys(d.names[n.ino])) {
			kind := uint32(fuse.S_IFREG)
			if d.files[d.names[n.ino][name]].folder {
				kind = fuse.S_IFDIR
			}
			list = append(list, fuse.DirEntry{Name: name, Ino: d.names[n.ino][name], Mode: kind})
		}
		return 0
	})
	return fs.NewListDirStream(list), errno
}

// Getattr is fs.NodeGetattrer's.
func (n *node) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	return n.look(func(d *Disk) syscall.Errno {
		d.files[n.ino].attributes(n.ino, &out.Attr)
		return 0
	})
}

// Setattr is fs.NodeSetattrer's. Modes and times are durable at once: nothing of ours hangs on them.
func (n *node) Setattr(_ context.Context, _ fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	return n.change(func(d *Disk) syscall.Errno {
		f := d.files[n.ino]
		if mode, ok := in.GetMode(); ok {
			f.mode = mode & 0o7777
		}
		if at, ok := in.GetMTime(); ok {
			f.modified = at
		}
		if size, ok := in.GetSize(); ok {
			f.write(written{size: int64(size)})
		}
		f.attributes(n.ino, &out.Attr)
		return 0
	})
}

// make adds a file or a folder.
func (n *node) make(ctx context.Context, name string, f *file, out *fuse.EntryOut) (made *fs.Inode, errno syscall.Errno) {
	errno = n.change(func(d *Disk) syscall.Errno {
		if _, taken := d.names[n.ino][name]; taken {
			return syscall.EEXIST
		}
		ino := d.next
		d.next++
		d.files[ino] = f
		if f.folder {
			d.names[ino] = map[string]uint64{}
		}
		d.rename(named{folder: n.ino, name: name, leads: ino})
		made = n.child(ctx, ino, out)
		return 0
	})
	return made, errno
}

// Create is fs.NodeCreater's.
func (n *node) Create(ctx context.Context, name string, _, mode uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	made, errno := n.make(ctx, name, &file{mode: mode & 0o7777, modified: time.Now()}, out)
	return made, nil, fuse.FOPEN_KEEP_CACHE, errno
}

// Mkdir is fs.NodeMkdirer's.
func (n *node) Mkdir(ctx context.Context, name string, mode uint32, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	return n.make(ctx, name, &file{folder: true, mode: mode & 0o7777, modified: time.Now()}, out)
}

// Link is fs.NodeLinker's.
func (n *node) Link(ctx context.Context, target fs.InodeEmbedder, name string, out *fuse.EntryOut) (linked *fs.Inode, errno syscall.Errno) {
	to, ok := target.(*node)
	if !ok {
		return nil, syscall.EXDEV
	}
	errno = n.change(func(d *Disk) syscall.Errno {
		if _, taken := d.names[n.ino][name]; taken {
			return syscall.EEXIST
		}
		d.rename(named{folder: n.ino, name: name, leads: to.ino})
		linked = n.child(ctx, to.ino, out)
		return 0
	})
	return linked, errno
}

// Unlink is fs.NodeUnlinker's.
func (n *node) Unlink(_ context.Context, name string) syscall.Errno {
	return n.change(func(d *Disk) syscall.Errno {
		if _, ok := d.names[n.ino][name]; !ok {
			return syscall.ENOENT
		}
		d.rename(named{folder: n.ino, name: name})
		return 0
	})
}

// Rmdir is fs.NodeRmdirer's.
func (n *node) Rmdir(_ context.Context, name string) syscall.Errno {
	return n.change(func(d *Disk) syscall.Errno {
		ino, ok := d.names[n.ino][name]
		switch {
		case !ok:
			return syscall.ENOENT
		case len(d.names[ino]) > 0:
			return syscall.ENOTEMPTY
		}
		d.rename(named{folder: n.ino, name: name})
		return 0
	})
}

// Rename is fs.NodeRenamer's. What had the new name is replaced by it in one.
func (n *node) Rename(_ context.Context, name string, parent fs.InodeEmbedder, newName string, flags uint32) syscall.Errno {
	to, ok := parent.(*node)
	if !ok || flags&fs.RENAME_EXCHANGE != 0 {
		return syscall.EINVAL
	}
	return n.change(func(d *Disk) syscall.Errno {
		ino, ok := d.names[n.ino][name]
		if !ok {
			return syscall.ENOENT
		}
		if taken, ok := d.names[to.ino][newName]; ok {
			switch {
			case flags != 0:
				return syscall.EEXIST
			case len(d.names[taken]) > 0:
				return syscall.ENOTEMPTY
			}
		}
		d.rename(named{folder: to.ino, name: newName, leads: ino, from: n.ino, fromName: name})
		return 0
	})
}

// Open is fs.NodeOpener's.
func (n *node) Open(context.Context, uint32) (fs.FileHandle, uint32, syscall.Errno) {
	return nil, fuse.FOPEN_KEEP_CACHE, n.look(func(*Disk) syscall.Errno { return 0 })
}

// Read is fs.NodeReader's.
func (n *node) Read(_ context.Context, _ fs.FileHandle, into []byte, at int64) (result fuse.ReadResult, errno syscall.Errno) {
	errno = n.look(func(d *Disk) syscall.Errno {
		content := d.files[n.ino].content
		from := min(at, int64(len(content)))
		result = fuse.ReadResultData(into[:copy(into, content[from:])])
		return 0
	})
	return result, errno
}

// Write is fs.NodeWriter's.
func (n *node) Write(_ context.Context, _ fs.FileHandle, data []byte, at int64) (uint32, syscall.Errno) {
	errno := n.change(func(d *Disk) syscall.Errno {
		d.files[n.ino].write(written{at: at, data: slices.Clone(data)})
		return 0
	})
	if errno != 0 {
		return 0, errno
	}
	return uint32(len(data)), 0
}

// Fsync is fs.NodeFsyncer's, of files and of folders.
func (n *node) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	return n.change(func(d *Disk) syscall.Errno {
		d.sync(d.files[n.ino])
		return 0
	})
}

// Statfs is fs.NodeStatfser's: there is room enough.
func (n *node) Statfs(_ context.Context, out *fuse.StatfsOut) syscall.Errno {
	return n.look(func(*Disk) syscall.Errno {
		out.Bsize, out.Frsize, out.NameLen = 4096, 4096, 255
		out.Blocks, out.Bfree, out.Bavail, out.Files, out.Ffree = 1<<20, 1<<20, 1<<20, 1<<20, 1<<20
		return 0
	})
}
