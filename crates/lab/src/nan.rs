//! NaN in JSON, which has none: it is written as null, and read back as the number that it was.

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

/// A value whose nulls are NaN wherever a number is wanted.
pub struct NanForNull(pub Value);

impl<'de> IntoDeserializer<'de, Error> for NanForNull {
    type Deserializer = NanForNull;

    fn into_deserializer(self) -> NanForNull {
        self
    }
}

impl<'de> Deserializer<'de> for NanForNull {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(NanForNull))),
            Value::Object(fields) => {
                let fields = fields.into_iter().map(|(name, value)| (name, NanForNull(value)));
                visitor.visit_map(MapDeserializer::new(fields))
            }
            plain => plain.deserialize_any(visitor),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_f64(f64::NAN),
            plain => plain.deserialize_f64(visitor),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(fields) => {
                let fields = fields.into_iter().map(|(name, value)| (name, NanForNull(value)));
                MapAccessDeserializer::new(MapDeserializer::new(fields))
                    .deserialize_enum(name, variants, visitor)
            }
            plain => plain.deserialize_enum(name, variants, visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Clone, Copy, Serialize, Deserialize)]
    enum Kind {
        Plain,
        Share(f64),
        Both { a: f64, b: Option<f64> },
    }

    #[derive(Serialize, Deserialize)]
    struct Found {
        kinds: Vec<Kind>,
        pairs: BTreeMap<String, [f64; 2]>,
        best: Option<f64>,
        count: usize,
    }

    #[test]
    fn nan_comes_back_wherever_it_stood_and_none_stays_none() {
        let found = Found {
            kinds: vec![Kind::Plain, Kind::Share(f64::NAN), Kind::Both { a: f64::NAN, b: None }],
            pairs: BTreeMap::from([("x".into(), [1.5, f64::NAN])]),
            best: None,
            count: 7,
        };
        let again = Found::deserialize(NanForNull(serde_json::to_value(&found).unwrap())).unwrap();
        assert!(
            matches!(again.kinds[..], [Kind::Plain, Kind::Share(x), Kind::Both { a, b: None }] if x.is_nan() && a.is_nan())
        );
        assert!(again.pairs["x"][0] == 1.5 && again.pairs["x"][1].is_nan());
        assert_eq!((again.best, again.count), (None, 7));
    }

    #[test]
    fn null_is_no_text_and_no_count() {
        let null = || NanForNull(Value::Null);
        assert!(String::deserialize(null()).is_err() && usize::deserialize(null()).is_err());
    }
}
