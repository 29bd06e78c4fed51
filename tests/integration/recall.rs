//! No random token may be missed.

use hfscan::internal::{
    detect::{Engine, Scratch, Text, Verdict},
    model::{Confidence, SourcePath},
    rule::{RuleSet, Selection, built_in},
};

const LETTERS: &[u8; 52] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

#[test]
fn none_of_200_000_random_tokens_is_missed() {
    const TOKENS: usize = 200_000;
    let mut random = fastrand::Rng::with_seed(20_261_121);
    let mut text = Vec::with_capacity(TOKENS * 45);
    for _ in 0..TOKENS {
        text.extend_from_slice(b"token: hf_");
        text.extend((0..34).map(|_| LETTERS[random.usize(..LETTERS.len())]));
        text.push(b'\n');
    }
    let selection = Selection { select: vec!["hf-user-access-token".into()], ignore: Vec::new() };
    let rules = RuleSet::new(built_in(None).unwrap(), &selection).unwrap();
    let engine = Engine::new(rules, 0);
    let path = SourcePath::from_bytes("tokens.txt");
    let (mut found, mut doubted, mut dismissed) = (0, 0, Vec::new());
    engine.run(
        Text { path: &path, containers: &[], bytes: &text, part: None, is_whole: true, map: None },
        &mut Scratch::default(),
        &mut |one| match one.verdict {
            Verdict::Real(real) => {
                found += 1;
                doubted += usize::from(real.confidence < Confidence::High);
            }
            Verdict::Dismissed(reason) => dismissed.push(reason),
        },
    );
    assert_eq!((found, dismissed.len()), (TOKENS, 0), "{dismissed:?}");
    // A random body occasionally contains a word such as `test`, which only lowers the confidence.
    assert!(doubted < TOKENS / 1000, "{doubted}");
}
