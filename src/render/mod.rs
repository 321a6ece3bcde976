//! Results → bytes: one file per format. Only here is markup known and are characters escaped.
