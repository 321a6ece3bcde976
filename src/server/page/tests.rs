//! Pages as the router sends them; what browsers make of them is tested in tests/browser.
