//! Finds the configuration file.

use super::{
    config_file::ConfigFile,
    error::ConfigError,
    file,
    layer::{Layer, Origin},
    merge::merge,
};
use crate::{
    model::SourcePath,
    source::{WorkTree, root::normalised},
};
use std::{
    io::Read,
    path::{Path, PathBuf},
};

/// The file names, in order of preference, with the table that holds the settings.
const NAMES: [(&str, &[&str]); 3] =
    [(".hfscan.toml", &[]), ("hfscan.toml", &[]), ("pyproject.toml", &["tool", "hfscan"])];

/// Maximum size of a configuration file, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// Maximum number of files in an `extends` chain, since a repository may be hostile.
const MAX_FILES: usize = 16;

/// The nearest configuration from the folder `start` up to the root of its repository. Outside a
/// repository, up to the working directory `cwd`, or only in `start` if that is outside `cwd`.
///
/// `exclude` of configurations in parent folders also applies: an excluded folder is excluded with
/// everything in it, wherever the scan starts.
///
/// # Errors
/// Returns an error for a file that cannot be read or is invalid.
pub fn find(start: &Path, cwd: &Path) -> Result<Option<ConfigFile>, ConfigError> {
    // Folders above the repository may belong to other users, such as `/tmp`.
    let top = match WorkTree::around(start) {
        Some(tree) => tree.dir,
        None if start.starts_with(cwd) => cwd.to_path_buf(),
        None => start.to_path_buf(),
    };
    let mut nearest: Option<ConfigFile> = None;
    for folder in start.ancestors().take_while(|folder| folder.starts_with(&top)) {
        let Some(found) = in_folder(folder, &top, cwd)? else { continue };
        match &mut nearest {
            None => nearest = Some(found),
            Some(nearest) => nearest.exclude_also(found),
        }
    }
    Ok(nearest)
}

/// `true` if `folder` contains a file with the name of a configuration.
pub fn may_be_in(folder: &Path) -> bool {
    NAMES.iter().any(|(name, _)| std::fs::symlink_metadata(folder.join(name)).is_ok())
}

/// The configuration in `folder`, which is in the repository `top`, without those of its parents.
///
/// # Errors
/// Returns an error for a file that cannot be read or is invalid.
pub fn in_folder(folder: &Path, top: &Path, cwd: &Path) -> Result<Option<ConfigFile>, ConfigError> {
    for (name, table) in NAMES {
        let path = folder.join(name);
        if std::fs::symlink_metadata(&path).is_err() {
            continue;
        }
        let shown = shown(&path, cwd);
        check_inside(&path, top, &shown)?;
        let text = text_of(&path, &shown)?;
        // The `pyproject.toml` of most projects has no settings of hfscan, valid or not.
        if !table.is_empty() && !text.contains("hfscan") {
            continue;
        }
        if let Some(layer) = file::read_in(folder, &shown, &text, table)? {
            let file = ConfigFile {
                files: vec![path.clone()],
                path,
                layer,
                bytes: text.len() as u64,
                confined_to: Some(top.to_path_buf()),
            };
            return extended(file, cwd).map(Some);
        }
    }
    Ok(None)
}

/// Reads the configuration given by the user; `path` is relative to `cwd`.
///
/// # Errors
/// Returns an error if it cannot be read or is invalid.
pub fn named(path: &Path, cwd: &Path) -> Result<ConfigFile, ConfigError> {
    let shown = SourcePath::from_path(path).to_string();
    let path = cwd.join(path);
    let Part { layer, bytes } = part(&path, &shown)?;
    let files = vec![path.clone()];
    extended(ConfigFile { path, layer, bytes, files, confined_to: None }, cwd)
}

/// One file of a configuration and its `extends` chain.
struct Part {
    layer: Layer,
    bytes: u64,
}

/// Parses the file at `path`, under any name.
fn part(path: &Path, shown: &str) -> Result<Part, ConfigError> {
    let text = text_of(path, shown)?;
    let folder = path.parent().unwrap_or(path).to_path_buf();
    let is_project = path.file_name().is_some_and(|name| name == "pyproject.toml");
    let table: &[&str] = if is_project { NAMES[2].1 } else { &[] };
    let layer = file::read_in(&folder, shown, &text, table)?
        .ok_or_else(|| ConfigError::new(shown, "has no table `[tool.hfscan]`"))?;
    Ok(Part { layer, bytes: text.len() as u64 })
}

/// The configuration merged with the files that it extends; its own settings win.
fn extended(mut file: ConfigFile, cwd: &Path) -> Result<ConfigFile, ConfigError> {
    let layer = std::mem::take(&mut file.layer);
    let mut chain = vec![normalised(&file.path)];
    file.layer = with_bases(layer, &mut file, &mut chain, cwd)?;
    Ok(file)
}

