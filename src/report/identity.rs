//! Unique ids within a report.

use crate::{
    judge::guessable::is_guessable,
    model::{Finding, Secret},
};
use sha1::{Digest, Sha1};
use std::collections::HashMap;

/// A unique id for each finding, in order: its fingerprint, with a number for repeated findings of
/// a secret in one file.
pub fn names(findings: &[Finding]) -> Vec<String> {
    let mut seen: HashMap<&str, u64> = HashMap::new();
    findings
        .iter()
        .map(|finding| {
            let fingerprint = finding.fingerprint.as_str();
            let count = seen.entry(fingerprint).or_default();
            *count += 1;
            if *count == 1 { fingerprint.to_string() } else { format!("{fingerprint}-{count}") }
        })
        .collect()
}

/// A stable id of a secret; `None` for a guessable secret, whose id would confirm a guess.
pub fn public_id(secret: &Secret) -> Option<String> {
    match secret.id_of_report() {
        Some(id) => id.map(str::to_string),
        None => (!is_guessable(secret)).then(|| secret.id()),
    }
}

/// The namespace of hfscan's identifiers: the version 5 UUID of `https://huggingface.co/hfscan` in
/// the URL namespace.
const NAMESPACE: [u8; 16] = [
    0xa0, 0x07, 0xd8, 0xde, 0x6c, 0xc3, 0x52, 0xb8, 0xa1, 0xa1, 0xd5, 0x0f, 0x83, 0xb3, 0x43, 0x96,
];

/// The version 5 UUID of a name, which depends only on the name (RFC 9562, section 5.5).
pub fn uuid(name: &str) -> String {
    uuid_in(NAMESPACE, name)
}

fn uuid_in(namespace: [u8; 16], name: &str) -> String {
    let digest = Sha1::new().chain_update(namespace).chain_update(name).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = crate::model::secret::hex(&bytes);
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_uuid_is_the_one_that_the_standard_gives() {
        // RFC 9562, A.4: `www.example.com` in the namespace of domain names.
        let dns = [
            0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4,
            0x30, 0xc8,
        ];
        assert_eq!(uuid_in(dns, "www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
    }

    #[test]
    fn two_findings_of_one_secret_in_one_file_have_two_names() {
        let finding = sample::outcome().findings.remove(0);
        let names = names(&[finding.clone(), finding]);
        assert_ne!(names[0], names[1]);
    }
}
