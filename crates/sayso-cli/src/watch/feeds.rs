//! The file that names the feeds.

use std::time::Duration;

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::fetch::is_url;

/// What to watch.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Feeds {
    #[serde(default = "ten")]
    minutes: u64,
    #[serde(default)]
    about: Vec<String>,
    /// Where changes are sent.
    pub(super) webhook: Option<String>,
    #[serde(default)]
    pub(super) feed: Vec<Feed>,
}

/// One feed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Feed {
    pub(super) url: String,
    minutes: Option<u64>,
    pub(super) outlet: Option<String>,
}

const fn ten() -> u64 {
    10
}

impl Feeds {
    pub(super) fn read(file: &str) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("{file} could not be read"))?;
        Self::parse(&text).with_context(|| format!("{file} is not as it should be (`sayso watch --help` shows one)"))
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let feeds: Self = toml::from_str(text)?;
        if feeds.feed.is_empty() {
            bail!("it names no [[feed]]");
        }
        if let Some(feed) = feeds.feed.iter().find(|feed| !is_url(&feed.url)) {
            bail!("{} is no URL that begins with http:// or https://", feed.url);
        }
        if feeds.webhook.as_ref().is_some_and(|webhook| !is_url(webhook)) {
            bail!("webhook is no URL that begins with http:// or https://");
        }
        if feeds
            .feed
            .iter()
            .map(|feed| feed.minutes.unwrap_or(feeds.minutes))
            .any(|minutes| !(1..=10_080).contains(&minutes))
        {
            bail!("minutes goes from 1 to 10080, a week");
        }
        Ok(feeds)
    }

    /// How long to wait between two requests for a feed.
    pub(super) fn every(&self, feed: &Feed) -> Duration {
        Duration::from_secs(60 * feed.minutes.unwrap_or(self.minutes))
    }

    /// Whether a claim with this sentence is watched.
    pub(super) fn watches(&self, statement: &str) -> bool {
        let statement = statement.to_lowercase();
        self.about.is_empty() || self.about.iter().any(|word| statement.contains(&word.to_lowercase()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_and_a_wrong_one_is_named() {
        let feeds = Feeds::parse("about = ['Dam']\n[[feed]]\nurl = 'https://a.example/f'\nminutes = 2").unwrap();
        assert_eq!(feeds.every(&feeds.feed[0]), Duration::from_secs(120));
        assert!(feeds.watches("the dam was opened") && !feeds.watches("bakers strike"));
        for (wrong, why) in [
            ("", "no [[feed]]"),
            ("[[feed]]\nurl = 'ftp://a'", "no URL"),
            ("[[feed]]\nurl = 'http://a'\nminutes = 0", "minutes"),
            ("[[feed]]\nurl = 'http://a'\nsecret = 1", "secret"),
            ("webhook = 'x'\n[[feed]]\nurl = 'http://a'", "webhook"),
        ] {
            let error = Feeds::parse(wrong).unwrap_err().to_string();
            assert!(error.contains(why), "{wrong:?}: {error}");
        }
    }
}
