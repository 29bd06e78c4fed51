//! Encrypted values.

use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind};
use std::sync::LazyLock;

/// Prefixes with which tools mark encrypted values.
const MARKS: [&str; 34] = [
    // dotenvx, https://dotenvx.com/docs/quickstart/encryption
    "encrypted:",
    // dotenv-vault and `.env.vault`
    "dotenv://",
    // Fernet: version 0x80 and a time whose highest bytes are zero until 2106,
    // https://github.com/fernet/spec/blob/master/Spec.md
    "gAAAAA",
    // Vault's transit engine, https://developer.hashicorp.com/vault/docs/secrets/transit
    "vault:v",
    // Jasypt, sops, and programs with a mark of their own
    "ENC(",
    "ENC[",
    "ENC{",
    "enc:",
    // Puppet's eyaml
    "DEC(",
    // Spring Cloud Config
    "{cipher}",
    // OpenSSL's `Salted__` in base64
    "U2FsdGVkX1",
    // Cirrus CI
    "ENCRYPTED[",
    // Ansible Vault
    "$ANSIBLE_VAULT",
    "!vault ",
    // Shopify's EJSON
    "EJ[1:",
    // AWS KMS: the first bytes of a ciphertext blob in base64
    "AQICAH",
    "AQECAH",
    "kms:",
    "aws:kms:",
    // Google KMS in base64
    "CiQA",
    // Maven's settings-security
    "{AES}",
    "e:AES:",
    "aes:",
    // age and PGP; `age1…` is the recipient
    "age1",
    "age-encryption.org/",
    "-----BEGIN AGE ENCRYPTED",
    "-----BEGIN PGP MESSAGE",
    // Windows DPAPI in base64 and hexadecimal: a version and the GUID of its provider
    "AQAAANCMnd8BFdERjHoAwE/Cl+s",
    "01000000d08c9ddf0115d1118c7a00c04fc297eb",
    // ASP.NET Core's data protection: a magic number in base64
    "CfDJ8",
    "AES256:",
    "secret:v1:",
    // Pulumi
    "v1:secure:",
    // Azure DevOps and Travis
    "secure:",
];

/// `true` if a value has the mark of a tool that encrypted it.
pub fn is_sealed(value: &str) -> bool {
    static SEALED: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let marks = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .start_kind(StartKind::Anchored)
            .build(MARKS);
        marks.expect("a few constant words")
    });
    let value = value.trim_start_matches(['"', '\'', ' ']);
    SEALED.is_match(Input::new(value).anchored(Anchored::Yes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_with_a_mark_of_encryption_is_sealed_and_a_mark_elsewhere_says_nothing() {
        for value in [
            "encrypted:BE9Y7LKANx77X1pv1HnEoil93fPa5c9rpL",
            "gAAAAABk3jV9mN1pQ4aB3dE5gH7jK9",
            "vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQAVZRkFM13ok481zo",
            "ENC(nrmZtkF7T0kjG/VodDvBw93Ct8EgjCA+)",
            "{cipher}FKSAJDFGYOS8F7GLHAKERGFHLSAJ",
            "U2FsdGVkX1+aB3dE5gH7jK9mN1pQ4",
            "ENCRYPTED[a4f5e6d7c8b9a0]",
            "EJ[1:aB3dE5gH7jK9mN1pQ4]",
            "AQICAHhaB3dE5gH7jK9mN1pQ4",
        ] {
            assert!(is_sealed(value), "{value}");
        }
        for value in ["aB3dgAAAAABk3jV9mN1pQ4", "not encrypted:aB3d", "", "vault"] {
            assert!(!is_sealed(value), "{value}");
        }
    }
}
