//! The desk: what all requests share. The ledger, and each case as it weighs, kept until the case changes.
//!
//! In: names of cases and moments. Out: a [`CaseView`], weighed once for all who look. May not happen: two weighings of one thing at
//! once; a page that waits for a long weighing while an older one is there; memory that grows with the moments people ask for.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sayso::weigh::conflict::conflicts;
use sayso::weigh::decision::{Decision, Entry as Line};
use sayso::weigh::{Entry, Weigher};
use sayso_ledger::{Ledger, Stamp, Store, User};
use tokio::sync::watch;
use tokio::task::spawn_blocking;

use super::error::WebError;
use super::jobs::Jobs;
use super::live;
use super::login::Tries;
use super::session::{Role, Sessions, Visitor};
pub(crate) use super::view::CaseView;
use crate::ledger::{Case, Place};
use crate::serve::Args;
use crate::{log, time};

/// How long something waits for a weighing.
#[derive(Clone, Copy)]
struct Patience {
    /// For the newest, when an older one is there.
    newer: Duration,
    /// The same when the older is there since a moment only: people who decide all the time make nobody wait all the time.
    still_newer: Duration,
    /// For the first.
    first: Duration,
}

impl Patience {
    const fn new(newer: Duration, first: Duration) -> Self {
        Self { newer, still_newer: newer, first }
    }
}

const LONG: Duration = Duration::from_secs(24 * 60 * 60);
/// How long ago a moment is.
const MOMENT: Duration = Duration::from_secs(1);
/// A page then shows the weighing before, or that there is none yet.
const PAGE: Patience = Patience {
    newer: Duration::from_millis(400),
    still_newer: Duration::from_millis(100),
    first: Duration::from_millis(150),
};
/// A program asks once, and a form would be lost.
const ANSWER: Patience = Patience::new(Duration::from_millis(400), Duration::from_secs(50));
const DECISION: Patience = Patience::new(Duration::from_secs(3), LONG);
const NEWEST: Patience = Patience::new(LONG, LONG);
/// Weighings as of other moments than now that are kept.
const MOMENTS: usize = 8;

/// The newest view of one case as of one moment, and whoever makes the next.
#[derive(Clone, Default)]
struct Latest {
    view: Option<Arc<CaseView>>,
    /// Since when it is there.
    since: Option<Instant>,
    /// What kept the next view from being made.
    failed: Option<WebError>,
    weighing: bool,
}

type Slot = watch::Sender<Latest>;
/// The entries of a case, of how many readings they were made, and the ledger's mark of the newest.
#[derive(Clone, Default)]
struct Loaded {
    readings: u64,
    mark: u64,
    entries: Arc<Vec<Entry>>,
}

/// A case's name, and as of when.
type Key = (String, Option<String>);

