//! The keys of pickled texts, tracked on the unpickler's stack without building objects.

use std::collections::HashMap;

/// Maximum number of values, texts and memo entries that are kept; later texts have no keys.
const MAX_ITEMS: usize = 500_000;
/// Maximum number of bytes of text that are kept.
const MAX_TEXT: usize = 32 << 20;
/// Maximum number of keys of a path, the innermost ones.
const MAX_PATH: usize = 6;
/// Maximum length of a key in bytes.
const MAX_KEY: usize = 200;

/// An item of the stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// The start of a tuple, a list or the pairs of a mapping.
    Mark,
    /// A text, by its index.
    Text(usize),
    /// A value that holds others, by its index.
    Holder(usize),
    /// Anything else.
    Other,
}

/// The position of a text or a holder in another holder.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    holder: Option<usize>,
    key: Option<usize>,
}

#[derive(Debug)]
struct Text {
    start: usize,
    end: usize,
    source: u64,
    place: Slot,
}

/// An unpickler's stack that only tracks the key of each text.
#[derive(Debug)]
pub struct Keys {
    stack: Vec<Item>,
    memo: HashMap<u64, Item>,
    bytes: Vec<u8>,
    texts: Vec<Text>,
    holders: Vec<Slot>,
    is_full: bool,
}

impl Keys {
    /// An empty stack.
    pub fn new() -> Self {
        Self {
            stack: Vec::new(),
            memo: HashMap::new(),
            bytes: Vec::new(),
            texts: Vec::new(),
            holders: Vec::new(),
            is_full: false,
        }
    }

