//! A constant `ALL` of an enum lists all of its variants.

use super::rust_files;
use std::{collections::BTreeMap, path::Path};

/// The last name of a path: `Low` of `Severity::Low`.
fn last(path: &syn::Path) -> String {
    path.segments.last().unwrap().ident.to_string()
}

fn parsed(path: &Path) -> syn::File {
    syn::parse_file(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The variants of the enums in the folder of a file; those in the file itself come first.
fn variants(path: &Path) -> BTreeMap<String, Vec<String>> {
    let mut files = rust_files(path.parent().unwrap());
    files.sort_by_key(|file| file == path);
    let mut variants = BTreeMap::new();
    for item in files.iter().flat_map(|file| parsed(file).items) {
        if let syn::Item::Enum(item) = item {
            let mut names: Vec<_> = item.variants.iter().map(|one| one.ident.to_string()).collect();
            names.sort();
            variants.insert(item.ident.to_string(), names);
        }
    }
    variants
}

/// The arrays named `ALL` in a file, each with the type that has it.
fn lists(file: &syn::File) -> Vec<(String, Vec<String>)> {
    let mut lists = Vec::new();
    for item in &file.items {
        let syn::Item::Impl(own) = item else { continue };
        let syn::Type::Path(of) = &*own.self_ty else { continue };
        for item in &own.items {
            let syn::ImplItem::Const(list) = item else { continue };
            let syn::Expr::Array(array) = &list.expr else { continue };
            if list.ident == "ALL" {
                let name = |one: &syn::Expr| match one {
                    syn::Expr::Path(one) => last(&one.path),
                    _ => panic!("{} lists something other than a variant", last(&of.path)),
                };
                lists.push((last(&of.path), array.elems.iter().map(name).collect()));
            }
        }
    }
    lists
}

#[test]
fn a_list_of_all_variants_has_each_of_them_once() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut count = 0;
    for path in rust_files(&source) {
        // Parsing all files takes seconds.
        if !std::fs::read_to_string(&path).unwrap().contains("const ALL: [") {
            continue;
        }
        let variants = variants(&path);
        for (name, mut listed) in lists(&parsed(&path)) {
            listed.sort();
            assert_eq!(listed, variants[&name], "{name}::ALL in {}", path.display());
            count += 1;
        }
    }
    assert!(count >= 6, "{count} lists are read");
}
