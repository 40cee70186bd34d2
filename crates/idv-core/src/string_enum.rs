//! One macro for enums that are strings on the wire, so that the spelling of each one stands in exactly one place.

/// Defines a `Copy` enum with `ALL`, `as_str`, `Display`, `Serialize` and `Deserialize`. Another word than these is an error that
/// lists them; with `else Variant` it is that variant, because a newer peer may know words that we do not, and there is a `From<&str>`.
macro_rules! string_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $word:literal, )+ }
        $(else $other:ident)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name { $( $(#[$variant_meta])* $variant, )+ }

        impl $name {
            /// Every variant, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word used in JSON, logs and configuration.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        $(
            impl From<&str> for $name {
                fn from(word: &str) -> Self {
                    Self::ALL.iter().copied().find(|known| known.as_str() == word).unwrap_or(Self::$other)
                }
            }
        )?

        $crate::string_enum::read_word! { $name { $($variant = $word,)+ } $($other)? }
    };
}

/// Reads a word as its variant, and another word as the one that takes its place, or not at all.
macro_rules! read_word {
    ($name:ident { $($variant:ident = $word:literal,)+ } $other:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                Ok(Self::from(word.as_ref()))
            }
        }
    };
    ($name:ident { $($variant:ident = $word:literal,)+ }) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(serde::Deserialize)]
                enum Known { $(#[serde(rename = $word)] $variant,)+ }
                Ok(match Known::deserialize(deserializer)? { $(Known::$variant => Self::$variant,)+ })
            }
        }
    };
}

pub(crate) use {read_word, string_enum};
