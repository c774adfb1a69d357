//! The ways in which one character can be written: as itself, percent-encoded (once or more), escaped in JSON, as an HTML entity.
//!
//! Knows nothing of: secrets, where a text came from.

/// HTML entities with a name that a key can hold.
const ENTITIES: [(&str, char); 6] = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&apos;", '\''), ("&nbsp;", ' ')];

/// How often an encoding may have been applied to itself; bounds the work on a hostile text.
const MAX_LAYERS: usize = 4;
/// The longest numeric entity: `1114111` or `x10FFFF`, with leading zeros.
const MAX_ENTITY: usize = 12;

/// Cheap: whether some form of `wanted` could begin `text`.
pub(super) fn may_begin(text: &str, wanted: char, any_case: bool) -> bool {
    text.chars().next().is_some_and(|have| same(have, wanted, any_case) || matches!(have, '\\' | '%' | '&' | '+'))
}

/// Calls `found` with the length of each form of `wanted` that begins `text`.
pub(super) fn ends_of(text: &str, wanted: char, any_case: bool, mut found: impl FnMut(usize)) {
    let Some(have) = text.chars().next() else { return };
    if same(have, wanted, any_case) {
        found(have.len_utf8());
    }
    match have {
        '+' if wanted == ' ' => found(1),
        '%' => percent(text, wanted, any_case).into_iter().for_each(found),
        '\\' => escaped(text, wanted, any_case).into_iter().for_each(found),
        '&' => entity(text, wanted, any_case).into_iter().for_each(found),
        _ => {}
    }
}

/// Whether a text ended here, perhaps inside an encoded character.
pub(super) fn is_cut_off(rest: &str) -> bool {
    rest.is_empty() || rest.len() < "\\u002b".len() && rest.starts_with(['%', '\\', '&'])
}

fn same(have: char, wanted: char, any_case: bool) -> bool {
    have == wanted || any_case && have.eq_ignore_ascii_case(&wanted)
}

/// `%2B`, `%2b`, `%252B`: each byte of the character, in hexadecimal of any case, the percent sign itself encoded any number of times.
fn percent(text: &str, wanted: char, any_case: bool) -> Option<usize> {
    let mut buffer = [0; 4];
    let mut used = 0;
    for byte in wanted.encode_utf8(&mut buffer).bytes() {
        let mut rest = text.get(used..)?.strip_prefix('%')?;
        used += 1;
        for _ in 0..MAX_LAYERS {
            let Some(inner) = rest.strip_prefix("25").filter(|inner| inner.get(..2).is_some_and(is_hex)) else { break };
            rest = inner;
            used += 2;
        }
        let value = u8::from_str_radix(rest.get(..2).filter(|hex| is_hex(hex))?, 16).ok()?;
        if value != byte && !(any_case && value.eq_ignore_ascii_case(&byte)) {
            return None;
        }
        used += 2;
    }
    Some(used)
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// `\/`, `\"`, `\\`, `\u002b`, also with the backslash itself escaped.
fn escaped(text: &str, wanted: char, any_case: bool) -> Option<usize> {
    let slashes = text.bytes().take(MAX_LAYERS).take_while(|b| *b == b'\\').count();
    let rest = text.get(slashes..)?;
    if let Some(hex) = rest.strip_prefix('u').and_then(|hex| hex.get(..4)).filter(|hex| is_hex(hex)) {
        let value = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?;
        return same(value, wanted, any_case).then_some(slashes + 5);
    }
    if wanted == '\\' {
        return (slashes >= 2).then_some(2);
    }
    let have = rest.chars().next()?;
    (!have.is_ascii_alphanumeric() && same(have, wanted, any_case)).then(|| slashes + have.len_utf8())
}

/// `&#43;`, `&#x2B;`, `&amp;`.
fn entity(text: &str, wanted: char, any_case: bool) -> Option<usize> {
    if let Some((name, _)) = ENTITIES.iter().find(|(name, c)| *c == wanted && text.starts_with(name)) {
        return Some(name.len());
    }
    let rest = text.strip_prefix("&#")?;
    let number = rest.get(..rest.bytes().take(MAX_ENTITY).position(|b| b == b';')?)?;
    let value = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    same(char::from_u32(value)?, wanted, any_case).then_some("&#;".len() + number.len())
}
