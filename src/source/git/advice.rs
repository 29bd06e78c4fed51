//! The remedies for a secret in git, in the order in which to apply them.

use super::oid::oid;
use crate::model::{Exposure, History, Host, ObjectId};
use git2::Repository;

/// The remedy for a finding that is staged but not committed; `is_secret` if it is a credential.
pub fn staged(is_secret: bool) -> Vec<String> {
    let mut advice =
        vec!["not committed yet: remove it from the file, then `git add` the file again".into()];
    if is_secret {
        let elsewhere = "if it has been anywhere else (a chat, a log, another machine), revoke it \
                         anyway";
        advice.push(elsewhere.into());
    }
    advice
}

/// The remedy for a habit, which reveals no secret in history.
pub fn habit(history: &History) -> Vec<String> {
    match history.exposure {
        Exposure::Head | Exposure::Staged => {
            vec![
                "fix it in a new commit: no secret has to be revoked, and no commit rewritten"
                    .into(),
            ]
        }
        Exposure::Reachable | Exposure::Unreachable => Vec::new(),
    }
}

/// The remedy for a secret in a commit, in a tag, or only in the object store. `head` is the last
/// commit.
pub fn committed(
    repository: &Repository,
    head: Option<ObjectId>,
    history: &History,
) -> Vec<String> {
    let mut advice = vec![
        "revoke it first: a commit that removes it leaves it in all earlier commits".to_string(),
    ];
    if history.exposure == Exposure::Unreachable {
        advice.push(
            "no reference leads to it, but it stays on this disk until git prunes it: \
             `git reflog expire --expire=now --all && git gc --prune=now`"
                .into(),
        );
        return advice;
    }
    if history.pushed.is_empty() {
        advice.push(local_repair(repository, head, history));
    } else {
        advice.extend(after_push(history));
    }
    advice
}

/// The commands that repair a repository whose secret no remote has yet.
fn local_repair(repository: &Repository, head: Option<ObjectId>, history: &History) -> String {
    let Some(commit) = &history.introduced else {
        return "no remote-tracking branch has it: delete the tag (`git tag -d`) and create it again"
            .into();
    };
    let id = commit.id.short();
    let is_message = matches!(history.origin, crate::model::Origin::Commit(_));
    if head == Some(commit.id) {
        return match is_message {
            true => "no remote-tracking branch has it: `git commit --amend` and remove it from the message".into(),
            false => "no remote-tracking branch has it: remove it from the file, then \
                      `git add -u && git commit --amend --no-edit`"
                .into(),
        };
    }
    let base = if is_root(repository, commit.id) { "--root".to_string() } else { format!("{id}^") };
    let word = if is_message { "reword" } else { "edit" };
    let then = match (is_message, &history.removed) {
        (true, _) => String::new(),
        (false, None) => ", remove it, `git add -u && git rebase --continue`".into(),
        (false, Some(removed)) => format!(
            ", remove it, `git add -u && git rebase --continue`, and expect a conflict at {}",
            removed.id.short()
        ),
    };
    format!("no remote-tracking branch has it: `git rebase -i {base}`, mark {id} as `{word}`{then}")
}

fn is_root(repository: &Repository, id: ObjectId) -> bool {
    repository.find_commit(oid(id)).is_ok_and(|commit| commit.parent_count() == 0)
}

/// The limits of a rewrite after others received the secret.
fn after_push(history: &History) -> Vec<String> {
    let names: Vec<&str> = history.pushed.iter().map(|remote| remote.name.as_str()).collect();
    let mut advice = vec![format!(
        "{} has it: to rewrite, in a fresh clone `hfscan --history --emit-replacements ../FILE`, \
         then `git filter-repo --sensitive-data-removal --replace-text ../FILE --replace-message \
         ../FILE`, then `git push --force --mirror origin`",
        names.join(", ")
    )];
    if history.pushed.iter().any(|remote| remote.host == Host::Hub) {
        advice.push(
            "on the Hub a rewrite does not affect clones, downloads and duplicated repositories; \
             `HfApi().super_squash_history(repo_id)` drops all history of a branch, and LFS files \
             are only deleted by `list_lfs_files` and `permanently_delete_lfs_files`"
                .into(),
        );
    }
    if history.pushed.iter().any(|remote| remote.host == Host::GitHub) {
        advice.push(
            "on GitHub a rewrite does not affect forks, pull requests (`refs/pull/`), clones and \
             cached views: the commit stays readable by its hash until GitHub Support removes it"
                .into(),
        );
    }
    advice
}
