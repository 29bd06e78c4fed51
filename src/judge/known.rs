//! Credentials that their owners published on purpose, for tests or as examples.

/// The SHA-256 of every token that is known to be public and harmless, with its origin. No file of
/// this project contains the tokens themselves.
const PUBLIC: &[(&str, &str)] = &[
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

/// The SHA-256 of every credential that a provider's documentation shows as an example, or that is
/// built into its emulator.
const EXAMPLES: &[&str] = &[
    // The example of RFC 7617, Basic authentication.
    "cf4d418ed3de92d71f767db5391d5a2dacd40e1ce49e75d1137e2ecf4982d844",
    // Azurite, the emulator of Azure Storage.
    "0011cc25eb4320717494d2703e8cba85743e71b500283c21c8b88147992f9059",
    // The access key and the secret in AWS's documentation.
    "1a5d44a2dca19669d72edf4c4f1c27c4c1ca4b4408fbb17f6ce4ad452d78ddb3",
    "78314b11be2e581549ac1c4f616563fad3fdf0c3b71678f6e2299182080e0598",
    // The test keys of Stripe's documentation.
    "2cafc0970149a84f3b9e62eaf169f36f59907a3b3e31f7b82e68c69cd27f7326",
    "2d1f7723aabc5c7a51fcdc2463c99b5f3fdbc57cf3134db4ac12913c35976e6f",
    "f2d6ca16515033e5dce14eba840b979d27b5cbae24bb3e5bf484339667f86397",
    // Google API keys of documentation and sample pages, from the list of gitleaks.
    "0b476bdf9acf2123d547b5ae76f1e59884d8ec9553ee0c47e9f31fd4768f3f3c",
    "2037abcaffb2b77785da716cf7ccff4ff4d00c4ea930db0167b7d71f50af7eb4",
    "27a9a42931dff7eb2f8434e20a9bce976ea364e7bee49187f19d5cfeca9c7045",
    "37f8f09bdf12c2f2eae4ead7273a62ddb0c23459cbf902892f282b57f7ed6619",
    "3a8b61d0f636b007840c0d40ba12bcf48465dc054cdc1a68704a33521d84b665",
    "3f370c9dd8225c63b5c77de1f785edc9712958f18bb612d5fa2e0ae33aeca682",
    "49f777db995e8260da7ca9ffdf0c08d66f0453e97ec967018baf2cdfe3b582d0",
    "4c98242dcadc8b29005c6b4aad526552d5ea1842149154c0694adeec75847583",
    "8731261cb72d86267a32a532ebd3df429e2144e5e4ced7e13568bc9e6c8fb1b1",
    "a19f89ab3555eac10c40741f6df79ecf0935998f15569f8db9d67bce0181fff6",
    "a6c814bc555ae62c7bd8b58ec07bf559c7ed3a009976a1e0acc9cef0d4473b41",
    "dc0fcf046c61640cbd1e8b999ada3262d722c2ca4bf42dceac999020ffdbb614",
    "e4a5542bb7fd7b67e943c71ad29c34b5972c9840597e7eda53e666f44d5da0b9",
    "ea9bb1082cf95663f5faca23b8b15ef2aa0fce0a5c6df9c32dcb85b2e0a4513d",
    "eb540d2b6ee2a0a47c5779bc8a0141784c6b753840d4c6f4e2428a6e86e9e0b1",
    // The OAuth secret in the Salesforce pages of MindsDB's documentation.
    "5e0b31d22b5ab1f70e94a46c0df9daa4470fb92142f88ba6e12e60b5caa4a5c2",
    // The default of `secret_key` in Grafana's configuration.
    "f3c3964ca854e172366f81d8bdb327da487c2f8a15f954b116e28961dd6585c0",
    // The examples of jwt.io.
    "7f75367e7881255134e1375e723d1dea8ad5f6a4fdb79d938df1f1754a830606",
    "c794fa6d20c64efb9adf980ae93af472a1679775862d421ffe55d4a57fad5b3e",
    "da816f9f2c16e6c5390e7636cadc40c43551bf0bbcf8f36c65539e6633a9c5e8",
];

/// `true` if a provider's documentation shows the credential with this SHA-256 as an example.
pub fn is_documented_example(sha256: &str) -> bool {
    EXAMPLES.contains(&sha256)
}

/// The origin of a token with this SHA-256 that its owner published for tests; `None` for any
/// other.
pub fn public_test_token(sha256: &str) -> Option<&'static str> {
    PUBLIC.iter().find(|(known, _)| *known == sha256).map(|(_, origin)| *origin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Secret;

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
    fn the_example_of_a_documentation_is_known() {
        let example = Secret::new(["AKIA", "IOSFODNN7", "EXAMPLE"].concat().into_bytes());
        assert!(is_documented_example(&example.sha256()));
        assert!(EXAMPLES.iter().all(|one| one.len() == 64));
    }

    #[test]
    fn an_unknown_token_is_not_known() {
        assert_eq!(public_test_token(&Secret::new(*b"hf_unknown").sha256()), None);
    }
}
