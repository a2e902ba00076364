//! Which leaves of a page are the article, and what each is.
//!
//! First elements are ruled out by tag, role and class, unless most of the page's prose is inside; then the element
//! that holds the rest of the prose is found, from the page's own word for it (`articleBody`, `<article>`) or by
//! weight; then single lines are ruled out by their words. The headline and what stands under it are added from above.

use super::furniture::{Says, is_furniture, opens_furniture, says};
use super::leaves::{Leaf, share};
use super::tree::Tree;
use crate::report::BlockKind;

/// The article of a page.
#[derive(Debug, Default)]
pub(super) struct Article {
    /// Its leaves, in order, with their kinds.
    pub(super) leaves: Vec<(usize, BlockKind)>,
    /// The node of the headline.
    pub(super) headline: Option<usize>,
    /// Leaves that were ruled out and hold names of authors or a date, in order.
    pub(super) bylines: Vec<usize>,
    /// The element that holds its prose.
    pub(super) body: usize,
    /// The elements that are no part of it, as ranges of nodes.
    pub(super) ruled_out: Vec<std::ops::Range<usize>>,
    /// Whether anything like an article was found.
    pub(super) found: bool,
}

/// What is known of every node from its tag and attributes, and of the prose before it.
struct Page<'a> {
    tree: &'a Tree<'a>,
    leaves: &'a [Leaf],
    says: Vec<Says>,
    /// `prose[k]`: prose in the leaves before node `k`.
    prose: Vec<usize>,
    /// `links[k]`: linked letters and all letters in the leaves before leaf `k`.
    links: Vec<(usize, usize)>,
    headline: Option<usize>,
    /// Whether a leaf is inside an element that is ruled out.
    out: Vec<bool>,
    /// The elements that are ruled out.
    ruled_out: Vec<std::ops::Range<usize>>,
}

/// Finds the article. `title` is the headline if the page's head names one; `stated`: the page says that it is an article.
pub(super) fn article(tree: &Tree<'_>, leaves: &[Leaf], title: Option<&str>, stated: bool) -> Article {
    let mut page = Page::new(tree, leaves, tree.nodes.iter().map(said).collect());
    page.weigh();
    page.headline = page.find_headline(title);
    page.rule_out();
    page.weigh();
    let body = page.body();
    let mut found = Article { headline: page.headline, ..Article::default() };
    page.above(body, title, &mut found);
    page.inside(body, title, &mut found);
    page.below(body, &mut found);
    let prose: usize = found.leaves.iter().map(|(leaf, _)| leaves[*leaf].prose()).sum();
    let lines = found.leaves.iter().filter(|(leaf, _)| leaves[*leaf].prose() > 0).count();
    (found.body, found.ruled_out) = (body, std::mem::take(&mut page.ruled_out));
    found.found = prose >= 140 && lines >= 2 || prose >= 600 || prose >= 40 && (stated || page.names_itself(body));
    found
}

fn links(leaves: &[Leaf]) -> Vec<(usize, usize)> {
    let mut sum = (0, 0);
    let sums = leaves.iter().map(|leaf| {
        sum = (sum.0 + leaf.linked, sum.1 + leaf.letters);
        sum
    });
    std::iter::once((0, 0)).chain(sums).collect()
}

/// What an element says about itself by class, id, role and microdata.
pub(super) fn said(node: &super::tree::Node<'_>) -> Says {
    if !node.has_attributes() || matches!(node.name, "html" | "body") {
        return Says::default();
    }
    let mut out = Says::default();
    for name in ["class", "id"] {
        let Some(class) = node.attribute(name) else { continue };
        let more = says(&class);
        out = Says {
            out: out.out || more.out,
            always_out: out.always_out || more.always_out,
            byline: out.byline || more.byline,
            date_line: out.date_line || more.date_line,
            caption: out.caption || more.caption,
            embed: out.embed || more.embed,
            standfirst: out.standfirst || more.standfirst,
            body: out.body || more.body,
            pull_quote: out.pull_quote || more.pull_quote,
        };
    }
    if let Some(role) = node.attribute("role") {
        out.out |= matches!(
            role.as_ref(),
            "navigation"
                | "complementary"
                | "contentinfo"
                | "banner"
                | "search"
                | "dialog"
                | "alertdialog"
                | "menu"
                | "toolbar"
        );
    }
    if let Some(prop) = node.attribute("itemprop") {
        out.body |= prop == "articleBody";
        out.byline |= matches!(prop.as_ref(), "author" | "creator");
        out.date_line |= prop.starts_with("date");
        out.always_out |= prop == "comment";
        out.out |= prop == "publisher";
    }
    out.byline |= node.attribute("rel").is_some_and(|rel| rel == "author");
    out
}

