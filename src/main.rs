//! The command-line program `gz-search`.

/// Allocator of the program. mimalloc is faster than the system's allocator for many small texts such as passages. With
/// the feature `cluster`, the program uses the system's allocator: each search on a cluster builds a small index in
/// large blocks of memory, and mimalloc would request these blocks from the system for every search.
#[cfg(not(feature = "cluster"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    gz_search::cli::main()
}
