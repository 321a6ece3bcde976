//! `gz-search keys`: the keys that requests over HTTP come with.

use std::path::Path;

use super::{args, complain, print};
use crate::{
    error::Result,
    server::keys::{self, Key, Scope},
};

pub(super) fn run(dir: &Path, args: &args::Keys) -> Result<u8> {
    match &args.action {
        args::KeysAction::Add { name, scope } => {
            let scope = match scope {
                args::KeyScope::Read => Scope::Read,
                args::KeyScope::Write => Scope::Write,
            };
            print(&format!("{}\n", keys::add(dir, name, scope)?))?;
            complain("keep it: it cannot be printed again");
        }
        args::KeysAction::List => {
            print(&keys::list(dir)?.iter().map(line).collect::<String>())?;
        }
        args::KeysAction::Revoke { name } => {
            if !keys::revoke(dir, name)? {
                complain(&format!("no key has the name {name:?}"));
                return Ok(1);
            }
        }
    }
    Ok(0)
}

fn line(Key { name, scope, created, .. }: &Key) -> String {
    format!("{name} · {} · {created}\n", scope.name())
}