/// What all requests share.
pub(crate) struct Desk {
    place: Place,
    /// Reads, and sees from outside what the writer and other processes write.
    reader: Mutex<Ledger>,
    writer: Mutex<Ledger>,
    /// Stamps of cases, good as long as nobody has written since.
    stamps: Mutex<(u64, HashMap<String, Stamp>)>,
    slots: Mutex<BTreeMap<Key, Arc<Slot>>>,
    /// Entries of cases: a decision does not load them anew, nor does a report load the others.
    entries: Mutex<HashMap<String, Loaded>>,
    /// Who weighed a case before, and so has less to do.
    weighers: Mutex<HashMap<String, Arc<Mutex<Weigher>>>>,
    /// Grows when something was written, here or by another process.
    changes: watch::Sender<u64>,
    stopping: watch::Sender<bool>,
    /// What is being added.
    pub(crate) jobs: Jobs,
    pub(super) sessions: Sessions,
    pub(super) tries: Tries,
    /// Users of the ledger, good as long as nobody has written since.
    users: Mutex<(u64, Arc<Vec<User>>)>,
    /// Where it listens.
    pub(super) address: SocketAddr,
    /// Names of this machine by which it may be called.
    pub(super) names: Vec<String>,
    /// Whether somebody must log in even when the ledger has no users: other machines can reach us.
    pub(super) login_required: bool,
    /// Whether URLs of this machine and its network may be fetched.
    pub(crate) allow_private: bool,
    /// The token of pages where nobody logs in.
    token: String,
    /// What lets in where nobody logs in: only who started the program reads it.
    pub(super) key: String,
    /// Who decides where nobody logs in.
    user: String,
    /// Whether all of this is fiction.
    pub(crate) sample: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    /// Opens a ledger, which is made when there is none, for the workbench at `address`.
    pub(super) fn open(place: Place, address: SocketAddr, args: &Args) -> anyhow::Result<Arc<Self>> {
        let user = std::env::var("USER").ok().filter(|user| !user.is_empty());
        Ok(Arc::new(Self {
            reader: Mutex::new(place.open()?),
            writer: Mutex::new(place.open()?),
            place,
            stamps: Mutex::default(),
            slots: Mutex::default(),
            entries: Mutex::default(),
            weighers: Mutex::default(),
            changes: watch::Sender::new(0),
            stopping: watch::Sender::new(false),
            jobs: Jobs::default(),
            sessions: Sessions::default(),
            tries: Tries::default(),
            users: Mutex::new((u64::MAX, Arc::default())),
            address,
            names: args.name.clone(),
            login_required: !address.ip().is_loopback(),
            allow_private: args.allow_private,
            token: super::session::secret()?,
            key: super::session::secret()?,
            user: user.unwrap_or_else(|| "unknown".to_owned()),
            sample: args.sample,
        }))
    }

    /// Who asks where nobody logs in.
    pub(super) fn anybody(&self) -> Visitor {
        Visitor { user: self.user.clone(), role: Role::Owner, csrf: self.token.clone(), login: false }
    }

    /// Whether nobody logs in: whoever holds the key may do all.
    pub(super) async fn is_open(self: &Arc<Self>) -> Result<bool, WebError> {
        Ok(!self.login_required && self.users().await?.is_empty())
    }

    /// Another connection to the same ledger, for work that takes long.
    pub(crate) fn open_ledger(&self) -> anyhow::Result<Ledger> {
        self.place.open()
    }

    /// Whether a case may be looked at before it has reports: the one that `--case` names.
    pub(crate) fn expects(&self, case: &str) -> bool {
        self.place.case == case
    }

