//! One macro for enums that are words on the wire, so that the spelling of each word stands in exactly one place.

/// Defines a `Copy` enum with `ALL`, `as_str`, `Display` and `Serialize`; with `else Variant` also a `Deserialize` and
/// `From<&str>` that never fail, because a newer peer may know words that we do not.
macro_rules! word_enum {
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

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let word = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                    Ok(Self::from(word.as_ref()))
                }
            }
        )?
    };
}

pub(crate) use word_enum;
