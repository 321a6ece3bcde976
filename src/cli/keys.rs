//! The command `gz-search keys`, which manages the API keys of the HTTP service.

use std::path::Path;

use super::{
    args::{KeyScopeArg, KeysAction, KeysArgs},
    output::{print, print_status},
};
use crate::{
    error::Result,
    server::keys::{self, Key, Scope},
};

/// Adds, lists or revokes keys of the index in `dir`. Returns exit code 1 if the key to revoke does not exist.
pub(super) fn run(dir: &Path, args: &KeysArgs) -> Result<u8> {
    match &args.action {
        KeysAction::Add { name, scope } => {
            let scope = match scope {
                KeyScopeArg::Read => Scope::Read,
                KeyScopeArg::Write => Scope::Write,
            };
            print(&format!("{}\n", keys::add(dir, name, scope)?))?;
            print_status("store the key: it cannot be printed again");
        }
        KeysAction::List => {
            print(&keys::list(dir)?.iter().map(key_line).collect::<String>())?;
        }
        KeysAction::Revoke { name } => {
            if !keys::revoke(dir, name)? {
                print_status(&format!("no key has the name {name:?}"));
                return Ok(1);
            }
        }
    }
    Ok(0)
}

fn key_line(Key { name, scope, created, .. }: &Key) -> String {
    format!("{name} · {} · {created}\n", scope.name())
}
