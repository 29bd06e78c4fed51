//! The file systems of folders, as far as they affect how files are read.

use std::path::{Path, PathBuf};

/// File systems on which a read only returns fewer bytes than requested at the end of the file or,
/// at the end of a sector, before a part that cannot be read.
///
/// Others, among them `/proc`, return what is available, and `overlay` returns what the file system
/// below it returns. Source: `filemap_read` in `mm/filemap.c` and `seq_read_iter` in
/// `fs/seq_file.c` of Linux.
const WHOLE: [&str; 7] = ["ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "tmpfs"];

/// `true` if all these folders are on file systems where a short read that does not end with a
/// sector has reached the end of the file. `false` if unknown, as on any system except Linux.
pub fn show_ends<'p>(mut folders: impl Iterator<Item = &'p PathBuf>) -> bool {
    let Ok(mounts) = std::fs::read("/proc/self/mountinfo") else { return false };
    folders.all(|folder| folder.canonicalize().is_ok_and(|folder| shows_ends(&folder, &mounts)))
}

/// The same for one folder, from the kernel's list of mounts (`proc_pid_mountinfo(5)`).
fn shows_ends(folder: &Path, mounts: &[u8]) -> bool {
    // A later mount hides earlier ones at its path and below.
    let (mut shows, mut depth) = (false, 0);
    for mount in mounts.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let Some((place, kind)) = place_and_kind(mount) else { return false };
        let is_whole = WHOLE.iter().any(|whole| whole.as_bytes() == kind);
        if folder.starts_with(&place) {
            let its = place.components().count();
            if its >= depth {
                (shows, depth) = (is_whole, its);
            }
            shows &= is_whole;
        } else if place.starts_with(folder) && !is_whole {
            return false;
        }
    }
    shows
}

/// The path and the type of a mounted file system.
fn place_and_kind(mount: &[u8]) -> Option<(PathBuf, &[u8])> {
    let mut fields = mount.split(|byte| *byte == b' ');
    let place = fields.nth(4)?;
    let kind = fields.skip_while(|field| *field != b"-").nth(1)?;
    Some((PathBuf::from(String::from_utf8(unescaped(place)?).ok()?), kind))
}

/// Decodes blanks, line ends and `\`, which are written as `\` and three octal digits.
fn unescaped(field: &[u8]) -> Option<Vec<u8>> {
    let mut parts = field.split(|byte| *byte == b'\\');
    let mut all = parts.next()?.to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(3)?;
        all.push(u8::from_str_radix(str::from_utf8(digits).ok()?, 8).ok()?);
        all.extend_from_slice(rest);
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &[u8] = b"\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
23 22 0:21 / /proc rw,nosuid - proc proc rw
24 22 0:5 / /dev rw shared:2 master:1 - devtmpfs udev rw
25 22 0:30 / /home/a/remote rw - fuse.sshfs host: rw
26 22 0:31 / /home/b\\040c rw - 9p share rw
27 22 0:32 / /srv rw - nfs4 host:/ rw
28 27 8:2 / /srv rw - xfs /dev/sda2 rw
29 22 8:3 / /mnt/a/b rw - ext4 /dev/sda3 rw
30 22 0:33 / /mnt/a rw - fuse.sshfs host: rw
";

    #[test]
    fn a_folder_that_holds_another_kind_of_file_system_is_not_told() {
        let shows = |folder: &str| shows_ends(Path::new(folder), MOUNTS);
        for folder in ["/home/a/work", "/usr", "/home/a/remote2", "/srv/data", "/procedures"] {
            assert!(shows(folder), "{folder}");
        }
        for folder in ["/", "/home", "/home/a/remote/x", "/proc/self", "/home/b c/d", "/mnt/a/b/c"]
        {
            assert!(!shows(folder), "{folder}");
        }
    }

    #[test]
    fn a_list_that_is_not_understood_tells_nothing() {
        let folder = Path::new("/a");
        for mounts in [&b""[..], b"22 1 8:1 / / rw", b"22 1 8:1 / /\\04 rw - ext4 x rw", b"\xff\n"]
        {
            assert!(!shows_ends(folder, mounts), "{}", mounts.escape_ascii());
        }
        assert!(!shows_ends(folder, b"22 1 8:1 / /b rw - ext4 /dev/sda1 rw\n"));
    }
}
