//! Merges the settings of several sources.

use super::{
    key::Takes,
    keys::KEYS,
    layer::{Layer, Said},
};

/// Merges two layers. `higher` wins. Lists that are extended contain the entries of `lower` first,
/// so that later entries of `higher` win.
pub fn merge(higher: Layer, lower: Layer) -> Layer {
    let (mut higher, mut merged) = (higher, lower);
    for key in KEYS {
        let Some(said) = higher.take(key.name) else { continue };
        let said = match (merged.take(key.name), said) {
            (Some(Said::List(mut all)), Said::List(more)) if adds(&key.takes) => {
                all.extend(more);
                Said::List(all)
            }
            (Some(Said::Severities(mut all)), Said::Severities(more)) => {
                all.extend(more);
                Said::Severities(all)
            }
            (Some(Said::RulesByPath(mut all)), Said::RulesByPath(more)) => {
                all.extend(more);
                Said::RulesByPath(all)
            }
            (_, said) => said,
        };
        merged.set(key.name, said);
    }
    merged
}

fn adds(takes: &Takes) -> bool {
    matches!(takes, Takes::List { adds: true, .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layer::{Origin, Sourced};

    fn one(value: &str) -> Sourced<String> {
        Sourced { value: value.into(), origin: Origin::Flag("x") }
    }

    fn layer(said: &[(&'static str, Said)]) -> Layer {
        let mut layer = Layer::default();
        said.iter().for_each(|(name, said)| layer.set(name, said.clone()));
        layer
    }

    #[test]
    fn a_higher_place_wins_and_excludes_add_up() {
        let lower = layer(&[
            ("select", Said::List(vec![one("a")])),
            ("exclude", Said::List(vec![one("low")])),
            ("fail-on", Said::Word(one("low"))),
            ("format", Said::Word(one("json"))),
        ]);
        let higher = layer(&[
            ("select", Said::List(vec![one("b")])),
            ("exclude", Said::List(vec![one("high")])),
            ("fail-on", Said::Word(one("high"))),
        ]);
        let both = merge(higher, lower);
        assert_eq!(both.get("select"), Some(&Said::List(vec![one("b")])));
        assert_eq!(both.get("exclude"), Some(&Said::List(vec![one("low"), one("high")])));
        assert_eq!(both.get("fail-on"), Some(&Said::Word(one("high"))));
        assert_eq!(both.get("format"), Some(&Said::Word(one("json"))));
    }
}
