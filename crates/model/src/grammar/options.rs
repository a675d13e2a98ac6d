//! What may be said of a layer after its size, each word after a plus: `+stride2+bn+tanh+dropout0.5`.

use std::fmt;

use super::error::Wrong;
use crate::graph::{Activation, GraphBuilder};

/// A kind of word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Stride,
    Padding,
    NoBias,
    BatchNorm,
    Activation,
    Dropout,
}

impl Word {
    /// Words of this kind, as errors list them.
    fn examples(self) -> String {
        match self {
            Word::Stride => "+stride2".into(),
            Word::Padding => "+same, +pad1".into(),
            Word::NoBias => "+nobias".into(),
            Word::BatchNorm => "+bn".into(),
            Word::Activation => {
                let known: String = Activation::ALL.map(|a| format!("+{}, ", a.word())).concat();
                format!("{known}+linear")
            }
            Word::Dropout => "+dropout0.5".into(),
        }
    }
}

/// Zeros around what a window slides over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// None: the window stays inside.
    #[default]
    Valid,
    /// So many that sizes stay as they are at stride 1.
    Same,
    /// So many on every side.
    Of(usize),
}

/// What was said of a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Options {
    pub stride: Option<usize>,
    pub padding: Option<Padding>,
    pub has_no_bias: bool,
    pub has_batch_norm: bool,
    /// `Some(None)` for `+linear`.
    pub activation: Option<Option<Activation>>,
    pub dropout: Option<f64>,
}

impl Options {
    /// Size and options of a part, of which `allowed` alone may be there.
    pub fn parse<'a>(part: &'a str, allowed: &[Word]) -> Result<(&'a str, Options), Wrong> {
        let mut words = part.split('+');
        let size = words.next().unwrap_or_default();
        let mut options = Options::default();
        for word in words {
            let kind = kind_of(word).filter(|kind| allowed.contains(kind));
            let Some(kind) = kind else {
                let known: Vec<String> = allowed.iter().map(|kind| kind.examples()).collect();
                let reason = match known.is_empty() {
                    true => format!("no such option as +{word}; there is none here"),
                    false => format!("no such option as +{word}; there are {}", known.join(", ")),
                };
                return Err(Wrong::new(part, reason));
            };
            let is_second = options.take(kind, word).map_err(|reason| Wrong::new(part, reason))?;
            if is_second {
                let reason = format!("+{word} is one too many: a layer has one activation and one dropout");
                return Err(Wrong::new(part, reason));
            }
        }
        Ok((size, options))
    }

    /// Takes a word up; whether there was one of its kind already.
    fn take(&mut self, kind: Word, word: &str) -> Result<bool, String> {
        Ok(match kind {
            Word::Stride => self.stride.replace(small(word, "stride", 1)?).is_some(),
            Word::Padding if word == "same" => self.padding.replace(Padding::Same).is_some(),
            Word::Padding => self.padding.replace(Padding::Of(small(word, "pad", 1)?)).is_some(),
            Word::NoBias => std::mem::replace(&mut self.has_no_bias, true),
            Word::BatchNorm => std::mem::replace(&mut self.has_batch_norm, true),
            Word::Activation => {
                let known = Activation::ALL.into_iter().find(|a| a.word() == word);
                self.activation.replace(known).is_some()
            }
            Word::Dropout => self.dropout.replace(share(word)?).is_some(),
        })
    }
}

fn kind_of(word: &str) -> Option<Word> {
    let is_activation = word == "linear" || Activation::ALL.into_iter().any(|a| a.word() == word);
    match word {
        _ if is_activation => Some(Word::Activation),
        "same" => Some(Word::Padding),
        "bn" => Some(Word::BatchNorm),
        "nobias" => Some(Word::NoBias),
        _ => [("stride", Word::Stride), ("pad", Word::Padding), ("dropout", Word::Dropout)]
            .into_iter()
            .find_map(|(prefix, kind)| word.starts_with(prefix).then_some(kind)),
    }
}

/// The number after `prefix`.
fn small(word: &str, prefix: &str, least: usize) -> Result<usize, String> {
    match word.strip_prefix(prefix).and_then(|text| text.parse().ok()) {
        Some(n) if (least..=1 << 10).contains(&n) => Ok(n),
        _ => Err(format!("a number from {least} to 1024 follows, as in +{prefix}2")),
    }
}

fn share(word: &str) -> Result<f64, String> {
    match word.strip_prefix("dropout").and_then(|text| text.parse::<f64>().ok()) {
        Some(share) if (0.0..1.0).contains(&share) => Ok(share),
        Some(_) => Err("dropout is a share from 0 to below 1, as in dropout0.5".into()),
        None => Err(format!("no such option as +{word}; dropout is written +dropout0.5")),
    }
}

/// What follows a weighted sum: batch normalisation, activation, dropout, in this order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Following {
    pub has_batch_norm: bool,
    pub activation: Option<Activation>,
    pub dropout: f64,
}

impl Following {
    /// What was said; where nothing was of the activation, it is `usual`.
    pub fn of(options: &Options, usual: Option<Activation>) -> Following {
        Following {
            has_batch_norm: options.has_batch_norm,
            activation: options.activation.unwrap_or(usual),
            dropout: options.dropout.unwrap_or(0.0),
        }
    }

    pub fn add_to(&self, builder: GraphBuilder) -> GraphBuilder {
        let builder = if self.has_batch_norm { builder.batch_norm() } else { builder };
        let builder = match self.activation {
            Some(activation) => builder.activation(activation),
            None => builder,
        };
        if self.dropout == 0.0 { builder } else { builder.dropout(self.dropout) }
    }

    /// As options of a layer whose usual activation is `usual`.
    pub fn write(&self, f: &mut fmt::Formatter<'_>, usual: Option<Activation>) -> fmt::Result {
        if self.has_batch_norm {
            f.write_str("+bn")?;
        }
        match self.activation {
            activation if activation == usual => {}
            Some(activation) => write!(f, "+{}", activation.word())?,
            None => f.write_str("+linear")?,
        }
        if 0.0 < self.dropout { write!(f, "+dropout{}", self.dropout) } else { Ok(()) }
    }
}

/// Stride, padding and bias of filters as options.
pub(super) fn write_window(
    f: &mut fmt::Formatter<'_>,
    (stride, usual_stride): (usize, usize),
    padding: Padding,
    has_bias: bool,
) -> fmt::Result {
    if stride != usual_stride {
        write!(f, "+stride{stride}")?;
    }
    match padding {
        Padding::Valid => {}
        Padding::Same => f.write_str("+same")?,
        Padding::Of(n) => write!(f, "+pad{n}")?,
    }
    if has_bias { Ok(()) } else { f.write_str("+nobias") }
}
