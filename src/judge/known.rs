//! Tokens that their owners published on purpose, for tests.

use crate::model::Secret;

/// The SHA-256 of every token that is known to be public and harmless, with where it
/// comes from. The tokens themselves stand in no file of this project.
const PUBLIC: [(&str, &str); 5] = [
    (
        "33561ab10421f982e2ec806d343d8b9b2fd85e93cf17851834bfbb807f2b0030",
        "the staging server's test user in the tests of datasets",
    ),
    (
        "4ac12ef8818eb2e42db5c6900f821d6f4d37fa33505a8cdf0f218ec8124245cc",
        "the example of Nosey Parker's rule",
    ),
    (
        "5de261506c0ff857b7c1af7059f842fb0a36d1ca2e4895da542c5eb726f2c802",
        "the staging server's test user in transformers and diffusers",
    ),
    (
        "791939be7ef91ab5085801c9ae30d974fbe0f7cb03a637b91f5c7912c88bd359",
        "the staging server's test user in the tests of huggingface_hub",
    ),
    (
        "8289a910dc55be1e84d087b937806394625d6182b2f66345d30dbdc5f24a59fa",
        "the staging server's test user in the tests of huggingface_hub",
    ),
];

/// Where a token comes from, if it is one that its owner published for tests.
pub fn public_test_token(secret: &Secret) -> Option<&'static str> {
    let digest = secret.sha256();
    PUBLIC.iter().find(|(known, _)| *known == digest).map(|(_, origin)| *origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_a_sha256_and_none_stands_twice() {
        let mut digests: Vec<_> = PUBLIC.iter().map(|(digest, _)| *digest).collect();
        assert!(
            digests.iter().all(|one| one.len() == 64 && one.bytes().all(|b| b.is_ascii_hexdigit()))
        );
        digests.dedup();
        assert_eq!(digests.len(), PUBLIC.len());
        assert!(digests.is_sorted());
    }

    #[test]
    fn an_unknown_token_is_not_known() {
        assert_eq!(public_test_token(&Secret::new(*b"hf_unknown")), None);
    }
}
