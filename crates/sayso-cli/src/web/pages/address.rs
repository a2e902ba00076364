//! The address of a view: every filter and every choice is in it, so that it can be sent, kept and gone back to.

use crate::web::layout::{Page, encode};

/// Longest query that is looked at.
const LONGEST: usize = 4_000;

/// A page's path within its case, with the fields of its query.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    path: String,
    fields: Vec<(String, String)>,
}

impl Address {
    /// The address of a page as it was asked for; `as_of` stays in every link made of it.
    pub(crate) fn new(page: &Page, path: &str, query: Option<&str>) -> Self {
        let query = query.filter(|query| query.len() <= LONGEST).unwrap_or_default();
        let fields = url::form_urlencoded::parse(query.as_bytes()).into_owned();
        // What was just decided is no part of the view.
        let fields = fields.filter(|(name, value)| name != "decided" && name != "csrf" && !value.is_empty()).collect();
        Self { path: page.path(path), fields }
    }

    /// A field, or nothing.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The same view with another value for a field; empty takes it away.
    pub(crate) fn with(&self, name: &str, value: &str) -> String {
        self.changed(&[(name, value)])
    }

    /// The same view with other values for several fields.
    pub(crate) fn changed(&self, changes: &[(&str, &str)]) -> String {
        let kept = self.fields.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        let changes = changes.iter().copied().filter(|(_, value)| !value.is_empty());
        let query: Vec<String> =
            kept.chain(changes).map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        if query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, query.join("&")) }
    }

    /// The fields that a form must send along: all but its own.
    pub(crate) fn others(&self, own: &[&str]) -> Vec<(String, String)> {
        self.fields.iter().filter(|(name, _)| !own.contains(&name.as_str())).cloned().collect()
    }

    /// Three names in one field.
    pub(crate) fn pair(a: &str, b: &str, c: &str) -> String {
        [a, b, c].map(encode).join("|")
    }

    /// The three names of a field.
    pub(crate) fn unpaired(value: &str) -> Option<(String, String, String)> {
        let mut parts = value.split('|').map(|part| {
            url::form_urlencoded::parse(format!("x={part}").as_bytes()).next().map(|(_, value)| value.into_owned())
        });
        Some((parts.next()??, parts.next()??, parts.next()??))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_and_go() {
        let address = Address {
            path: "/c/x/matrix".into(),
            fields: vec![("q".into(), "a b".into()), ("page".into(), "2".into())],
        };
        assert_eq!(address.with("page", "3"), "/c/x/matrix?q=a%20b&page=3");
        assert_eq!(address.changed(&[("page", ""), ("q", "")]), "/c/x/matrix");
        assert_eq!(address.others(&["page"]), [("q".to_owned(), "a b".to_owned())]);
    }

    #[test]
    fn names_in_a_field_keep_their_bounds() {
        let names = ("c-1|x".to_owned(), "A & B+C".to_owned(), String::new());
        assert_eq!(Address::unpaired(&Address::pair(&names.0, &names.1, &names.2)), Some(names));
        assert_eq!(Address::unpaired("nothing"), None);
    }
}
