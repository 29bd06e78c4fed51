//! The tags by which rules are grouped and selected.

/// All tags, each with the description of its group. Every rule has one of the first two;
/// `credential = false` decides which.
pub const TAGS: [(&str, &str); 25] = [
    ("credential", "a secret, to be revoked"),
    ("habit", "code or configuration that leaks secrets"),
    ("deprecated", "an interface that Hugging Face has removed or renamed"),
    ("huggingface", "Hugging Face tokens and code that handles them"),
    ("generic", "secrets that no provider's format identifies"),
    ("ai", "models, experiment trackers, vector stores and rented GPUs"),
    ("cloud", "cloud providers"),
    ("code-hosting", "source code hosting"),
    ("database", "databases"),
    ("messaging", "chat and mail"),
    ("payment", "payment services"),
    ("registry", "registries of packages and images"),
    ("service", "any other service"),
    ("agent", "settings of coding agents and editors"),
    ("artefact", "files that training and experiments write"),
    ("ci", "continuous integration"),
    ("code", "program code"),
    ("config", "configuration files"),
    ("docker", "images and containers"),
    ("git", "git's own settings and addresses"),
    ("infrastructure", "infrastructure as code, Kubernetes, cloud jobs"),
    ("log", "output of programs"),
    ("notebook", "notebooks"),
    ("shell", "scripts and command lines"),
    ("space", "Spaces on the Hub"),
];

/// The prefix of a tag in settings that also take rule names.
pub const TAG_PREFIX: &str = "tag:";

/// The names of [`TAGS`].
pub const NAMES: [&str; TAGS.len()] = {
    let mut names = [""; TAGS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = TAGS[at].0;
        at += 1;
    }
    names
};

/// The tag of rules that find credentials, or of those that do not.
pub const fn kind_tag(credential: bool) -> &'static str {
    if credential { "credential" } else { "habit" }
}
