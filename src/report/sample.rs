//! A small outcome with hostile file names, for the tests of every format.

use super::reporter::{Report, Setting, Style, Verbosity};
use crate::{
    model::{
        Confidence, Excerpt, Finding, Fingerprint, LineColumn, Location, Outcome, Secret, Severity,
        SkipReason, Skipped, SourcePath, Span, Totals, Warning,
    },
    rule::{RuleSet, Selection, built_in, example::expand},
};

/// Names that break a format without escaping.
pub const NAMES: [&[u8]; 7] = [
    b"plain.py",
    b"a b/100%,x:y.py",
    b"line\nend::error file=x.py::forged.py",
    "emoji-🤗/é.py".as_bytes(),
    b"not-utf8-\xff\xfe.py",
    "right-\u{202e}to-left.py".as_bytes(),
    b"=cmd|'<b>&\"]]>|`x`##[error].py",
];

/// The secret of the finding `number`.
pub fn token(number: usize) -> String {
    expand(&format!("hf_{{{{alpha:34:sample {number}}}}}"))
}

/// The built-in rules.
pub fn rules() -> RuleSet {
    let rules = built_in(None).expect("the built-in rules are valid");
    RuleSet::new(rules, &Selection::default()).expect("no id twice")
}

/// A finding in the file `number`, on line 3.
pub fn finding(number: usize) -> Finding {
    let path = SourcePath::from_bytes(NAMES[number % NAMES.len()]);
    let secret = Secret::new(token(number).into_bytes());
    let severities = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];
    let text = format!("token = \"{}\"  # <script>|`*", secret.masked());
    Finding {
        rule: "hf-user-access-token".into(),
        also: Vec::new(),
        rule_names: std::sync::Arc::default(),
        severity: severities[number % severities.len()],
        confidence: Confidence::High,
        message: "a Hugging Face user access token stands here in clear".into(),
        help: "write `os.environ[\"HF_TOKEN\"]`, 100% <safer>".into(),
        notes: vec!["the file is a test".into()],
        fingerprint: Fingerprint::new("hf-user-access-token", &path, secret.expose()),
        location: Location {
            path,
            inside: Vec::new(),
            span: Span::new(30, 67),
            start: LineColumn { line: 3, column: 10, byte_column: 12 },
            end: LineColumn { line: 3, column: 47, byte_column: 49 },
            note: None,
        },
        excerpt: Excerpt {
            highlight: Span::new(9, 9 + secret.masked().len()),
            text,
            cut_left: false,
            cut_right: false,
        },
        secret: Some(secret),
        has_adopted: false,
        verification: None,
        suppressed: None,
        history: None,
        line_hash: Some("c129715d7a2bc9a3:1".into()),
        repeats: 0,
        precedence: crate::model::Precedence::Shape,
        fixes: Vec::new(),
    }
}

/// An outcome with a finding in each of [`NAMES`], skipped files and a warning.
pub fn outcome() -> Outcome {
    let skipped = |name: &[u8], reason| Skipped {
        path: SourcePath::from_bytes(name),
        inside: Vec::new(),
        reason,
        detail: "said: <no>, 100%".into(),
    };
    Outcome {
        findings: (0..NAMES.len()).map(finding).collect(),
        skipped: vec![
            skipped(b"locked\n::error::x", SkipReason::Unreadable),
            skipped(b"link", SkipReason::Symlink),
        ],
        warnings: vec![Warning {
            path: SourcePath::from_bytes(NAMES[2]),
            place: Some(LineColumn { line: 2, column: 5, byte_column: 5 }),
            message: "this comment ignores nothing".into(),
        }],
        suppressed_counts: [("inline", 2)].into(),
        totals: Totals { files: 9, bytes: 4096 },
        ..Outcome::default()
    }
}

/// The report on `outcome` by `reporter`.
pub fn written(reporter: &dyn super::Reporter, outcome: &Outcome) -> String {
    with_report(outcome, |report| {
        let mut out = Vec::new();
        reporter.write(report, &mut out).expect("memory can be written to");
        String::from_utf8(out).expect("reports are UTF-8")
    })
}

/// Calls `use_it` with a report on `outcome`.
pub fn with_report<T>(outcome: &Outcome, use_it: impl FnOnce(Report<'_>) -> T) -> T {
    let rules = rules();
    let style = Style {
        width: 100,
        color: false,
        verbosity: Verbosity::Dismissed,
        show_suppressed: false,
        long: false,
        statistics: false,
        wraps_headlines: false,
    };
    let setting = Setting {
        folder: b"",
        source_address: Some("https://git.example/acme/app/blob/1a2b3c/"),
        category: None,
        started: 1_800_000_000,
        ended: 1_800_000_005,
    };
    use_it(Report { outcome, rules: &rules, rules_version: "012345", prefix: "", style, setting })
}
