//! Typed values out of the layers, by path: the winning value, else the default of the schema.
//!
//! A refused value yields nothing and leaves a problem behind, so that all problems come at once. Knows nothing of: sections.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use salio_domain::Units;
use salio_provider::Secret;

use super::address::AllowedSource;
use super::layers::Layers;
use super::raw::Raw;
use super::schema;
use super::value::{self, Value};

/// A type that some values have.
pub trait FromValue: Sized {
    /// The inside of the value, if it is of this type.
    fn from_value(value: Value) -> Option<Self>;
}

macro_rules! from_value {
    ($($variant:ident => $inner:ty),* $(,)?) => {$(
        impl FromValue for $inner {
            fn from_value(value: Value) -> Option<Self> {
                match value {
                    Value::$variant(inner) => Some(inner),
                    _ => None,
                }
            }
        }
    )*};
}

from_value! {
    Text => String,
    Integer => u32,
    Bool => bool,
    Duration => Duration,
    Durations => Vec<Duration>,
    Units => Units,
    Prices => Vec<(String, Units)>,
    Secret => Secret,
    Listen => SocketAddr,
    Addresses => Vec<AllowedSource>,
    Path => PathBuf,
}

impl Layers {
    /// The value of a key, or its default; nothing when there is neither or it was refused.
    pub fn get<T: FromValue>(&mut self, path: &str) -> Option<T> {
        let spec = schema::find_path(path);
        let written = self.entry(path).map(|entry| entry.raw.clone());
        let raw = written.or_else(|| spec.and_then(|spec| spec.default).map(|text| Raw::Text(text.to_owned())))?;
        let read = spec.ok_or_else(|| "no such key".to_owned()).and_then(|spec| value::parse(spec.kind, &raw));
        let typed = read.and_then(|value| T::from_value(value).ok_or_else(|| "this key holds another type; a fault of Salio".to_owned()));
        typed.map_err(|problem| self.refuse_value(path, problem)).ok()
    }
}
