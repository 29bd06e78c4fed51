//! The table of all object names; other tables refer to objects by their index in it.

use crate::model::ObjectId;

/// The index of no object.
pub const NONE: u32 = u32::MAX;

/// Sorted names without duplicates.
#[derive(Debug)]
pub struct Table {
    ids: Vec<ObjectId>,
    /// For each value of the first two bytes, the index of the first name with it.
    starts: Vec<u32>,
}

impl Table {
    /// A table of `ids`, at most as many as 32 bits can count.
    pub fn new(mut ids: Vec<ObjectId>) -> Self {
        ids.sort_unstable();
        ids.dedup();
        ids.truncate(NONE as usize);
        let mut starts = Vec::with_capacity((1 << 16) + 1);
        let mut at = 0;
        for first in 0..=u16::MAX {
            starts.push(at);
            let rest = &ids[at as usize..];
            let count = rest.iter().take_while(|id| first_bytes(id) == first).count();
            at += u32::try_from(count).unwrap_or(0);
        }
        starts.push(at);
        Self { ids, starts }
    }

    /// Number of objects.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// The index of a name.
    pub fn find(&self, id: &ObjectId) -> Option<u32> {
        let first = usize::from(first_bytes(id));
        let (start, end) = (self.starts[first] as usize, self.starts[first + 1] as usize);
        let place = start + self.ids[start..end].binary_search(id).ok()?;
        u32::try_from(place).ok()
    }

    /// The name at an index; zeros if there is none.
    pub fn id(&self, place: u32) -> ObjectId {
        self.ids.get(place as usize).copied().unwrap_or(ObjectId([0; 20]))
    }
}

fn first_bytes(id: &ObjectId) -> u16 {
    u16::from_be_bytes([id.0[0], id.0[1]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_at_its_place_and_no_other() {
        let id = |first: u8, last: u8| {
            let mut bytes = [first; 20];
            bytes[19] = last;
            ObjectId(bytes)
        };
        let ids = vec![id(255, 0), id(0, 0), id(7, 2), id(7, 1), id(7, 1)];
        let table = Table::new(ids.clone());
        assert_eq!(table.len(), 4);
        for one in ids {
            assert_eq!(table.find(&one).map(|place| table.id(place)), Some(one));
        }
        assert_eq!(table.find(&id(7, 3)), None);
    }
}
