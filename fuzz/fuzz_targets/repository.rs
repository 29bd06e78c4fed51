//! A repository with one pack, for the targets that read git.

use hfscan::{
    Progress, Scanner, Settings,
    internal::source::git::{Commits, GitOptions, History, HistoryOptions, Range, RepositoryRef},
};
use std::{fs, path::Path, sync::LazyLock};
use tempfile::TempDir;

/// A repository without other objects.
static REPOSITORY: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["objects/pack", "refs/heads"] {
        fs::create_dir_all(folder.path().join(name)).expect("a folder");
    }
    fs::write(folder.path().join("HEAD"), "ref: refs/heads/main\n").expect("a file");
    fs::write(folder.path().join("config"), "[core]\n\tbare = true\n").expect("a file");
    folder
});

static SCANNER: LazyLock<Scanner> = LazyLock::new(|| {
    let mut settings = Settings::default();
    settings.now = Some(0);
    settings.threads = 1;
    Scanner::new(settings).expect("the built-in rules are valid")
});

/// Scans the history and the last commit of a repository with this pack and its index, whose
/// branch points to the object `head`. The bits of `flags` are the options.
pub fn scan(index: &[u8], pack: &[u8], head: &[u8], flags: u8) {
    let folder: &Path = REPOSITORY.path();
    let packs = folder.join("objects/pack");
    fs::write(packs.join("pack-a.idx"), index).expect("a file");
    fs::write(packs.join("pack-a.pack"), pack).expect("a file");
    let head: String = head.iter().map(|byte| format!("{byte:02x}")).collect();
    fs::write(folder.join("refs/heads/main"), head + "\n").expect("a file");
    let place = || {
        let options = GitOptions { threads: 1, ..GitOptions::default() };
        RepositoryRef::find(folder, &[], options).expect("a repository")
    };
    let options = HistoryOptions {
        revisions: Vec::new(),
        unreachable: flags & 1 != 0,
        every_occurrence: flags & 2 != 0,
        past_habits: flags & 4 != 0,
    };
    // A broken object is reported as skipped, not as an error.
    let _ = SCANNER.run(&History::new(place(), options), &Progress::default());
    let mut range = Range::new(place(), Commits::Range("HEAD~1..HEAD".into()));
    range.whole_files = flags & 8 != 0;
    range.every_occurrence = flags & 2 != 0;
    let _ = SCANNER.run(&range, &Progress::default());
}
