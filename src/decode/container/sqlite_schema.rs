//! The names of a database's tables and columns, from their SQL.

use super::sqlite_value::Value;

/// A table of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in their order.
    pub columns: Vec<String>,
    /// Its root page.
    pub root: u64,
}

/// The table or index that a row of `sqlite_schema` describes.
pub fn table_of(values: &[Value<'_>]) -> Option<Table> {
    let text = |place: usize| std::str::from_utf8(values.get(place)?.bytes()?).ok();
    let Some(Value::Number(root)) = values.get(3) else { return None };
    // An index repeats some columns of its table in a different order.
    let sql = text(4).filter(|_| text(0) == Some("table")).unwrap_or_default();
    Some(Table { name: text(2)?.to_string(), columns: columns(sql), root: *root })
}

/// The names of the columns in `CREATE TABLE name (column type, …)`.
fn columns(sql: &str) -> Vec<String> {
    let Some((_, list)) = sql.split_once('(') else { return Vec::new() };
    let mut columns = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    let mut quote = None;
    for (at, character) in list.char_indices() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ',') if depth == 0 => {
                columns.extend(column(&list[start..at]));
                start = at + 1;
            }
            (None, ')') if depth == 0 => {
                columns.extend(column(&list[start..at]));
                return columns;
            }
            (None, ')') => depth -= 1,
            (None, _) => {}
        }
    }
    columns
}

/// The column name at the start of a definition; `None` for a table constraint.
fn column(definition: &str) -> Option<String> {
    const CONSTRAINTS: [&str; 5] = ["constraint", "primary", "unique", "check", "foreign"];
    let definition = definition.trim();
    let quoted = |open: char, close: char| {
        definition.strip_prefix(open).and_then(|rest| rest.split(close).next())
    };
    let name = quoted('"', '"')
        .or_else(|| quoted('`', '`'))
        .or_else(|| quoted('[', ']'))
        .or_else(|| definition.split_whitespace().next())?;
    (!CONSTRAINTS.contains(&name.to_ascii_lowercase().as_str())).then(|| name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_from_the_sql_that_made_them() {
        let sql = "CREATE TABLE p (key VARCHAR(250) NOT NULL, \"a,b\" TEXT, [c d] INT DEFAULT (1),\n\
                   PRIMARY KEY (key, c), CONSTRAINT x CHECK (a IN ('(', 'b')))";
        assert_eq!(columns(sql), ["key", "a,b", "c d"]);
    }

    #[test]
    fn sql_that_makes_no_sense_has_no_column() {
        for sql in ["", "(", "CREATE TABLE", "CREATE TABLE x(((("] {
            assert_eq!(columns(sql), Vec::<String>::new(), "{sql}");
        }
    }
}