    /// Pushes a text from offset `source`. Returns `false` if there is no memory for it.
    pub fn text(&mut self, text: &[u8], source: u64) -> bool {
        if self.is_full || self.bytes.len() + text.len() > MAX_TEXT {
            self.push(Item::Other);
            return false;
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(text);
        let end = self.bytes.len();
        self.texts.push(Text { start, end, source, place: Slot::default() });
        self.push(Item::Text(self.texts.len() - 1));
        true
    }

    /// Pushes an item.
    pub fn push(&mut self, item: Item) {
        let items = self.stack.len() + self.texts.len() + self.holders.len() + self.memo.len();
        if items > MAX_ITEMS {
            self.is_full = true;
            self.stack.clear();
            self.memo.clear();
        }
        if !self.is_full {
            self.stack.push(item);
        }
    }

    /// Pushes an empty list, mapping or set.
    pub fn holder(&mut self) {
        let holder = self.new_holder();
        self.push(holder);
    }

    /// Replaces the `count` topmost values by one holder of them.
    pub fn gather(&mut self, count: usize) {
        let from = self.stack.len().saturating_sub(count);
        self.gather_from(from);
    }

    /// Replaces all values above the mark by one holder of them.
    pub fn gather_marked(&mut self) {
        let from = self.pop_mark();
        self.gather_from(from);
    }

    /// Replaces all pairs above the mark by a mapping.
    pub fn gather_pairs(&mut self) {
        let from = self.pop_mark();
        let holder = self.new_holder();
        self.adopt_pairs(from, holder);
        self.push(holder);
    }

    /// Adds the `count` topmost values to the holder below them.
    pub fn add(&mut self, count: usize) {
        let from = self.stack.len().saturating_sub(count);
        self.adopt_from(from);
    }

    /// Adds all values above the mark to the holder below it.
    pub fn add_marked(&mut self) {
        let from = self.pop_mark();
        self.adopt_from(from);
    }

    /// Adds the topmost pair to the mapping below it.
    pub fn add_pair(&mut self) {
        let from = self.stack.len().saturating_sub(2);
        let holder = self.top_below(from);
        self.adopt_pairs(from, holder);
    }

    /// Adds all pairs above the mark to the mapping below it.
    pub fn add_pairs(&mut self) {
        let from = self.pop_mark();
        let holder = self.top_below(from);
        self.adopt_pairs(from, holder);
    }

    /// Removes the topmost value.
    pub fn pop(&mut self) {
        self.stack.pop();
    }

    /// Removes the mark and everything above it.
    pub fn drop_marked(&mut self) {
        let from = self.pop_mark();
        self.stack.truncate(from);
    }

    /// Pushes the topmost value again.
    pub fn duplicate(&mut self) {
        let top = self.stack.last().copied().unwrap_or(Item::Other);
        self.push(top);
    }

    /// Stores the topmost value in the memo under `number`, or under the next number.
    pub fn memoize(&mut self, number: Option<u64>) {
        if let (Some(top), false) = (self.stack.last().copied(), self.is_full) {
            self.memo.insert(number.unwrap_or(self.memo.len() as u64), top);
        }
    }

    /// Pushes the value in the memo under `number`.
    pub fn recall(&mut self, number: u64) {
        let item = self.memo.get(&number).copied().unwrap_or(Item::Other);
        self.push(item);
    }

    /// Calls `each` with every text, its path of keys and its offset.
    ///
    /// # Errors
    /// Returns the error of `each`.
    pub fn for_each_text<E>(
        &self,
        mut each: impl FnMut(&str, &[u8], u64) -> Result<(), E>,
    ) -> Result<(), E> {
        for text in &self.texts {
            each(&self.path(text.place), &self.bytes[text.start..text.end], text.source)?;
        }
        Ok(())
    }

    fn path(&self, mut place: Slot) -> String {
        let mut keys = Vec::new();
        // A hostile pickle can insert a holder into itself, so the number of steps is limited.
        for _ in 0..MAX_PATH * 4 {
            keys.extend(place.key.and_then(|key| self.key_text(key)));
            match place.holder.and_then(|holder| self.holders.get(holder)) {
                Some(outer) if keys.len() < MAX_PATH => place = *outer,
                _ => break,
            }
        }
        keys.reverse();
        keys.join(".")
    }

    fn key_text(&self, key: usize) -> Option<&str> {
        let text = self.texts.get(key)?;
        let bytes = &self.bytes[text.start..text.end];
        if bytes.len() > MAX_KEY {
            return None;
        }
        std::str::from_utf8(bytes).ok()
    }

    fn new_holder(&mut self) -> Item {
        if self.is_full {
            return Item::Other;
        }
        self.holders.push(Slot::default());
        Item::Holder(self.holders.len() - 1)
    }

    fn top_below(&self, from: usize) -> Item {
        from.checked_sub(1).map_or(Item::Other, |top| self.stack[top])
    }

    /// Removes the topmost mark and returns the index of the first item above it.
    fn pop_mark(&mut self) -> usize {
        match self.stack.iter().rposition(|item| *item == Item::Mark) {
            Some(mark) => {
                self.stack.remove(mark);
                mark
            }
            None => 0,
        }
    }

    fn gather_from(&mut self, from: usize) {
        let holder = self.new_holder();
        self.adopt_all(from, holder);
        self.push(holder);
    }

    fn adopt_from(&mut self, from: usize) {
        let holder = self.top_below(from);
        self.adopt_all(from, holder);
    }

    fn adopt_all(&mut self, from: usize, holder: Item) {
        for at in from..self.stack.len() {
            self.adopt(self.stack[at], holder, None);
        }
        self.stack.truncate(from);
    }

    fn adopt_pairs(&mut self, from: usize, holder: Item) {
        for at in (from..self.stack.len().saturating_sub(1)).step_by(2) {
            let key = match self.stack[at] {
                Item::Text(key) => Some(key),
                _ => None,
            };
            self.adopt(self.stack[at + 1], holder, key);
        }
        self.stack.truncate(from);
    }

    /// Records the position of a value; later positions are ignored.
    fn adopt(&mut self, item: Item, holder: Item, key: Option<usize>) {
        let Item::Holder(outer) = holder else { return };
        let place = match item {
            Item::Text(text) => &mut self.texts[text].place,
            Item::Holder(inner) if inner != outer => &mut self.holders[inner],
            _ => return,
        };
        if place.holder.is_none() && place.key.is_none() {
            *place = Slot { holder: Some(outer), key };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(keys: &Keys) -> Vec<String> {
        let mut paths = Vec::new();
        let done: Result<(), ()> = keys.for_each_text(|path, text, _| {
            paths.push(format!("{path}={}", String::from_utf8_lossy(text)));
            Ok(())
        });
        done.expect("nothing fails");
        paths
    }

    #[test]
    fn a_text_in_a_mapping_in_a_mapping_has_both_keys() {
        let mut keys = Keys::new();
        keys.holder();
        keys.text(b"args", 0);
        keys.holder();
        keys.push(Item::Mark);
        keys.text(b"a", 0);
        keys.push(Item::Other);
        keys.text(b"b", 0);
        keys.text(b"value", 0);
        keys.add_pairs();
        keys.add_pair();
        assert_eq!(paths(&keys).last().map(String::as_str), Some("args.b=value"));
    }

    #[test]
    fn a_stack_that_is_popped_too_often_is_no_trouble() {
        let mut keys = Keys::new();
        keys.pop();
        keys.add_pairs();
        keys.add_pair();
        keys.gather(3);
        keys.gather_marked();
        keys.drop_marked();
        keys.memoize(None);
        keys.recall(7);
        assert_eq!(paths(&keys), Vec::<String>::new());
    }

    #[test]
    fn what_holds_itself_has_a_path_that_ends() {
        let mut keys = Keys::new();
        keys.holder();
        keys.memoize(Some(0));
        keys.text(b"k", 0);
        keys.holder();
        keys.text(b"j", 0);
        keys.recall(0);
        keys.add_pair();
        keys.add_pair();
        assert_eq!(paths(&keys).len(), 2);
    }

    #[test]
    fn beyond_its_limit_it_forgets_and_goes_on() {
        let mut keys = Keys::new();
        for _ in 0..2 * MAX_ITEMS {
            keys.push(Item::Other);
        }
        assert!(!keys.text(b"late", 0));
        assert!(keys.stack.is_empty());
    }
}
