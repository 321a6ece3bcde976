//! The guide: one module for each README file of the repository.
//!
//! Read [`architecture`] to change the code, [`documents`] and [`query_language`] to use the program, and [`http`] or
//! [`agents`] to run the program as a service. The tests execute all examples of these pages.

/// Declares one module for each README file. The README files define link labels such as `[query]` that lead to files
/// of the repository. This macro defines the same labels before the text of the file, so that the links of the
/// generated documentation lead to modules.
macro_rules! pages {
    ($($(#[$attribute:meta])* $name:ident = $path:literal;)*) => {
        $(
            $(#[$attribute])*
            #[allow(clippy::doc_markdown, reason = "pages name products and algorithms in prose")]
            #[doc = "[architecture]: crate::guide::architecture"]
            #[doc = "[citations]: crate::guide::citations"]
            #[doc = "[cluster]: crate::guide::cluster"]
            #[doc = "[documents]: crate::guide::documents"]
            #[doc = "[index]: crate::guide::index"]
            #[doc = "[query]: crate::guide::query_language"]
            #[doc = "[ranking]: crate::guide::ranking"]
            #[doc = "[render]: crate::guide::citations"]
            #[doc = "[search]: crate::guide::search"]
            #[cfg_attr(feature = "mcp", doc = "[mcp]: crate::guide::agents")]
            #[cfg_attr(feature = "server", doc = "[server]: crate::guide::http")]
            #[cfg_attr(feature = "server", doc = "[security]: crate::guide::http#security")]
            #[doc = ""]
            #[doc = include_str!($path)]
            pub mod $name {}
        )*
    };
}

pages! {
    architecture = "README.md";
    citations = "render/README.md";
    cluster = "cluster/README.md";
    documents = "document/README.md";
    index = "index/README.md";
    query_language = "query/README.md";
    ranking = "search/ranking/README.md";
    search = "search/README.md";
    #[cfg(feature = "mcp")]
    agents = "mcp/README.md";
    #[cfg(feature = "server")]
    http = "server/README.md";
}

/// README of the repository. rustdoc compiles and runs its examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
