//! One character instead of another, in as many bytes as that took: in any character set, entity or escape.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Look like an X, a letter, of one to four bytes in UTF-8; the others where a character set does not have the first.
const MASKS: [&[char]; 4] = [&['X'], &['Χ', 'Х', '×', 'Ξ'], &['Ｘ', '█', '‡'], &['𝐗']];

/// Whether a character tells anything: white space and signs stay, so that markup holds.
pub(super) fn tells(c: char) -> bool {
    let is_sign = matches!(c, '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{3020}');
    c.is_alphanumeric() || !(c.is_ascii() || c.is_whitespace() || is_sign)
}

/// The mask of `c`, and the bytes that write it instead of `bytes`: as many. None where there are none.
pub(super) fn instead(c: char, bytes: &[u8], encoding: &'static Encoding) -> Option<(char, Vec<u8>)> {
    let unit = if encoding == UTF_16LE || encoding == UTF_16BE { 2 } else { 1 };
    let masks = MASKS[c.len_utf8() - 1];
    let signs: String = bytes.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
    let room = bytes.len() / unit;
    // What is written in signs of ASCII is masked in signs of ASCII.
    let written = match signs.as_bytes() {
        [b'&', .., _] => masks.iter().find_map(|mask| Some((*mask, entity(*mask, room)?))),
        [b'\\', b'u', ..] if room > 6 && room < 12 => None,
        [b'\\', b'u', ..] => Some((masks[0], escape(masks[0]))),
        [b'%', _, _, ..] => Some((masks[0], codes(masks[0]))),
        _ => None,
    };
    if let Some((mask, written)) = written.filter(|(_, written)| written.len() == room) {
        return Some((mask, encode(&written, encoding)?));
    }
    let all = masks.iter().copied().chain(letters_of(encoding, c.len_utf8()));
    all.into_iter().find_map(|mask| {
        let own = encode(mask.encode_utf8(&mut [0; 4]), encoding)?;
        (own.len() == bytes.len()).then_some((mask, own))
    })
}

/// `&#000935;`, as long as there is room.
fn entity(mask: char, room: usize) -> Option<String> {
    let named = match (mask, room) {
        ('Ξ', 4) => Some("&Xi;"),
        ('Χ', 5) => Some("&Chi;"),
        _ => None,
    };
    let number = || format!("&#{:0>width$};", u32::from(mask), width = room.saturating_sub(3));
    Some(named.map_or_else(number, str::to_owned)).filter(|written| written.len() == room)
}

/// `Χ`, as a surrogate pair where it has to be.
fn escape(mask: char) -> String {
    mask.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

/// `%CE%A7`
fn codes(mask: char) -> String {
    mask.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn encode(text: &str, encoding: &'static Encoding) -> Option<Vec<u8>> {
    if encoding == UTF_8 {
        return Some(text.as_bytes().to_vec());
    }
    if encoding == UTF_16LE || encoding == UTF_16BE {
        let bytes = |unit: u16| if encoding == UTF_16LE { unit.to_le_bytes() } else { unit.to_be_bytes() };
        return Some(text.encode_utf16().flat_map(bytes).collect());
    }
    let (bytes, _, lost) = encoding.encode(text);
    (!lost).then(|| bytes.into_owned())
}

/// Letters of a character set of single bytes that have so many bytes in UTF-8.
fn letters_of(encoding: &'static Encoding, length: usize) -> Vec<char> {
    if !encoding.is_single_byte() {
        return Vec::new();
    }
    let letter = |byte: u8| {
        let c = encoding.decode_without_bom_handling(&[byte]).0.chars().next()?;
        (c.len_utf8() == length && c.is_alphabetic()).then_some(c)
    };
    (0x80..=0xff).filter_map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_takes_as_many_bytes() {
        let as_text = |c, written: &str| {
            let (mask, bytes) = instead(c, written.as_bytes(), UTF_8)?;
            assert_eq!((bytes.len(), mask.len_utf8()), (written.len(), c.len_utf8()), "{written}");
            String::from_utf8(bytes).ok()
        };
        for (c, written, expected) in [
            ('a', "a", "X"),
            ('é', "é", "Χ"),
            ('王', "王", "Ｘ"),
            ('𝒜', "𝒜", "𝐗"),
            ('é', "&eacute;", "&#00935;"),
            ('é', "&#233;", "&#935;"),
            ('ð', "&eth;", "&Chi;"),
            ('é', "\\u00e9", "\\u03a7"),
            ('𝒜', "\\ud835\\udc9c", "\\ud835\\udc17"),
            ('é', "%c3%a9", "%CE%A7"),
        ] {
            assert_eq!(as_text(c, written).as_deref(), Some(expected));
        }
        for encoding in ["windows-1251", "koi8-r", "windows-1252", "iso-8859-8", "windows-1256", "shift_jis", "gbk"] {
            let encoding = Encoding::for_label(encoding.as_bytes()).unwrap();
            for c in ['a', 'é', 'ж', 'ב', 'ع', '山', 'ア'] {
                let text = c.to_string();
                let (bytes, _, lost) = encoding.encode(&text);
                if lost {
                    continue;
                }
                let (mask, masked) = instead(c, &bytes, encoding).unwrap();
                let (back, broken) = encoding.decode_without_bom_handling(&masked);
                assert_eq!((back.as_ref(), broken), (mask.to_string().as_str(), false));
                assert_eq!((masked.len(), mask.len_utf8()), (bytes.len(), c.len_utf8()), "{c} in {}", encoding.name());
            }
        }
    }
}
