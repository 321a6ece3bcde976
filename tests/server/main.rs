//! Tests of `gz-search serve` as a process, over sockets. Tests without sockets stand beside the router.
//!
//! `life`: start, reload, watch, stop, log. `writes`: durability and snapshots. `hostile`: malformed requests, slow and
//! many clients. `kills`: every writing command, killed at random times.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod fixture;
mod hostile;
mod kills;
mod life;
#[path = "../random.rs"]
mod random;
mod writes;
mod writing_client;
