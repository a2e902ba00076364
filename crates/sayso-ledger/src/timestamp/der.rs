//! DER: values with a tag and a length, one in the other.
//!
//! In: bytes. Out: the values in them, borrowed. May not happen: a length that leads out of the bytes; recursion.

/// Tags that are used here.
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BITS: u8 = 0x03;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const TIME: u8 = 0x18;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// A tag of a context: `[n]`.
pub(super) const fn context(n: u8) -> u8 {
    0xa0 | n
}

/// One value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    /// With its tag and length.
    pub(super) whole: &'a [u8],
}

impl<'a> Value<'a> {
    /// The values in it.
    pub(super) fn values(self) -> Values<'a> {
        Values(self.content)
    }
}

/// Values, one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'a>(pub(super) &'a [u8]);

impl<'a> Values<'a> {
    /// The next value; none at the end, and where the rest is no value.
    pub(super) fn next(&mut self) -> Option<Value<'a>> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first);
        if first >= 0x80 {
            // More than four bytes of length, or a length that is not told, is no DER that is met here.
            let bytes = usize::from(first & 0x7f);
            if bytes == 0 || bytes > 4 || rest.len() < bytes {
                return None;
            }
            length = rest[..bytes].iter().fold(0, |length, &byte| length << 8 | usize::from(byte));
            rest = &rest[bytes..];
        }
        let content = rest.get(..length)?;
        let whole = &self.0[..self.0.len() - rest.len() + length];
        self.0 = &rest[length..];
        Some(Value { tag, content, whole })
    }

    /// The next value, which must have this tag.
    pub(super) fn one(&mut self, tag: u8) -> Option<Value<'a>> {
        self.next().filter(|value| value.tag == tag)
    }

    /// The next value if it has this tag; else nothing is taken.
    pub(super) fn maybe(&mut self, tag: u8) -> Option<Value<'a>> {
        (self.0.first() == Some(&tag)).then(|| self.next())?
    }
}

impl<'a> Iterator for Values<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        Values::next(self)
    }
}

/// A value as it is written.
pub(super) fn write(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = vec![tag];
    match u8::try_from(length) {
        Ok(length) if length < 0x80 => out.push(length),
        _ => {
            let bytes = length.to_be_bytes();
            let bytes = &bytes[bytes.iter().take_while(|&&byte| byte == 0).count()..];
            out.push(0x80 | bytes.len() as u8);
            out.extend_from_slice(bytes);
        }
    }
    parts.iter().for_each(|part| out.extend_from_slice(part));
    out
}
