//! What keywords set off in a text of which a part is known.

use super::{Engine, Hit, Scratch};
use crate::detect::{
    keywords::{Group, JudgedLine, MAX_REACH},
    versions::{Event, What},
};
use std::ops::{ControlFlow, Range};

impl Engine {
    /// The number of a rule's gate, by the rule's own; the same for equal gates.
    pub(in crate::detect) fn gate(&self, rule: usize) -> u32 {
        self.gates[rule]
    }

    /// The group of this number.
    fn group(&self, number: u32) -> &Group {
        let (keyword, place) = self.groups[number as usize];
        &self.keywords[keyword].groups[place]
    }

    /// Appends what keywords set off that stand in `range` of a whole text, in order.
    pub(in crate::detect) fn find_events(
        &self,
        text: &[u8],
        range: Range<usize>,
        events: &mut Vec<Event>,
    ) {
        let first = events.len();
        let end = text.len().min(range.end + MAX_REACH);
        let mut judged = JudgedLine::default();
        let _ = self.prefilter.for_each_hit(&text[range.start..end], |number, at| {
            let place = range.start + at;
            let keyword = &self.keywords[number];
            // A longer text has no version.
            let event = |what| Event { at: place as u32, what };
            if place < range.end {
                let groups = keyword.groups.iter();
                let open = groups.filter(|group| group.opens(text, place, &mut judged));
                events.extend(open.map(|group| event(What::Group(group.number as u32))));
                let anchors = (!keyword.anchors.is_empty()).then_some(What::Anchor(number as u32));
                events.extend(
                    anchors.into_iter().chain(keyword.is_mark.then_some(What::Mark)).map(event),
                );
            }
            ControlFlow::Continue(())
        });
        events[first..].sort_unstable();
    }

    /// Notes in `scratch` what these events come to, as [`wake`](Self::wake) does.
    pub(super) fn wake_by(&self, events: &[Event], scratch: &mut Scratch) -> bool {
        let Scratch { awake, hits, has_mark, .. } = scratch;
        hits.clear();
        awake.clear();
        *has_mark = false;
        if events.is_empty() {
            return false;
        }
        awake.resize(self.rules.rules().len(), false);
        let mut is_any_awake = false;
        for event in events {
            match event.what {
                What::Group(group) => {
                    is_any_awake = true;
                    self.group(group).rules.iter().for_each(|rule| awake[*rule] = true);
                }
                What::Anchor(keyword) => {
                    let anchors = self.keywords[keyword as usize].anchors.iter();
                    let at = event.at as usize;
                    hits.extend(anchors.map(|anchor| Hit { at, anchor: *anchor }));
                }
                What::Mark => *has_mark = true,
            }
        }
        is_any_awake || !hits.is_empty()
    }

    /// Where keywords stand, of those that set off `events`, that wake one of these rules, by
    /// their numbers in ascending order.
    pub(in crate::detect) fn places_of(&self, events: &[Event], rules: &[usize]) -> Vec<usize> {
        let is_wanted = |event: &&Event| match event.what {
            What::Group(group) => {
                self.group(group).rules.iter().any(|rule| rules.binary_search(rule).is_ok())
            }
            What::Anchor(_) | What::Mark => false,
        };
        events.iter().filter(is_wanted).map(|event| event.at as usize).collect()
    }
}
