//! Builds zip archives byte by byte.

use std::io::Write;

/// A local header with its member, and the directory entry for it.
pub fn stored(
    local: &str,
    listed: &str,
    extra: &[u8],
    bytes: &[u8],
    at: usize,
) -> (Vec<u8>, Vec<u8>) {
    let size = u32::try_from(bytes.len()).expect("it is small").to_le_bytes();
    let length = |text: &[u8]| u16::try_from(text.len()).expect("it is small").to_le_bytes();
    let sizes = [&[0; 4][..], &size, &size].concat();
    let (name, entry_name) = (local.as_bytes(), listed.as_bytes());
    let header = [&b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0"[..], &sizes, &length(name), &length(extra)];
    let member = [&header.concat()[..], name, extra, bytes].concat();
    let place = u32::try_from(at).expect("it is small").to_le_bytes();
    let entry = [
        &b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0"[..],
        &sizes,
        &length(entry_name),
        &[0; 12],
        &place,
        entry_name,
    ];
    (member, entry.concat())
}

/// An archive with one member, preceding bytes and a comment.
pub fn archive(before: &[u8], members: &[u8], directory: &[u8], comment: &[u8]) -> Vec<u8> {
    let number = |value: usize| u32::try_from(value).expect("it is small").to_le_bytes();
    let end = [
        &b"PK\x05\x06\0\0\0\0\x01\0\x01\0"[..],
        &number(directory.len()),
        &number(members.len()),
        &u16::try_from(comment.len()).expect("it is small").to_le_bytes(),
        comment,
    ];
    [before, members, directory, &end.concat()].concat()
}

/// A member packed with a zip method, and its directory entry.
pub fn packed_by(method: u8, name: &str, packed: &[u8], unpacked: usize) -> (Vec<u8>, Vec<u8>) {
    let (mut member, mut entry) = stored(name, name, b"", packed, 0);
    member[8] = method;
    entry[10] = method;
    let size = u32::try_from(unpacked).expect("it is small").to_le_bytes();
    member[22..26].copy_from_slice(&size);
    entry[24..28].copy_from_slice(&size);
    (member, entry)
}

/// A deflated member and its directory entry.
pub fn deflated(name: &str, bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).expect("memory can be written to");
    let packed = packer.finish().expect("memory can be written to");
    packed_by(8, name, &packed, bytes.len())
}
