//! The ignore decision of a walk for a single file.

use super::{
    ignore_files::{IgnoreFiles, IgnoreRules, Nearest},
    tracked::WorkTree,
};
use std::path::Path;

/// `true` if a walk of the folder `root` skips `file` because of an ignore file: it, or one of its
/// folders, is ignored, and git does not track it.
pub fn passes_over(file: &Path, root: &Path, rules: IgnoreRules) -> bool {
    let ignore_files = IgnoreFiles::new(rules);
    let (mut nearest, mut unapplied) = (Nearest::default(), Vec::new());
    let mut is_dir = false;
    let below_root = file.ancestors().take_while(|one| *one != root && one.starts_with(root));
    let is_ignored = { below_root }.any(|path| {
        let is_folder = std::mem::replace(&mut is_dir, true);
        ignore_files.ignore(path, is_folder, &mut nearest, &mut unapplied)
    });
    is_ignored && !is_tracked(file)
}

fn is_tracked(file: &Path) -> bool {
    let tree = file.parent().and_then(WorkTree::around);
    let name = tree.as_ref().and_then(|tree| file.strip_prefix(&tree.dir).ok());
    let (Some(tree), Some(name)) = (&tree, name) else { return false };
    tree.tracked().is_ok_and(|files| files.iter().any(|one| one == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_an_ignore_file_or_a_folder_around_it_names_is_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        for dir in [".git", "out/deep", "src"] {
            std::fs::create_dir_all(root.join(dir)).expect("a folder");
        }
        std::fs::write(root.join(".gitignore"), "/out/\n*.log\n").expect("written");
        std::fs::write(root.join("src/.hfscanignore"), "x.py\n").expect("written");
        let over = |file: &str, rules| passes_over(&root.join(file), root, rules);
        for (file, is_over) in [
            ("out/deep/a.py", true),
            ("a.log", true),
            ("src/x.py", true),
            ("src/y.py", false),
            ("outside.py", false),
        ] {
            assert_eq!(over(file, IgnoreRules::All), is_over, "{file}");
        }
        assert!(!over("src/x.py", IgnoreRules::Git) && over("a.log", IgnoreRules::Git));
        assert!(!over("a.log", IgnoreRules::None));
    }
}
