use std::hash::{BuildHasher, RandomState};

/// A text of up to 12 bytes, laid out as Arrow lays out a view of it: length, bytes, zeros. Of a
/// longer text, where it stands among the long ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key([u8; 16]);

/// The longest text that is its own key.
pub(crate) const SHORT: usize = 12;

const LONG: u32 = u32::MAX;

impl Key {
    /// The key of a text that is short enough.
    fn of_short(text: &str) -> Option<Self> {
        let mut key = [0u8; 16];
        let length = u32::try_from(text.len()).ok()?;
        key.get_mut(4..4 + text.len())?.copy_from_slice(text.as_bytes());
        key[..4].copy_from_slice(&length.to_le_bytes());
        Some(Self(key))
    }

    /// The key of an Arrow view of a short text: the view itself.
    pub(crate) fn of_view(view: u128) -> Self {
        debug_assert!(view as u32 as usize <= SHORT, "only views of short texts are keys");
        Self(view.to_le_bytes())
    }

    /// The key of the long text with this place; unlike the key it was looked for with.
    pub(crate) fn at(self, place: usize) -> Self {
        let mut key = self.0;
        key[8..].copy_from_slice(&(place as u64).to_le_bytes());
        Self(key)
    }

    fn length(&self) -> u32 {
        u32::from_le_bytes([self.0[0], self.0[1], self.0[2], self.0[3]])
    }

    /// Whether equal keys mean equal texts.
    pub(crate) fn is_whole(&self) -> bool {
        self.length() != LONG
    }

    /// The text of a short key.
    pub(crate) fn short_text(&self) -> &str {
        let bytes = self.0.get(4..4 + self.length() as usize).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// The place of a long text among the long ones.
    pub(crate) fn long_place(&self) -> Option<usize> {
        let place = u128::from_le_bytes(self.0) >> 64;
        (!self.is_whole()).then(|| usize::try_from(place).ok()).flatten()
    }
}

/// A key and the hash of its text.
pub(crate) struct Hashed {
    pub(crate) key: Key,
    /// 32 bits of hash: they place a text in the table and spare most comparisons.
    pub(crate) tag: u32,
}

/// What keeps others from knowing which texts collide.
#[derive(Clone, Debug)]
pub(crate) struct Secret {
    state: RandomState,
    low: u64,
    high: u64,
}

impl Default for Secret {
    fn default() -> Self {
        let state = RandomState::new();
        let (low, high) = (state.hash_one(0), state.hash_one(1));
        Self { state, low, high }
    }
}

impl Secret {
    pub(crate) fn hash(&self, text: &str) -> Hashed {
        match Key::of_short(text) {
            Some(key) => self.hash_key(key),
            None => {
                let mut key = [0u8; 16];
                key[..4].copy_from_slice(&LONG.to_le_bytes());
                Hashed { key: Key(key), tag: (self.state.hash_one(text) >> 32) as u32 }
            }
        }
    }

    /// Of the key of a short text.
    pub(crate) fn hash_key(&self, key: Key) -> Hashed {
        let bits = u128::from_le_bytes(key.0);
        let product = u128::from(bits as u64 ^ self.low) * u128::from((bits >> 64) as u64 ^ self.high);
        Hashed { key, tag: (product >> 48) as u32 ^ product as u32 }
    }
}
