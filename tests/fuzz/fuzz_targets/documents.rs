#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(gz_search_fuzz::documents(bytes)));

#[cfg(not(fuzzing))]
fn main() {
    eprintln!("run this with cargo fuzz, or the binary named random instead");
}