impl<'a> Page<'a> {
    /// A page of which nothing is known yet but what its elements say they are.
    fn new(tree: &'a Tree<'a>, leaves: &'a [Leaf], says: Vec<Says>) -> Self {
        let out = vec![false; leaves.len()];
        Self { tree, leaves, says, prose: Vec::new(), links: links(leaves), headline: None, out, ruled_out: Vec::new() }
    }

    /// Prose inside a node, of leaves that are not ruled out.
    fn mass(&self, node: usize) -> usize {
        self.prose[self.tree.nodes[node].end] - self.prose[node]
    }

    fn weigh(&mut self) {
        let mut at_node = vec![0; self.tree.nodes.len() + 1];
        for (leaf, out) in self.leaves.iter().zip(&self.out) {
            at_node[leaf.node + 1] += if *out { 0 } else { leaf.prose() };
        }
        for k in 1..at_node.len() {
            at_node[k] += at_node[k - 1];
        }
        self.prose = at_node;
    }

    fn is_inside(&self, node: usize, of: usize) -> bool {
        of <= node && node < self.tree.nodes[of].end
    }

    /// The headline's element: the heading that says what the head says, else the only `<h1>`, else the first with prose behind.
    fn find_headline(&self, title: Option<&str>) -> Option<usize> {
        let title = title.map(letters).filter(|title| title.len() >= 4);
        let headings = |names: &'static [&str]| {
            let nodes = self.tree.nodes.iter().enumerate().filter(move |(_, node)| names.contains(&node.name));
            nodes.take(400).map(|(at, _)| (at, letters(&self.tree.words(at)))).filter(|(_, words)| words.len() >= 4)
        };
        let same = |words: &str| {
            title.as_deref().is_some_and(|title| {
                let part = |one: &str, all: &str| all.starts_with(one) || all.ends_with(one);
                title == words || words.len() >= 12 && (part(words, title) || words.starts_with(title))
            })
        };
        if let Some((at, _)) = headings(&["h1"]).chain(headings(&["h2", "h3"])).find(|(_, words)| same(words)) {
            return Some(at);
        }
        if let Some(leaf) = title
            .as_deref()
            .and_then(|title| self.leaves.iter().find(|leaf| leaf.letters < 300 && letters(leaf.words()) == title))
        {
            return Some(leaf.node);
        }
        // Without a title to go by: the first <h1>, unless it is the site's name above another; else the first <h2>.
        let fits = |at: &usize| !self.tree.around(*at).any(|up| self.tree.nodes[up].name == "nav" || self.says[up].out);
        let mut ones = headings(&["h1"]).map(|(at, _)| at).filter(fits);
        let Some(first) = ones.next() else {
            return headings(&["h2"]).map(|(at, _)| at).find(fits).filter(|&at| self.mass(0) > 2 * self.prose[at]);
        };
        Some(ones.next().filter(|_| self.in_site_header(first)).unwrap_or(first))
    }

    fn in_site_header(&self, node: usize) -> bool {
        self.tree.around(node).any(|up| self.tree.nodes[up].name == "header")
            && self.tree.around(node).all(|up| self.tree.nodes[up].name != "article")
    }

    /// Marks every leaf inside an element that is no part of an article.
    fn rule_out(&mut self) {
        let all = self.mass(0);
        let mut until = 0;
        let mut leaf = 0;
        for at in 1..self.tree.nodes.len() {
            let node = &self.tree.nodes[at];
            if at < until || node.is_text() || node.end == at + 1 || !self.is_out(at, all) {
                continue;
            }
            until = node.end;
            self.ruled_out.push(at..until);
            while self.leaves.get(leaf).is_some_and(|next| next.node < at) {
                leaf += 1;
            }
            // A leaf belongs to the element of its first text: an inline label inside a paragraph does not take it along.
            let block = node.is_block();
            for k in leaf..self.leaves.len() {
                if self.leaves[k].node >= until {
                    break;
                }
                self.out[k] |= block
                    || self.leaves[k].element >= at
                    || self.leaves[k].letters * 5 <= self.tree.words(at).len() * 6;
            }
        }
    }

    fn is_out(&self, at: usize, all: usize) -> bool {
        let (node, says) = (&self.tree.nodes[at], self.says[at]);
        let by_tag = matches!(
            node.name,
            "nav"
                | "footer"
                | "aside"
                | "form"
                | "menu"
                | "dialog"
                | "header"
                | "label"
                | "amp-embed"
                | "amp-list"
                | "amp-carousel"
        );
        if !(by_tag || says.out || says.always_out) {
            return false;
        }
        if self.headline.is_some_and(|headline| self.is_inside(headline, at)) {
            return false;
        }
        if says.always_out && !by_tag {
            return !says.body;
        }
        // A header, or a sidebar by name, that holds most of the prose is a wrapper.
        let wrapper = self.mass(at) * 2 > all || says.body && self.mass(at) * 5 > all;
        let article_header = node.name == "header"
            && !says.out
            && self.tree.around(at).any(|up| matches!(self.tree.nodes[up].name, "article" | "main"));
        !wrapper && !article_header
    }

    /// The element that holds the article's prose.
    fn body(&self) -> usize {
        let all = self.mass(0);
        if all == 0 {
            return self.headline.map_or(0, |at| self.tree.nodes[at].parent);
        }
        let heaviest = |wanted: &dyn Fn(usize) -> bool, least: usize| {
            let nodes = (1..self.tree.nodes.len()).filter(|&at| !self.tree.nodes[at].is_text() && wanted(at));
            nodes
                .map(|at| (self.mass(at), std::cmp::Reverse(at)))
                .max()
                .filter(|(mass, _)| mass * 100 >= all * least)
                .map(|(_, at)| at.0)
        };
        if let Some(at) =
            heaviest(&|at| self.tree.nodes[at].attribute("itemprop").is_some_and(|prop| prop == "articleBody"), 40)
        {
            return at;
        }
        if let Some(at) = heaviest(&|at| self.tree.nodes[at].name == "article", 50) {
            return at;
        }
        if let Some(at) = heaviest(&|at| self.says[at].body && !self.says[at].out, 50) {
            return at;
        }
        self.descend(heaviest(&|at| self.tree.nodes[at].name == "main", 50).unwrap_or(0))
    }

    /// From `at` inwards as long as one child holds nearly all the prose.
    fn descend(&self, mut at: usize) -> usize {
        loop {
            let mass = self.mass(at);
            let mut child = at + 1;
            let mut next = None;
            while child < self.tree.nodes[at].end {
                if self.mass(child) * 100 >= mass * 85
                    && self.tree.nodes[child].end > child + 1
                    && self.tree.nodes[child].is_block()
                {
                    next = Some(child);
                }
                child = self.tree.nodes[child].end;
            }
            match next {
                Some(child) if !matches!(self.tree.nodes[child].name, "p" | "li" | "ul" | "ol" | "blockquote") => {
                    at = child
                }
                _ => return at,
            }
        }
    }

    /// Whether the page calls this element the article.
    fn names_itself(&self, body: usize) -> bool {
        body != 0
            && (self.says[body].body
                || self.tree.nodes[body].name == "article"
                || self.tree.nodes[body].attribute("itemprop").is_some())
    }

    /// The headline and what stands between it and the body.
    fn above(&self, body: usize, title: Option<&str>, found: &mut Article) {
        let Some(headline) = self.headline.filter(|&at| !self.is_inside(at, body) && at < body) else { return };
        for (k, leaf) in self.leaves.iter().enumerate() {
            if leaf.node < headline {
                // A date or a name just above the headline.
                if headline - leaf.node < 40 && self.near_line(leaf).is_some() {
                    found.bylines.push(k);
                }
                continue;
            }
            if leaf.node >= body {
                break;
            }
            if self.is_inside(leaf.node, headline) {
                found.leaves.push((k, BlockKind::Heading));
            } else if self.near_line(leaf).is_some() {
                found.bylines.push(k);
            } else if !self.out[k] && is_furniture(leaf).is_none() && !is_title(leaf, title) {
                let standfirst = self
                    .tree
                    .around(leaf.element)
                    .take_while(|&up| !self.is_inside(headline, up))
                    .any(|up| self.says[up].standfirst);
                match self.kind(leaf) {
                    BlockKind::Caption => found.leaves.push((k, BlockKind::Caption)),
                    kind if standfirst && leaf.letters >= 20 || leaf.prose() > 40 => found.leaves.push((k, kind)),
                    _ => {}
                }
            }
        }
    }

    /// A byline just behind the body.
    fn below(&self, body: usize, found: &mut Article) {
        let behind = self.leaves.partition_point(|leaf| leaf.node < self.tree.nodes[body].end);
        let near = (behind..self.leaves.len().min(behind + 6)).filter(|&k| self.near_line(&self.leaves[k]).is_some());
        found.bylines.extend(near);
    }

    /// The leaves of the body that are the article's.
    fn inside(&self, body: usize, title: Option<&str>, found: &mut Article) {
        let inner: Vec<usize> = (0..self.leaves.len()).filter(|&k| self.is_inside(self.leaves[k].node, body)).collect();
        // A heading such as "Related" closes what stands under it: up to the next heading of its rank, or its element's end.
        let mut closed_by: Option<(u8, usize)> = None;
        let mut has_headline = !found.leaves.is_empty();
        for (n, &k) in inner.iter().enumerate() {
            let leaf = &self.leaves[k];
            let headline = self.headline.is_some_and(|at| self.is_inside(leaf.node, at));
            if headline && !has_headline {
                // What stood above the headline inside the article was its section, its date, its picture.
                let above = found
                    .leaves
                    .drain(..)
                    .filter(|(k, kind)| *kind == BlockKind::Caption || self.leaves[*k].prose() > 60)
                    .collect();
                found.leaves = above;
                found.leaves.push((k, BlockKind::Heading));
                has_headline = true;
                continue;
            }
            if self.near_line(leaf).is_some() {
                found.bylines.push(k);
                continue;
            }
            let kind = self.kind(leaf);
            let level = self.heading_level(leaf);
            if let Some((rank, end)) = closed_by {
                if leaf.node < end && level.is_none_or(|level| level > rank) {
                    continue;
                }
                closed_by = None;
            }
            if (level.is_some() || kind == BlockKind::Heading) && opens_furniture(leaf.words()) {
                closed_by = Some((level.unwrap_or(6), self.reach(leaf, body)));
                continue;
            }
            let tail = n + 4 >= inner.len();
            if self.is_around(k, title) || tail && is_biography(leaf.words()) {
                continue;
            }
            found.leaves.push((k, kind));
        }
        self.drop_pull_quotes(found);
        while found.leaves.last().is_some_and(|(k, kind)| {
            *kind == BlockKind::Heading
                && Some(self.leaves[*k].element) != self.headline
                && self.leaves[*k].prose() == 0
        }) {
            found.leaves.pop();
        }
    }

    /// How far a heading reaches: to the end of the innermost element that holds more than it.
    fn reach(&self, heading: &Leaf, body: usize) -> usize {
        let behind = |up: &usize| self.tree.nodes[*up].end > self.tree.nodes[heading.element].end.max(heading.node + 1);
        let around = self.tree.around(heading.element).take_while(|&up| up != body).find(behind);
        self.tree.nodes[around.unwrap_or(body)].end
    }

    /// Whether a leaf of the body is furniture: by its element, its words, its links.
    fn is_around(&self, k: usize, title: Option<&str>) -> bool {
        let leaf = &self.leaves[k];
        self.out[k]
            || is_furniture(leaf).is_some()
            || is_title(leaf, title)
            || self.is_list_of_links(leaf)
            || self.is_loose_cell(leaf)
    }

    /// A line of its own with the authors' names or the date.
    fn near_line(&self, leaf: &Leaf) -> Option<()> {
        if leaf.letters > 160 || leaf.letters == 0 {
            return None;
        }
        let own = |up: &usize| self.mass(*up) <= leaf.prose() + 40;
        let named = self
            .tree
            .around(leaf.node)
            .take_while(own)
            .take(5)
            .any(|up| self.says[up].byline || self.says[up].date_line || self.tree.nodes[up].name == "address");
        let heading = self.heading_level(leaf).is_some();
        let short = leaf.prose() == 0 || leaf.words().lines().any(|line| super::metadata::byline(line).is_some());
        (named && short && !heading || leaf.words().lines().any(|line| super::metadata::byline(line).is_some()))
            .then_some(())
    }

    fn heading_level(&self, leaf: &Leaf) -> Option<u8> {
        let name = self
            .tree
            .around(leaf.element)
            .take(2)
            .map(|up| self.tree.nodes[up].name)
            .find(|name| name.len() == 2 && name.starts_with('h') && *name != "hr")?;
        name[1..].parse().ok()
    }

    fn kind(&self, leaf: &Leaf) -> BlockKind {
        let mut quote = None;
        for up in self.tree.around(leaf.element).take(6) {
            let (name, says) = (self.tree.nodes[up].name, self.says[up]);
            if name == "figcaption" || says.caption && self.mass(up) <= 2 * leaf.letters {
                return BlockKind::Caption;
            }
            if says.embed && matches!(name, "blockquote" | "div" | "figure" | "section") && self.mass(up) < 1_500 {
                return BlockKind::Embed;
            }
            if name == "blockquote" || says.pull_quote {
                quote = Some(BlockKind::Quote);
            }
            if matches!(name, "article" | "body" | "main") {
                break;
            }
        }
        if let Some(quote) = quote {
            return quote;
        }
        let all_bold = leaf.bold * 10 >= leaf.letters * 9
            && leaf.letters <= 80
            && !leaf.words().ends_with(['.', '!', '?', '…', ':', ',', '”', '"']);
        if self.heading_level(leaf).is_some() || all_bold { BlockKind::Heading } else { BlockKind::Paragraph }
    }

    /// A link that stands alone, or in a list of links.
    fn is_list_of_links(&self, leaf: &Leaf) -> bool {
        if leaf.link_share() < 0.75 {
            return false;
        }
        let list = self
            .tree
            .around(leaf.element)
            .take(5)
            .find(|&up| matches!(self.tree.nodes[up].name, "ul" | "ol" | "dl" | "table"));
        let Some(list) = list else {
            return leaf.letters < 150 && !leaf.words().ends_with(['.', '”']) || leaf.letters < 40;
        };
        let before = |node: usize| self.links[self.leaves.partition_point(|other| other.node < node)];
        let (from, to) = (before(list), before(self.tree.nodes[list].end));
        share(to.0 - from.0, to.1 - from.1) > 0.5
    }

    /// A short cell beside others: a figure in a table, a button in an old layout.
    fn is_loose_cell(&self, leaf: &Leaf) -> bool {
        let cell = self.tree.around(leaf.element).take(2).find(|&up| matches!(self.tree.nodes[up].name, "td" | "th"));
        let Some(row) = cell.map(|cell| self.tree.nodes[cell].parent) else { return false };
        let (mut child, mut cells) = (row + 1, 0);
        while child < self.tree.nodes[row].end && cells < 2 {
            cells += usize::from(matches!(self.tree.nodes[child].name, "td" | "th"));
            child = self.tree.nodes[child].end;
        }
        cells > 1 && leaf.prose() == 0 && self.heading_level(leaf).is_none()
    }

    /// Large-letter quotations that only repeat words of the text.
    fn drop_pull_quotes(&self, found: &mut Article) {
        let pulled = |k: usize| self.tree.around(self.leaves[k].element).take(4).any(|up| self.says[up].pull_quote);
        if !(1..=50).contains(&found.leaves.iter().filter(|(k, _)| pulled(*k)).count()) {
            return;
        }
        let text: String =
            found.leaves.iter().filter(|(k, _)| !pulled(*k)).map(|(k, _)| letters(self.leaves[*k].words())).collect();
        found.leaves.retain(|(k, _)| !pulled(*k) || !text.contains(&letters(self.leaves[*k].words())));
    }
}

