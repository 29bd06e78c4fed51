//! Texts in unusual positions of data files: names of columns and tensors, fields of records,
//! deleted rows.

use super::{found, token};

/// Asserts that one secret is found, at a location that begins like this.
fn assert_found(name: &str, content: &[u8], place: &str) {
    let places = found(name, content);
    assert!(places.len() == 1 && places[0].starts_with(place), "{name}: {places:?}");
}

/// A structure of Thrift in its compact form, whose fields are numbered.
#[derive(Default)]
struct Thrift {
    bytes: Vec<u8>,
    last: u8,
}

impl Thrift {
    fn field(mut self, number: u8, kind: u8, value: &[u8]) -> Self {
        self.bytes.push((number - self.last) << 4 | kind);
        self.bytes.extend_from_slice(value);
        self.last = number;
        self
    }

    fn number(self, number: u8, value: usize) -> Self {
        self.field(number, 6, &varint(value * 2))
    }

    fn text(self, number: u8, text: &[u8]) -> Self {
        self.field(number, 8, &prefixed(text))
    }

    fn structure(self, number: u8, of: Thrift) -> Self {
        self.field(number, 12, &of.end())
    }

    fn list(self, number: u8, of: Vec<Thrift>) -> Self {
        let head = u8::try_from(of.len()).expect("a short list") << 4 | 12;
        let items: Vec<u8> = of.into_iter().flat_map(Thrift::end).collect();
        self.field(number, 9, &[&[head][..], &items].concat())
    }

    fn end(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }
}

fn varint(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(value & 0x7f).expect("seven bits");
        value >>= 7;
        bytes.push(if value > 0 { low | 0x80 } else { low });
        if value == 0 {
            return bytes;
        }
    }
}

fn prefixed(text: &[u8]) -> Vec<u8> {
    [&varint(text.len())[..], text].concat()
}

/// A Parquet file with one column of byte arrays of this length and one page of values.
fn parquet(column: &str, length: usize, encoding: usize, values: &[u8]) -> Vec<u8> {
    let head = Thrift::default().number(1, 0).number(2, values.len()).number(3, values.len());
    let head = head.structure(5, Thrift::default().number(1, 2).number(2, encoding)).end();
    let pages = [&b"PAR1"[..], &head, values].concat();
    let root = Thrift::default().text(4, b"schema").number(5, 1);
    let leaf = Thrift::default().number(1, 7).number(2, length).text(4, column.as_bytes());
    let path = [&[0x18][..], &prefixed(column.as_bytes())].concat();
    let chunk = Thrift::default().number(1, 7).field(3, 9, &path).number(4, 0);
    let chunk = chunk.number(7, pages.len() - 4).number(9, 4);
    let group = Thrift::default().list(1, vec![Thrift::default().structure(3, chunk)]);
    let footer = Thrift::default().number(1, 1).list(2, vec![root, leaf]).number(3, 2);
    let footer = footer.list(4, vec![group]).end();
    let length = u32::try_from(footer.len()).expect("it is small").to_le_bytes();
    [&pages[..], &footer, &length, b"PAR1"].concat()
}

#[test]
fn the_name_of_a_parquet_column_is_scanned() {
    let file = parquet(&token(), 8, 0, b"harmless harmles");
    assert_found("a.parquet", &file, "a.parquet!column");
}

#[test]
fn parquet_values_of_one_length_are_scanned_in_each_encoding() {
    let values = [token(), "-".repeat(token().len())];
    let plain = values.concat().into_bytes();
    let length = token().len();
    let split: Vec<u8> = (0..length)
        .flat_map(|place| values.iter().map(move |value| value.as_bytes()[place]))
        .collect();
    assert_found("plain.parquet", &parquet("key", length, 0, &plain), "plain.parquet!key");
    assert_found("split.parquet", &parquet("key", length, 9, &split), "split.parquet!key");
}

/// A NumPy array.
fn npy(element: &str, values: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': {element}, 'fortran_order': False, 'shape': (1,), }}\n");
    let length = u16::try_from(header.len()).expect("it is short").to_le_bytes();
    [&b"\x93NUMPY\x01\0"[..], &length, header.as_bytes(), values].concat()
}

#[test]
fn names_and_texts_in_arrays_of_numpy_are_scanned() {
    let text = token();
    let wide: Vec<u8> = text.bytes().flat_map(|byte| u32::from(byte).to_le_bytes()).collect();
    let length = text.len();
    let record = [&7_u64.to_le_bytes()[..], &wide].concat();
    assert_found("name.npy", &npy(&format!("[('{text}', '<f8')]"), &[0; 8]), "name.npy!header");
    assert_found("bytes.npy", &npy("'|u1'", text.as_bytes()), "bytes.npy:1:1");
    let records = npy(&format!("[('n', '<u8'), ('key', '<U{length}')]"), &record);
    assert_found("records.npy", &records, "records.npy:1:");
    assert_found("text.npy", &npy(&format!("'<U{length}'"), &wide), "text.npy![0]");
}

#[test]
fn names_of_gguf_keys_and_tensors_are_scanned() {
    let named = |name: &str| [&(name.len() as u64).to_le_bytes()[..], name.as_bytes()].concat();
    let file = |key: &str, tensor: &str| {
        let head = [&b"GGUF\x03\0\0\0"[..], &1_u64.to_le_bytes(), &1_u64.to_le_bytes()].concat();
        // A key with a number of one byte; a tensor of one dimension.
        let number = [&0_u32.to_le_bytes()[..], &[1]].concat();
        let shape = [&1_u32.to_le_bytes()[..], &[0; 20]].concat();
        [head, named(key), number, named(tensor), shape].concat()
    };
    assert_found("key.gguf", &file(&token(), "blk.0"), "key.gguf!key");
    assert_found("tensor.gguf", &file("general.layers", &token()), "tensor.gguf!tensor");
}

#[test]
fn deleted_rows_and_free_pages_of_sqlite_are_scanned() {
    const PAGE: usize = 512;
    let database = |place: usize| {
        let mut bytes = vec![0; 2 * PAGE];
        bytes[..24].copy_from_slice(b"SQLite format 3\0\x02\0\x01\x01\0\x40\x20\x20");
        bytes[28..32].copy_from_slice(&2_u32.to_be_bytes());
        bytes[56..60].copy_from_slice(&1_u32.to_be_bytes());
        // A page of a table without rows, whose content begins at its end.
        bytes[100] = 13;
        bytes[105..107].copy_from_slice(&512_u16.to_be_bytes());
        bytes[place..place + token().len()].copy_from_slice(token().as_bytes());
        bytes
    };
    assert_found("row.db", &database(300), "row.db!unused");
    assert_found("page.db", &database(PAGE + 100), "page.db!unused");
    // A page of a tree begins with a byte that is a line feed or a carriage return in text.
    for before in ["\n", "\r\n", "\n\n\n", "\u{2}", "\u{5}"] {
        let appended = format!("{before}{}\n", token());
        let all = [&database(300)[..PAGE], &vec![0; PAGE], appended.as_bytes()].concat();
        assert_found("appended.db", &all, "appended.db!unused");
    }
}
