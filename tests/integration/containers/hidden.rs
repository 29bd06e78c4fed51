//! Bytes in a container that belong to no member.

use super::{
    found, token,
    zip::{archive, deflated, packed_by, stored},
};
use std::io::Write;

fn line() -> Vec<u8> {
    format!("HF_TOKEN={}\n", token()).into_bytes()
}

#[test]
fn a_zip_with_something_before_it_is_opened() {
    let text = [&line()[..], &[b'#'; 400]].concat();
    let (member, entry) = deflated("__main__.py", &text);
    let windows = [&b"MZ\0\0"[..], &[7; 9000]].concat();
    for before in [&b"#!/usr/bin/env python3\n"[..], b"#!/bin/sh\nexit\n", b"text", &windows] {
        for comment in [&b""[..], &b"c".repeat(300)] {
            let places = found("app.pyz", &archive(before, &member, &entry, comment));
            assert_eq!(places.len(), 1, "{places:?}");
            assert!(places[0].starts_with("app.pyz!__main__.py:1:"), "{places:?}");
        }
    }
}

#[test]
fn a_file_that_only_names_the_end_of_a_zip_is_no_zip() {
    let text = [&line()[..], b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x01\0\0\0\0\0\0\0\0\0"].concat();
    let places = found("notes.txt", &text);
    assert!(places.len() == 1 && places[0].starts_with("notes.txt:1:"), "{places:?}");
}

#[test]
fn what_stands_beside_the_members_of_a_zip_is_scanned() {
    let leak = line();
    let (member, entry) = stored("a.txt", "a.txt", b"", b"nothing\n", 0);
    let extra =
        [&b"\x99\x99"[..], &u16::try_from(leak.len()).unwrap().to_le_bytes(), &leak].concat();
    let (with_extra, entry_of_extra) = stored("a.txt", "a.txt", &extra, b"nothing\n", 0);
    let (renamed, entry_renamed) =
        stored(&format!("{}.txt", token()), "a.txt", b"", b"nothing\n", 0);
    let (unlisted, _) = stored("hidden.txt", "hidden.txt", b"", &leak, 0);
    let large = [&b"x\n".repeat(50_000)[..], &leak].concat();
    let cases = [
        ("comment", archive(b"", &member, &entry, &leak)),
        ("appended", [&archive(b"", &member, &entry, b"")[..], b"\n", &leak].concat()),
        ("extra field", archive(b"", &with_extra, &entry_of_extra, b"")),
        ("local name", archive(b"", &renamed, &entry_renamed, b"")),
        ("gap", archive(b"", &[&member[..], &leak].concat(), &entry, b"")),
        ("large gap", archive(b"", &[&member[..], &large].concat(), &entry, b"")),
        ("unlisted member", archive(b"", &[&member[..], &unlisted].concat(), &entry, b"")),
        ("before", archive(&[&b"#!/bin/sh\n"[..], &leak].concat(), &member, &entry, b"")),
    ];
    for (case, bytes) in cases {
        let places = found("a.zip", &bytes);
        assert_eq!(places.len(), 1, "{case}: {places:?}");
        if case == "unlisted member" {
            assert!(places[0].starts_with("a.zip!hidden.txt:1:"), "{places:?}");
        }
    }
}

/// A tar header with its checksum.
fn tar_header(name: &str, link: &str, size: usize, kind: u8) -> [u8; 512] {
    let mut header = [0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    header[148..156].fill(b' ');
    header[156] = kind;
    header[157..157 + link.len()].copy_from_slice(link.as_bytes());
    header[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

#[test]
fn what_stands_beside_the_members_of_a_tar_is_scanned() {
    let leak = line();
    let member = |link: &str, padding: &[u8]| {
        let mut bytes = [&tar_header("a.txt", link, 8, b'0')[..], b"nothing\n"].concat();
        bytes.extend_from_slice(padding);
        bytes.resize(1024, 0);
        bytes
    };
    let end = [0; 1024];
    let plain = member("", b"");
    let pax = format!("{} comment={}\n", token().len() + 12, token());
    let mut extended = [&tar_header("pax", "", pax.len(), b'x')[..], pax.as_bytes()].concat();
    extended.resize(1024, 0);
    let cases = [
        ("after the end", [&plain[..], &end, b"\n", &leak].concat()),
        ("an empty archive", [&end[..], &end, &end[..512], &leak].concat()),
        ("a second archive", {
            let second = [&tar_header("b.txt", "", leak.len(), b'0')[..], &leak].concat();
            [&plain[..], &end, &second].concat()
        }),
        ("padding", [&member("", &leak)[..], &end].concat()),
        ("link", [&member(&token(), b"")[..], &end].concat()),
        ("pax record", [&extended[..], &plain, &end].concat()),
        ("name", [&tar_header(&token(), "", 0, b'0')[..], &plain, &end].concat()),
    ];
    for (case, bytes) in cases {
        let places = found("a.tar", &bytes);
        assert_eq!(places.len(), 1, "{case}: {places:?}");
        let gzipped = gzip(&[], &bytes);
        assert_eq!(found("a.tar.gz", &gzipped).len(), 1, "{case} in gzip");
    }
}

/// Bytes compressed with gzip, with a file name and a comment.
fn gzip(comment: &[u8], bytes: &[u8]) -> Vec<u8> {
    let packer = flate2::GzBuilder::new().filename("a.txt").comment(comment);
    let mut packer = packer.write(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).expect("memory can be written to");
    packer.finish().expect("memory can be written to")
}

#[test]
fn a_comment_in_the_header_of_gzip_is_scanned() {
    let places = found("a.txt.gz", &gzip(token().as_bytes(), b"nothing"));
    assert_eq!(places.len(), 1, "{places:?}");
}

#[test]
fn every_frame_of_lz4_is_read() {
    let frame = |bytes: &[u8]| {
        let mut packer = lz4_flex::frame::FrameEncoder::new(Vec::new());
        packer.write_all(bytes).expect("memory can be written to");
        packer.finish().expect("memory can be written to")
    };
    let all = [frame(b"nothing\n"), frame(b""), frame(&line())].concat();
    let places = found("a.txt.lz4", &all);
    assert!(places.len() == 1 && places[0].starts_with("a.txt.lz4:2:"), "{places:?}");
}

/// Text compressed with LZMA, without a header.
fn lzma(bytes: &[u8], header: bool) -> Vec<u8> {
    use lzma_rust2::{LzmaOptions, LzmaWriter};
    let options = LzmaOptions::with_preset(1);
    let mut packer = match header {
        true => LzmaWriter::new_use_header(Vec::new(), &options, None),
        false => LzmaWriter::new_no_header(Vec::new(), &options, true),
    }
    .expect("usual options");
    packer.write_all(bytes).expect("memory can be written to");
    packer.finish().expect("memory can be written to")
}

#[test]
fn lzma_is_read_by_itself_and_in_zip() {
    let text = [&line()[..], &[b'#'; 400]].concat();
    let places = found("a.txt.lzma", &lzma(&text, true));
    assert!(places.len() == 1 && places[0].starts_with("a.txt.lzma:1:"), "{places:?}");
    let dictionary = lzma_rust2::LzmaOptions::with_preset(1).dict_size.to_le_bytes();
    let packed = [&b"\x09\x14\x05\0\x5d"[..], &dictionary, &lzma(&text, false)].concat();
    let (member, entry) = packed_by(14, "a.txt", &packed, text.len());
    let places = found("a.zip", &archive(b"", &member, &entry, b""));
    assert!(places.len() == 1 && places[0].starts_with("a.zip!a.txt:1:"), "{places:?}");
}
