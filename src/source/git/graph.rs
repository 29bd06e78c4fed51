//! All commits of a repository and their parents.

use super::store::{NONE, Table};
use crate::model::ObjectId;
use std::{cmp::Reverse, collections::BinaryHeap};

/// A commit, by indices into the table of objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The commit itself.
    pub object: u32,
    /// Its tree; [`NONE`] if the store does not have it.
    pub tree: u32,
    /// The time of the commit, in seconds since 1970.
    pub time: i64,
    /// Its parents that are in the store.
    pub parents: Box<[u32]>,
    /// Objects that it refers to and that are not in the store.
    pub missing: Box<[ObjectId]>,
}

impl Node {
    /// Parses the text of a commit.
    pub fn parse(object: u32, text: &[u8], table: &Table) -> Self {
        let mut node =
            Self { object, tree: NONE, time: 0, parents: Box::default(), missing: Box::default() };
        let (mut parents, mut missing) = (Vec::new(), Vec::new());
        let header = text.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty());
        for line in header {
            let Some((name, value)) = split_once(line) else { continue };
            match name {
                b"tree" | b"parent" => match ObjectId::from_hex(value) {
                    Some(id) => match table.find(&id) {
                        Some(found) if name == b"tree" => node.tree = found,
                        Some(found) => parents.push(found),
                        None => missing.push(id),
                    },
                    None => continue,
                },
                b"committer" => node.time = time(value).unwrap_or(0),
                // The following lines, such as a signature, are not needed.
                b"author" => {}
                _ => break,
            }
        }
        node.parents = parents.into();
        node.missing = missing.into();
        node
    }
}

/// The object that an annotated tag refers to.
pub fn tag_target(text: &[u8]) -> Option<ObjectId> {
    ObjectId::from_hex(text.strip_prefix(b"object ")?.get(..40)?)
}

/// The time in the text of a commit, in seconds since 1970.
pub fn committed_at(text: &[u8]) -> Option<i64> {
    let mut header = text.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty());
    time(header.find_map(|line| line.strip_prefix(b"committer "))?)
}

fn split_once(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = memchr::memchr(b' ', line)?;
    Some((&line[..space], &line[space + 1..]))
}

/// The seconds in `name <address> seconds zone`.
fn time(value: &[u8]) -> Option<i64> {
    let rest = &value[memchr::memrchr(b'>', value)? + 1..];
    let seconds = rest.trim_ascii().split(|byte| *byte == b' ').next()?;
    std::str::from_utf8(seconds).ok()?.parse().ok()
}

/// All commits.
#[derive(Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    /// The index of the commit of each object.
    numbers: Vec<u32>,
}

impl Graph {
    /// The graph of these commits, in a table of `objects` objects.
    pub fn new(nodes: Vec<Node>, objects: usize) -> Self {
        let mut numbers = vec![NONE; objects];
        for (number, node) in (0_u32..).zip(&nodes) {
            if let Some(slot) = numbers.get_mut(node.object as usize) {
                *slot = number;
            }
        }
        Self { nodes, numbers }
    }

    /// The commit with this index.
    pub fn node(&self, number: u32) -> &Node {
        &self.nodes[number as usize]
    }

    /// Number of commits.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The index of the commit with this object.
    pub fn number(&self, object: u32) -> Option<u32> {
        self.numbers.get(object as usize).copied().filter(|number| *number != NONE)
    }

    /// The indices of a commit's parents that are in the store.
    pub fn parents(&self, number: u32) -> impl Iterator<Item = u32> + '_ {
        self.node(number).parents.iter().filter_map(|parent| self.number(*parent))
    }

    /// For each commit, `true` if it is in the history of `tips`, which includes the tips.
    pub fn past(&self, tips: &[u32]) -> Vec<bool> {
        let mut past = vec![false; self.nodes.len()];
        let mut stack = tips.to_vec();
        while let Some(number) = stack.pop() {
            if !std::mem::replace(&mut past[number as usize], true) {
                stack.extend(self.parents(number));
            }
        }
        past
    }

    /// The commits of `past`, each after its parents, otherwise the oldest first.
    pub fn oldest_first(&self, past: &[bool]) -> Vec<u32> {
        let count = self.nodes.len();
        let mut waiting = vec![0_u32; count];
        let mut children: Vec<Vec<u32>> = vec![Vec::new(); count];
        let numbers = || (0_u32..).zip(past).filter(|(_, is_in)| **is_in).map(|(number, _)| number);
        for number in numbers() {
            for parent in self.parents(number) {
                waiting[number as usize] += 1;
                children[parent as usize].push(number);
            }
        }
        let key = |number: u32| {
            let node = self.node(number);
            Reverse((node.time, node.object, number))
        };
        let mut ready: BinaryHeap<_> =
            numbers().filter(|number| waiting[*number as usize] == 0).map(key).collect();
        let mut order = Vec::new();
        while let Some(Reverse((_, _, number))) = ready.pop() {
            order.push(number);
            for child in std::mem::take(&mut children[number as usize]) {
                waiting[child as usize] -= 1;
                if waiting[child as usize] == 0 {
                    ready.push(key(child));
                }
            }
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(object: u32, time: i64, parents: &[u32]) -> Node {
        Node { object, tree: NONE, time, parents: parents.into(), missing: Box::default() }
    }

    #[test]
    fn parents_come_before_their_children_whatever_the_clocks_said() {
        let graph = Graph::new(
            vec![node(0, 5, &[]), node(1, 1, &[0]), node(2, 9, &[]), node(3, 3, &[1, 2])],
            4,
        );
        let past = graph.past(&[3]);
        assert_eq!(graph.oldest_first(&past), [0, 1, 2, 3]);
        assert_eq!(graph.oldest_first(&graph.past(&[1])), [0, 1]);
    }

    #[test]
    fn a_commit_is_read_up_to_its_signature() {
        let id = |digit: &str| digit.repeat(40);
        let known = ObjectId::from_hex(id("a").as_bytes()).expect("a name");
        let table = Table::new(vec![known]);
        let text = format!(
            "tree {}\nparent {}\nauthor A <a@b> 1 +0000\ncommitter C <> 17 -0130\ngpgsig x\nparent {}\n\nparent {}",
            id("a"),
            id("b"),
            id("a"),
            id("a")
        );
        let node = Node::parse(7, text.as_bytes(), &table);
        assert_eq!((node.tree, node.time, node.parents.len(), node.missing.len()), (0, 17, 0, 1));
    }
}