/// Whether a line is the headline once more.
fn is_title(leaf: &Leaf, title: Option<&str>) -> bool {
    leaf.letters < 300 && title.is_some_and(|title| letters(title) == letters(leaf.words()))
}

/// "Ann Lee is a reporter in Oslo who covers the courts."
fn is_biography(words: &str) -> bool {
    const TRADES: &[&str] = &[
        "reporter",
        "correspondent",
        "editor",
        "journalist",
        "columnist",
        "bureau chief",
        "writer",
        "producer",
        "reporting fellow",
    ];
    const VERBS: &[&str] =
        &[" is a ", " is an ", " is the ", " covers ", " writes about ", " reports on ", " has covered "];
    let head: String = words.chars().take(160).collect();
    let named = VERBS.iter().filter_map(|verb| head.find(verb)).min().is_some_and(|at| {
        let name = &head[..at];
        name.split_whitespace().count() <= 4 && name.split_whitespace().all(|word| word.starts_with(char::is_uppercase))
    });
    named && words.chars().count() < 500 && TRADES.iter().any(|trade| head.contains(trade))
        || head.starts_with("Follow ") && head.contains(" on ") && words.chars().count() < 120
}

/// Letters and digits alone, in lower case: what two spellings of one line share.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The leaves of a piece of HTML that is all content, with their kinds; lines that point elsewhere left out.
pub(super) fn plain_kinds(tree: &Tree<'_>, leaves: &[Leaf]) -> Vec<(usize, BlockKind)> {
    let mut page = Page::new(tree, leaves, vec![Says::default(); tree.nodes.len()]);
    page.weigh();
    let several = leaves.len() > 1;
    let kept = leaves.iter().enumerate().filter(|(_, leaf)| !several || is_furniture(leaf).is_none());
    kept.map(|(k, leaf)| (k, page.kind(leaf))).collect()
}
