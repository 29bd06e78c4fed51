//! Safetensors: the metadata of the header, without the tensors.
//!
//! <https://huggingface.co/docs/safetensors/index#format>

use super::{
    cursor::Cursor,
    format::{Access, Body, Container, ContainerError, Input, Member, MemberSink},
    strings::Strings,
};
use serde_json::{Map, Value};

/// Safetensors files.
pub struct Safetensors;

/// Maximum size of the header in bytes, as the format defines it.
const MAX_HEADER: u64 = 100_000_000;
/// Maximum number of bytes searched for the positions of values: each search may read the whole
/// header.
const MAX_SEARCHED: usize = 256 << 20;

impl Container for Safetensors {
    fn name(&self) -> &'static str {
        "safetensors"
    }

    fn claims(&self, head: &[u8]) -> bool {
        let Some((length, rest)) = head.split_first_chunk::<8>() else { return false };
        let length = u64::from_le_bytes(*length);
        (2..=MAX_HEADER).contains(&length) && matches!(rest, [b'{', b'"' | b'}' | b' ' | b'\n', ..])
    }

    fn access(&self) -> Access {
        Access::Forward
    }

    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let mut cursor = Cursor::new(input.content, 0, input.len);
        let length = usize::try_from(cursor.u64()?).unwrap_or(usize::MAX);
        let header = cursor.vec(length)?;
        let Some(metadata) = metadata(&header) else {
            return sink.member(Member { name: "header", body: Body::Whole(&header) });
        };
        let (mut strings, mut searched) = (Strings::default(), 0);
        for (key, value) in metadata {
            let text = match value {
                Value::String(text) => text,
                other => other.to_string(),
            };
            let place = (searched < MAX_SEARCHED)
                .then(|| memchr::memmem::find(&header, text.as_bytes()).unwrap_or(header.len()));
            searched += place.unwrap_or_default();
            let source = place.filter(|place| *place < header.len()).unwrap_or_default();
            strings.give(&key, text.as_bytes(), 8 + source as u64, sink)?;
        }
        strings.flush("__metadata__", sink)
    }
}

/// The keys and values of the metadata; `None` if there are none, or if they are not JSON.
///
/// Nothing else of the header is parsed, since it describes thousands of tensors.
fn metadata(header: &[u8]) -> Option<Vec<(String, Value)>> {
    const NAME: &[u8] = b"\"__metadata__\"";
    let mut all = Vec::new();
    // No library writes two of them; a second one is read as well.
    for at in memchr::memmem::find_iter(header, NAME) {
        let rest = header[at + NAME.len()..].trim_ascii_start();
        let rest = rest.strip_prefix(b":")?;
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<Map<_, _>>();
        all.extend(values.next()?.ok()?);
    }
    (!all.is_empty()).then_some(all)
}