/// The settings of a file merged with those of the files that it extends. Its own settings win,
/// then those of later files. `chain` holds the files that lead to this one, and `file` collects
/// all files.
fn with_bases(
    layer: Layer,
    file: &mut ConfigFile,
    chain: &mut Vec<PathBuf>,
    cwd: &Path,
) -> Result<Layer, ConfigError> {
    let bases = layer.get("extends").map(|said| said.list().to_vec()).unwrap_or_default();
    let mut lower = Layer::default();
    for base in bases {
        let wrong = |message: &str| {
            let name = SourcePath::from_bytes(&base.value);
            ConfigError::new(&base.origin, format!("`extends`: `{name}` {message}"))
        };
        let Origin::File { folder, .. } = &base.origin else { continue };
        let path = normalised(&folder.join(&base.value));
        if chain.contains(&path) {
            return Err(wrong("is a cycle"));
        }
        if file.files.len() >= MAX_FILES {
            return Err(wrong("exceeds the maximum number of files"));
        }
        let shown = shown(&path, cwd);
        if let Some(top) = &file.confined_to {
            if !path.starts_with(top) {
                let help = "a repository can only extend its own files";
                return Err(wrong("is outside the repository").with_help(Some(help.into())));
            }
            check_inside(&path, top, &shown)?;
        }
        let Part { layer, bytes } = part(&path, &shown)?;
        file.bytes += bytes;
        file.files.push(path.clone());
        chain.push(path);
        let layer = with_bases(layer, file, chain, cwd)?;
        chain.pop();
        lower = merge(layer, lower);
    }
    Ok(merge(layer, lower))
}

/// A path for messages: relative to the working directory if inside it.
fn shown(path: &Path, cwd: &Path) -> String {
    SourcePath::from_path(path.strip_prefix(cwd).unwrap_or(path)).to_string()
}

/// Refuses a link out of the repository: an error message about its target could reveal the content
/// of other files.
fn check_inside(path: &Path, top: &Path, shown: &str) -> Result<(), ConfigError> {
    let real = |path: &Path| {
        std::fs::canonicalize(path).map_err(|error| ConfigError::new(shown, error.to_string()))
    };
    if real(path)?.starts_with(real(top)?) {
        return Ok(());
    }
    Err(ConfigError::new(shown, "is a link to a file outside the repository")
        .with_help(Some("use `--config FILE`, or `--isolated` to scan without it".into())))
}

fn text_of(path: &Path, shown: &str) -> Result<String, ConfigError> {
    let failed = |error: std::io::Error| ConfigError::new(shown, error.to_string());
    // Checked before it is opened, since opening a pipe would block forever.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(ConfigError::new(shown, "is not a regular file"));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ConfigError::new(shown, "is larger than 1 MiB"));
    }
    let text = String::from_utf8(bytes).map_err(|_| ConfigError::new(shown, "is not UTF-8"))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, text: &str) {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }

    #[test]
    fn the_nearest_file_wins_and_the_first_of_its_names() {
        let folder = tempfile::tempdir().expect("a folder");
        let top = folder.path();
        write(&top.join("repo/.git/HEAD"), "");
        write(&top.join("repo/pyproject.toml"), "[tool.hfscan]\nignore = ['p']\n");
        write(&top.join("repo/hfscan.toml"), "ignore = ['h']\n");
        write(&top.join("repo/a/pyproject.toml"), "[project]\nname = 'hfscan-user'\n");
        write(&top.join("repo/a/b/x.py"), "");
        let found = find(&top.join("repo/a/b"), &top.join("repo")).expect("valid").expect("found");
        assert_eq!(found.path, top.join("repo/hfscan.toml"));
        let ignore = found.layer.get("ignore").expect("it is set").list();
        assert_eq!(ignore[0].origin.to_string(), "hfscan.toml:1");
    }

    #[test]
    fn the_search_ends_at_the_repository_and_without_one_at_the_working_directory() {
        let folder = tempfile::tempdir().expect("a folder");
        let top = folder.path();
        write(&top.join(".hfscan.toml"), "ignore = ['x']\n");
        write(&top.join("repo/.git/HEAD"), "");
        write(&top.join("plain/deep/x.py"), "");
        assert_eq!(find(&top.join("repo"), top), Ok(None));
        assert_eq!(find(&top.join("plain/deep"), &top.join("plain")), Ok(None));
        assert!(find(&top.join("plain/deep"), top).expect("valid").is_some());
        assert_eq!(find(&top.join("plain"), &top.join("repo")), Ok(None));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_repository_is_refused_and_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let top = folder.path();
        write(&top.join("private"), "something = private\n");
        write(&top.join("repo/.git/HEAD"), "");
        std::os::unix::fs::symlink("../private", top.join("repo/.hfscan.toml")).expect("linked");
        let error = find(&top.join("repo"), top).expect_err("outside");
        assert!(error.message.contains("outside the repository"), "{error}");
    }

    #[test]
    fn a_folder_of_that_name_is_an_error_and_so_is_a_huge_file() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join(".hfscan.toml")).expect("made");
        let error = find(folder.path(), folder.path()).expect_err("no file");
        assert_eq!(error.to_string(), ".hfscan.toml: is not a regular file");
        let huge = folder.path().join("huge.toml");
        write(&huge, &"#".repeat(MAX_BYTES as usize + 1));
        assert!(named(&huge, folder.path()).is_err());
    }
}
