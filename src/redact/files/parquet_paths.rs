//! The columns of a Parquet file by their user-visible names.

use crate::redact::columns::ColumnPath;
use parquet::{
    basic::{ConvertedType, LogicalType, Repetition, Type as Physical},
    schema::types::{SchemaDescriptor, Type},
};

/// The path of each leaf in order; `None` for leaves without texts.
///
/// The groups that form lists and maps are not part of the path: `messages.list.element.content` is
/// `messages[].content`
/// (<https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists>).
pub fn text_paths(schema: &SchemaDescriptor) -> Vec<Option<ColumnPath>> {
    let mut paths = Vec::with_capacity(schema.num_columns());
    for field in schema.root_schema().get_fields() {
        leaves(field, ColumnPath::default().field(field.name()), &mut paths);
    }
    paths
}

fn leaves(node: &Type, path: ColumnPath, found: &mut Vec<Option<ColumnPath>>) {
    let info = node.get_basic_info();
    let is_repeated = info.has_repetition() && info.repetition() == Repetition::REPEATED;
    let path = if is_repeated { path.entry() } else { path };
    if node.is_primitive() {
        found.push(is_text(node).then_some(path));
        return;
    }
    let fields = node.get_fields();
    let converted = info.converted_type();
    let inner = fields.first().filter(|inner| fields.len() == 1 && is_repeated_group(inner));
    match inner {
        Some(inner) if converted == ConvertedType::LIST && inner.get_fields().len() == 1 => {
            leaves(&inner.get_fields()[0], path.entry(), found);
        }
        Some(inner)
            if matches!(
                converted,
                ConvertedType::LIST | ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE
            ) =>
        {
            for field in inner.get_fields() {
                leaves(field, path.entry().field(field.name()), found);
            }
        }
        _ if converted == ConvertedType::LIST && fields.len() == 1 => {
            // Two-level list of legacy writers: its only field is repeated.
            leaves(&fields[0], path, found);
        }
        _ => {
            for field in fields {
                leaves(field, path.field(field.name()), found);
            }
        }
    }
}

fn is_repeated_group(node: &Type) -> bool {
    let info = node.get_basic_info();
    node.is_group() && info.has_repetition() && info.repetition() == Repetition::REPEATED
}

/// `true` if a leaf contains texts, or bytes that may be.
fn is_text(leaf: &Type) -> bool {
    let info = leaf.get_basic_info();
    leaf.get_physical_type() == Physical::BYTE_ARRAY
        && info.converted_type() != ConvertedType::DECIMAL
        && !matches!(
            info.logical_type_ref(),
            Some(
                LogicalType::Decimal { .. }
                    | LogicalType::Geometry { .. }
                    | LogicalType::Geography { .. }
            )
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::schema::parser::parse_message_type;
    use std::sync::Arc;

    #[test]
    fn groups_of_lists_and_maps_are_no_names() {
        let schema = "message schema {
            optional binary text (UTF8);
            optional int32 n;
            optional group messages (LIST) { repeated group list { optional group element {
                optional binary content (UTF8); optional int64 tokens; } } }
            optional group tags (LIST) { repeated group list { optional binary element (UTF8); } }
            optional group meta (MAP) { repeated group key_value {
                required binary key (UTF8); optional binary value (UTF8); } }
            repeated binary old (UTF8);
        }";
        let schema = parse_message_type(schema).expect("a schema");
        let paths = text_paths(&SchemaDescriptor::new(Arc::new(schema)));
        let paths: Vec<Option<String>> =
            paths.iter().map(|path| path.as_ref().map(ToString::to_string)).collect();
        let expected = [
            Some("text"),
            None,
            Some("messages[].content"),
            None,
            Some("tags[]"),
            Some("meta[].key"),
            Some("meta[].value"),
            Some("old[]"),
        ];
        assert_eq!(paths, expected.map(|path| path.map(str::to_string)));
    }
}
