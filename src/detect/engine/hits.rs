//! What stands around anchors, decoded.

use super::{DECODERS, Hit, Run};
use crate::{
    detect::{
        candidate::Candidate,
        judgement::{Subject, judge},
        versions::for_each_match,
    },
    model::{Span, SpanMap},
    rule::{Matcher, ViewName, secret_of},
};
use regex::bytes::Captures;
use std::ops::ControlFlow;

/// Encodings within encodings that are followed.
const MAX_DEPTH: usize = 3;
/// Bytes after an anchor in which its secret is sure to end. A view that reaches as far
/// is not made again for an anchor inside it.
const ROOM: usize = 2048;
impl<'e> Run<'e, '_> {
    /// Runs the rules over what stands around each anchor in `text`, decoded, and over
    /// what is encoded in that again. `maps` lead from `text` back to the run's own.
    pub(super) fn over_hits(
        &self,
        text: &[u8],
        hits: &[Hit],
        maps: &[&SpanMap],
        found: &mut dyn FnMut(Candidate<'e>),
    ) {
        // Up to where a view around an earlier hit of the same anchor reaches.
        let mut covered = vec![0; if hits.is_empty() { 0 } else { self.engine.anchors.len() }];
        for hit in hits {
            let reach = &mut covered[hit.anchor];
            if hit.at + ROOM <= *reach {
                continue;
            }
            let anchor = &self.engine.anchors[hit.anchor];
            let (view, decoder) = DECODERS[anchor.decoder];
            let decoded = decoder.decode(text, hit.at, &anchor.text);
            if decoded.is_empty() {
                *reach = decoder.barren_until(text, hit.at) + ROOM - 1;
            }
            for (place, (bytes, map)) in decoded.into_iter().enumerate() {
                let Some(left) = self.decodable.get().checked_sub(bytes.len() + ROOM / 16) else {
                    return;
                };
                self.decodable.set(left);
                if place == 0 {
                    *reach = map.to_source(Span::new(0, bytes.len())).end;
                }
                let mut inner = vec![&map];
                inner.extend_from_slice(maps);
                self.over_view(view, &bytes, &inner, found);
                if inner.len() < MAX_DEPTH {
                    let mut hits = Vec::new();
                    let _ = self.engine.prefilter.for_each_hit(&bytes, |keyword, at| {
                        // The same decoder was just over all of this.
                        let anchors = self.engine.keywords[keyword].anchors.iter();
                        let is_other =
                            |other: &&usize| self.engine.anchors[**other].decoder != anchor.decoder;
                        hits.extend(
                            anchors.filter(is_other).map(|anchor| Hit { at, anchor: *anchor }),
                        );
                        ControlFlow::Continue(())
                    });
                    self.over_hits(&bytes, &hits, &inner, found);
                }
            }
        }
    }

    /// Runs the rules for one decoded form over it; `maps` lead back to the text.
    fn over_view(
        &self,
        view: ViewName,
        bytes: &[u8],
        maps: &[&SpanMap],
        found: &mut dyn FnMut(Candidate<'e>),
    ) {
        for rule in self.engine.rules.rules() {
            let Matcher::Pattern { patterns, views } = &rule.matcher else { continue };
            if !views.contains(&view) || !self.text.is_for(rule) {
                continue;
            }
            let mut over_match = |captures: &Captures<'_>| {
                let inner = secret_of(captures);
                let subject =
                    Subject { text: bytes, span: inner, binary: false, now: self.engine.now };
                let outer = maps.first().map_or(inner, |map| map.to_source(inner));
                // What is as long encoded as decoded stands in clear beside what is encoded.
                if view == ViewName::Encoded && outer.len() == inner.len() {
                    return;
                }
                let span: Span = maps.iter().skip(1).fold(outer, |span, map| map.to_source(span));
                found(Candidate { rule, span, verdict: judge(rule, subject) });
            };
            for pattern in patterns {
                for_each_match(pattern, bytes, None, &mut over_match);
            }
        }
    }
}
