//! Sets of small numbers, each stored once and identified by a number.

use std::{collections::HashMap, rc::Rc};

/// The id of a set.
pub type SetId = u32;
/// The empty set.
pub const EMPTY: SetId = 0;

/// Sets, each stored once, so that a set shared by many commits costs memory and work only once.
#[derive(Debug)]
pub struct Sets {
    sets: Vec<Rc<[u32]>>,
    ids: HashMap<Rc<[u32]>, SetId>,
    unions: HashMap<(SetId, SetId), SetId>,
}

impl Default for Sets {
    fn default() -> Self {
        let empty: Rc<[u32]> = Rc::default();
        Self {
            sets: vec![Rc::clone(&empty)],
            ids: HashMap::from([(empty, EMPTY)]),
            unions: HashMap::new(),
        }
    }
}

impl Sets {
    /// The set with these members.
    pub fn of(&mut self, mut members: Vec<u32>) -> SetId {
        members.sort_unstable();
        members.dedup();
        let members: Rc<[u32]> = members.into();
        if let Some(id) = self.ids.get(&members) {
            return *id;
        }
        let id = u32::try_from(self.sets.len()).expect("fewer sets than objects of a store");
        self.sets.push(Rc::clone(&members));
        self.ids.insert(members, id);
        id
    }

    /// The union of two sets.
    pub fn union(&mut self, a: SetId, b: SetId) -> SetId {
        let (a, b) = (a.min(b), a.max(b));
        if a == b || a == EMPTY {
            return b;
        }
        if let Some(known) = self.unions.get(&(a, b)) {
            return *known;
        }
        let members = [&*self.sets[a as usize], &*self.sets[b as usize]].concat();
        let id = self.of(members);
        self.unions.insert((a, b), id);
        id
    }

    /// The members, in order.
    pub fn members(&self, id: SetId) -> Rc<[u32]> {
        Rc::clone(&self.sets[id as usize])
    }

    /// `true` if it has this member.
    pub fn has(&self, id: SetId, member: u32) -> bool {
        self.sets[id as usize].binary_search(&member).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_members_are_the_same_set() {
        let mut sets = Sets::default();
        let (a, b) = (sets.of(vec![2, 1]), sets.of(vec![3]));
        let both = sets.union(a, b);
        assert_eq!(*sets.members(both), [1, 2, 3]);
        assert_eq!(sets.of(vec![3, 1, 2, 3]), both);
        assert_eq!(sets.union(EMPTY, a), a);
        assert!(sets.has(both, 2) && !sets.has(b, 2));
    }
}