    /// Asks the ledger something short.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        ask: impl FnOnce(&dyn Store) -> Result<T, sayso_ledger::Error> + Send + 'static,
    ) -> Result<T, WebError> {
        let desk = self.clone();
        Ok(spawn_blocking(move || ask(lock(&desk.reader).as_ref())).await??)
    }

    /// Changes the ledger, and lets everybody who waits for changes know.
    pub(crate) async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        change: impl FnOnce(&mut dyn Store) -> Result<T, sayso_ledger::Error> + Send + 'static,
    ) -> Result<T, WebError> {
        let desk = self.clone();
        let out = spawn_blocking(move || change(lock(&desk.writer).as_mut())).await??;
        self.written();
        Ok(out)
    }

    /// Lets everybody who waits for changes know that there are some.
    pub(crate) fn written(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    /// Told of every change of the ledger.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Everybody who may log in.
    pub(super) async fn users(self: &Arc<Self>) -> Result<Arc<Vec<User>>, WebError> {
        let desk = self.clone();
        spawn_blocking(move || {
            let reader = lock(&desk.reader);
            let touched = reader.touched()?;
            let mut users = lock(&desk.users);
            if users.0 != touched {
                *users = (touched, Arc::new(reader.users()?));
            }
            Ok(users.1.clone())
        })
        .await?
    }

    /// The names of all cases.
    pub(crate) async fn cases(self: &Arc<Self>) -> Result<Vec<String>, WebError> {
        self.read(|ledger| ledger.cases()).await
    }

    /// Appends a decision to a case's journal and waits a little for what comes of it. Out: its number.
    pub(crate) async fn decide(
        self: &Arc<Self>,
        case: &str,
        by: &str,
        why: &str,
        decision: Decision,
    ) -> Result<u64, WebError> {
        self.decide_all(case, by, why, vec![decision]).await
    }

    /// The same for several. Out: the number of the last.
    pub(crate) async fn decide_all(
        self: &Arc<Self>,
        case: &str,
        by: &str,
        why: &str,
        decisions: Vec<Decision>,
    ) -> Result<u64, WebError> {
        let (name, by, why) = (case.to_owned(), by.to_owned(), why.to_owned());
        let write = move |ledger: &mut dyn Store| {
            decisions.into_iter().try_fold(0, |_, decision| ledger.decide(&name, &time::now(), &by, &why, decision))
        };
        let number = self.write(write).await?;
        self.view(case, None, DECISION).await?;
        Ok(number)
    }

    /// The lines by others that a line of the journal stands against: somebody may have decided while this person looked.
    pub(crate) async fn against(self: &Arc<Self>, case: &str, line: u64) -> Result<Vec<Line>, WebError> {
        let case = case.to_owned();
        let journal = self.read(move |ledger| ledger.journal(&case)).await?;
        Ok(log::against(&conflicts(&journal), &journal, line).into_iter().cloned().collect())
    }

    /// A case as of a moment (none for now), weighed, for a page; empty when the ledger has no such case. When it has not been weighed
    /// and that takes long, an error that becomes a page which comes back.
    pub(crate) async fn case(self: &Arc<Self>, name: &str, as_of: Option<&str>) -> Result<Arc<CaseView>, WebError> {
        self.view(name, as_of, PAGE).await
    }

    /// The same for what cannot come back.
    pub(crate) async fn case_at_once(
        self: &Arc<Self>,
        name: &str,
        as_of: Option<&str>,
    ) -> Result<Arc<CaseView>, WebError> {
        self.view(name, as_of, ANSWER).await
    }

    /// A case as it is now, however long it takes to weigh.
    pub(crate) async fn newest(self: &Arc<Self>, name: &str) -> Result<Arc<CaseView>, WebError> {
        self.view(name, None, NEWEST).await
    }

    /// Waits until a case has been weighed.
    pub(crate) async fn weighed(self: &Arc<Self>, name: &str, as_of: Option<&str>) -> Result<(), WebError> {
        self.view(name, as_of, Patience::new(Duration::ZERO, LONG)).await.map(drop)
    }

    async fn view(
        self: &Arc<Self>,
        name: &str,
        as_of: Option<&str>,
        patience: Patience,
    ) -> Result<Arc<CaseView>, WebError> {
        let (desk, case) = (self.clone(), name.to_owned());
        let stamp = spawn_blocking(move || desk.stamp(&case)).await??;
        let slot = self.slot(name, as_of);
        let mut waiting = slot.subscribe();
        if let Some(view) = fresh(&slot, stamp) {
            return Ok(view);
        }
        self.weigh_soon(name, as_of, &slot);
        let ready =
            waiting.wait_for(|latest| !latest.weighing || latest.view.as_ref().is_some_and(|v| v.stamp.holds(stamp)));
        let patience = match slot.borrow().since.map(|since| since.elapsed() < MOMENT) {
            Some(true) => patience.still_newer,
            Some(false) => patience.newer,
            None => patience.first,
        };
        drop(tokio::time::timeout(patience, ready).await);
        let latest = slot.borrow();
        match (&latest.view, &latest.failed) {
            (_, Some(error)) => Err(error.clone()),
            (Some(view), None) => Ok(view.clone()),
            (None, None) => Err(WebError::weighing(live::weighed_at(name, as_of))),
        }
    }

    fn slot(&self, name: &str, as_of: Option<&str>) -> Arc<Slot> {
        let key = (name.to_owned(), as_of.map(str::to_owned));
        let mut slots = lock(&self.slots);
        if !slots.contains_key(&key) {
            let moments: Vec<Key> = slots.keys().filter(|key| key.1.is_some()).cloned().collect();
            if moments.len() >= MOMENTS
                && let Some(other) = moments.first()
            {
                slots.remove(other);
            }
        }
        slots.entry(key).or_default().clone()
    }

    /// Begins to weigh, unless somebody does so already.
    fn weigh_soon(self: &Arc<Self>, name: &str, as_of: Option<&str>, slot: &Arc<Slot>) {
        let mine = slot.send_if_modified(|latest| !std::mem::replace(&mut latest.weighing, true));
        if !mine {
            return;
        }
        let (desk, slot) = (self.clone(), slot.clone());
        let (name, as_of) = (name.to_owned(), as_of.map(str::to_owned));
        spawn_blocking(move || {
            loop {
                let made = desk.weigh(&name, as_of.as_deref());
                let stamp = desk.stamp(&name);
                let mut done = true;
                slot.send_modify(|latest| {
                    match made {
                        Ok(view) => {
                            done = stamp.is_ok_and(|stamp| view.stamp.holds(stamp));
                            *latest =
                                Latest { view: Some(Arc::new(view)), since: Some(Instant::now()), ..Latest::default() };
                        }
                        Err(error) => latest.failed = Some(error),
                    }
                    latest.weighing = !done;
                });
                if done {
                    return;
                }
            }
        });
    }

    fn weigh(&self, name: &str, as_of: Option<&str>) -> Result<CaseView, WebError> {
        let stamp = self.stamp(name)?;
        let entries = self.entries(name, stamp.readings)?;
        let journal = lock(&self.reader).journal(name)?;
        let weigher = lock(&self.weighers).entry(name.to_owned()).or_default().clone();
        let weigher = &mut *lock(&weigher);
        // On the few threads of the pool: the allocator keeps for each thread what it once needed. They take no lock.
        let weigh = || CaseView::new(Case::weigh_again(weigher, name, as_of, entries, journal), stamp);
        Ok(rayon::join(weigh, || ()).0)
    }

    /// The entries of a case that has so many readings: of those that are known, and what was read since.
    fn entries(&self, name: &str, readings: u64) -> Result<Arc<Vec<Entry>>, WebError> {
        let known = lock(&self.entries).get(name).cloned().unwrap_or_default();
        if known.readings == readings {
            return Ok(known.entries);
        }
        let (newer, mark) = self.open_ledger()?.entries_since(name, known.mark)?;
        let entries = Arc::new(merged(&known.entries, newer));
        lock(&self.entries).insert(name.to_owned(), Loaded { readings, mark, entries: entries.clone() });
        Ok(entries)
    }

    fn stamp(&self, case: &str) -> Result<Stamp, WebError> {
        let reader = lock(&self.reader);
        let touched = reader.touched()?;
        let mut stamps = lock(&self.stamps);
        if stamps.0 != touched {
            *stamps = (touched, HashMap::new());
        }
        if let Some(stamp) = stamps.1.get(case) {
            return Ok(*stamp);
        }
        let stamp = reader.stamp(case)?;
        stamps.1.insert(case.to_owned(), stamp);
        Ok(stamp)
    }

    /// Ends what would go on for ever.
    pub(super) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Told when the program ends.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }
}

fn fresh(slot: &Slot, stamp: Stamp) -> Option<Arc<CaseView>> {
    slot.borrow().view.as_ref().filter(|view| view.stamp.holds(stamp)).cloned()
}

/// Entries by id, the newer in the place of those of the same report.
fn merged(known: &[Entry], newer: Vec<Entry>) -> Vec<Entry> {
    if known.is_empty() {
        return newer;
    }
    let mut out: BTreeMap<&str, &Entry> = known.iter().map(|entry| (entry.report.id.as_str(), entry)).collect();
    out.extend(newer.iter().map(|entry| (entry.report.id.as_str(), entry)));
    out.into_values().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::fixture::view;

    #[test]
    fn newer_entries_take_their_place() {
        let mut entries = view().entries.to_vec();
        entries.sort_by(|a, b| a.report.id.cmp(&b.report.id));
        let mut again = entries[1].clone();
        again.report.title = Some("Again".into());
        let found = merged(&entries, vec![again.clone()]);
        assert_eq!(found, [entries[0].clone(), again]);
    }
}
