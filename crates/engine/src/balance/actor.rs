//! The run loop of one tracker: plans the next question, runs at most one, answers whoever waits.

use std::sync::Arc;

use futures::future::BoxFuture;
use salio_domain::balance::plan::Around;
use salio_domain::balance::{Budget, Call, Grant, Plan, Pool, Reason, State, next_ask};
use salio_domain::outbox::Pause;
use salio_domain::{AccountId, Timestamp};
use salio_provider::Provider;
use salio_store::{AccountSnapshot, Store};
use tokio::sync::{Notify, mpsc, oneshot};
use tracing::{error, warn};

use super::ask::{Asked, Asking, ask};
use super::{Command, RefreshError, Refreshed};
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::hub::{Event, Hub, RefreshPhase};
use crate::options::BalanceOptions;
use crate::schedule::Schedule;

/// What a tracker is made of.
pub(crate) struct TrackerParts {
    pub account: AccountId,
    pub provider: Arc<dyn Provider>,
    pub store: Arc<dyn Store>,
    pub hub: Hub,
    pub clock: Clock,
    pub entropy: Arc<Entropy>,
    pub options: BalanceOptions,
    pub schedule: Schedule,
    pub budget: Budget,
    /// Works by itself: start, schedule, watching.
    pub automatic: bool,
    /// Told when sending may go on.
    pub dispatcher: Arc<Notify>,
}

/// Somebody who waits for an answer to a question asked after the last send that they can know of.
struct Waiter {
    last_begun_seq: i64,
    reply: oneshot::Sender<Result<Refreshed, RefreshError>>,
}

/// A question that is running, and who waits for it.
struct Running {
    asked_seq: Arc<std::sync::atomic::AtomicI64>,
    answer: BoxFuture<'static, Asked>,
    waiters: Vec<Waiter>,
}

impl Running {
    fn may_serve(&self, waiter: &Waiter) -> bool {
        let asked_seq = self.asked_seq.load(std::sync::atomic::Ordering::Acquire);
        asked_seq == 0 || asked_seq > waiter.last_begun_seq
    }
}

pub(crate) struct Tracker {
    parts: TrackerParts,
    commands: mpsc::Receiver<Command>,
    running: Option<Running>,
    /// People who asked after the last send began, while an older question was running.
    next: Vec<Waiter>,
    /// Who waits for a figure before messages are held or refused; any question's end will do, one that runs already too.
    deciding: Vec<oneshot::Sender<()>>,
    starting: bool,
    read: bool,
    alert: bool,
    shown: State,
    /// The database failed: no question by itself before this.
    hold_until: Timestamp,
}

/// How long questions wait after the database failed.
const DATABASE_PAUSE: std::time::Duration = std::time::Duration::from_secs(5);

impl Tracker {
    pub(crate) fn new(parts: TrackerParts, commands: mpsc::Receiver<Command>) -> Self {
        let starting = parts.automatic;
        Self {
            parts,
            commands,
            running: None,
            next: Vec::new(),
            deciding: Vec::new(),
            starting,
            read: false,
            alert: false,
            shown: State::Unknown,
            hold_until: Timestamp::from_micros(0),
        }
    }

    /// Runs until every handle is gone.
    pub(crate) async fn run(mut self) {
        let hub = self.parts.hub.clone();
        loop {
            let first_watcher = hub.first_watcher();
            self.start_what_is_due();
            self.show_what_time_changed().await;
            let wake_at = self.wake_at();
            tokio::select! {
                command = self.commands.recv() => match command {
                    Some(command) => self.obey_all(command),
                    None => return,
                },
                asked = finished(&mut self.running) => self.finish(asked).await,
                () = sleep(&self.parts.clock, wake_at) => {}
                () = first_watcher => self.show_new_plan().await,
            }
        }
    }

    fn latest(&self) -> Option<Arc<AccountSnapshot>> {
        self.parts.hub.latest(self.parts.account)
    }

    /// All that have come: under traffic there are many, and planning once is enough.
    fn obey_all(&mut self, first: Command) {
        self.obey(first);
        while let Ok(command) = self.commands.try_recv() {
            self.obey(command);
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Refresh(reply) => self.person(reply),
            Command::Read => self.read = self.read || self.is_stale(),
            Command::Alert => self.alert = true,
            Command::AskAgain(reply) => self.deciding.push(reply),
            Command::Changed => {}
        }
    }

    /// A person joins the running question, unless something was sent since it was asked: then the next one. A question that is just being written
    /// down will most likely do; its end decides.
    fn person(&mut self, reply: oneshot::Sender<Result<Refreshed, RefreshError>>) {
        let last_begun_seq = self.latest().map_or(0, |snapshot| snapshot.standing.last_begun_seq);
        let waiter = Waiter { last_begun_seq, reply };
        match &mut self.running {
            Some(running) if running.may_serve(&waiter) => running.waiters.push(waiter),
            _ => self.next.push(waiter),
        }
    }

    fn is_stale(&self) -> bool {
        let state = self.latest().map(|snapshot| snapshot.standing.state(self.parts.clock.now(), self.parts.options.ask.cache_ttl));
        matches!(state, Some(State::Stale | State::Unknown))
    }

    fn start_what_is_due(&mut self) {
        if self.running.is_some() {
            return;
        }
        if self.next.is_empty() {
            self.start_what_is_planned()
        } else {
            self.start_for_people()
        }
        if self.running.is_none() {
            // No question can be asked now: who waits for one decides by what is known.
            self.decide();
        }
    }

    fn start_what_is_planned(&mut self) {
        let now = self.parts.clock.now();
        let Some(snapshot) = self.latest() else { return };
        let plan = self.plan(&snapshot, now);
        self.parts.hub.set_next_refresh_at(self.parts.account, plan.map(|plan| plan.at));
        if let Some(plan) = plan.filter(|plan| plan.at <= now)
            && let Grant::Now(pool) = self.parts.budget.grant(plan.reason.class(), self.parts.clock.steady())
        {
            self.start(plan.reason, pool, Vec::new());
        }
    }

    fn decide(&mut self) {
        for waiting in self.deciding.drain(..) {
            let _ = waiting.send(());
        }
    }

    fn start_for_people(&mut self) {
        let waiters = std::mem::take(&mut self.next);
        let steady = self.parts.clock.steady();
        match self.parts.budget.grant(Reason::Person.class(), steady) {
            Grant::Now(pool) => self.start(Reason::Person, pool, waiters),
            Grant::At(at) => {
                let Some(last) = self.latest() else { return };
                for waiter in waiters {
                    let _ = waiter.reply.send(Err(RefreshError::OutOfBudget { retry_after: steady.until(at), last: Box::new((*last).clone()) }));
                }
            }
        }
    }

    fn start(&mut self, reason: Reason, pool: Pool, waiters: Vec<Waiter>) {
        let parts = &mut self.parts;
        parts.budget.begun(Call { at: parts.clock.steady(), pool, class: reason.class() });
        (self.starting, self.read, self.alert) = (false, false, false);
        let asked_seq = Arc::new(std::sync::atomic::AtomicI64::new(0));
        let asking = Asking {
            account: parts.account,
            provider: parts.provider.clone(),
            store: parts.store.clone(),
            hub: parts.hub.clone(),
            clock: parts.clock.clone(),
            entropy: parts.entropy.clone(),
            rules: parts.options.settle_rules(),
            timeout: parts.options.timeout,
            asked_seq: asked_seq.clone(),
            reason,
            pool,
        };
        self.running = Some(Running { asked_seq, answer: Box::pin(ask(asking)), waiters });
    }

    /// A dashboard opened: it will be asked sooner than was shown.
    async fn show_new_plan(&mut self) {
        let now = self.parts.clock.now();
        let (Some(snapshot), None) = (self.latest(), &self.running) else { return };
        let planned = self.plan(&snapshot, now).map(|plan| plan.at).filter(|at| *at > now);
        if planned.is_some() && planned < self.parts.hub.next_refresh_at(self.parts.account) {
            self.parts.hub.set_next_refresh_at(self.parts.account, planned);
            self.publish_anew("a new plan").await;
        }
    }

    /// Shows the account once more, under a new version.
    async fn publish_anew(&mut self, why: &str) {
        match self.parts.store.touch(self.parts.account).await {
            Ok(newer) => self.parts.hub.publish(newer),
            Err(error) => error!(account = %self.parts.account, %error, "{why} could not be published"),
        }
    }

    /// Shows what an answer brought, together with when the next question comes.
    fn publish(&self, snapshot: &AccountSnapshot) {
        let planned = self.plan(snapshot, self.parts.clock.now()).map(|plan| plan.at);
        self.parts.hub.set_next_refresh_at(self.parts.account, planned);
        self.parts.hub.publish(snapshot.clone());
    }

    /// A person's sync that joined a question of somebody else is a person's sync: sending that waited for one goes on; what a person stopped stays stopped.
    async fn let_sending_go_on(&mut self) {
        let refused = self.latest().is_some_and(|snapshot| snapshot.stopped_at.is_none() && matches!(snapshot.paused, Some((Pause::CredentialsRefused, _))));
        if !refused {
            return;
        }
        match self.parts.store.resume(self.parts.account, self.parts.clock.now()).await {
            Ok(snapshot) => self.parts.hub.publish(snapshot),
            Err(error) => error!(account = %self.parts.account, %error, "sending could not go on"),
        }
        self.parts.dispatcher.notify_one();
    }

    async fn finish(&mut self, asked: Asked) {
        let Some(running) = self.running.take() else { return };
        if let Ok(snapshot) = &asked.result {
            self.publish(snapshot);
        } else if let Err(RefreshError::Provider { last, .. }) = &asked.result {
            self.publish(last);
        }
        // Whoever read meanwhile has the answer, unless it is from before the cache was cleared.
        self.read = self.read && asked.result.is_ok() && self.is_stale();
        let phase = if asked.result.is_ok() { RefreshPhase::Done } else { RefreshPhase::Failed };
        if let Err(RefreshError::Store(error)) = &asked.result {
            error!(account = %self.parts.account, provider = self.parts.provider.name(), %error, "a balance question could not be written down");
            self.hold_until = self.parts.clock.now().after(DATABASE_PAUSE);
        }
        self.parts.hub.tell(Event::Refresh(self.parts.account, phase));
        self.alert_when_refused(&asked);
        self.parts.dispatcher.notify_one();
        self.decide();
        if !running.waiters.is_empty() && asked.result.is_ok() {
            self.let_sending_go_on().await;
        }
        let answer = asked.result.map(|snapshot| Refreshed { snapshot, previous: asked.previous });
        let (served, early): (Vec<Waiter>, Vec<Waiter>) =
            running.waiters.into_iter().partition(|waiter| running.asked_seq.load(std::sync::atomic::Ordering::Acquire) > waiter.last_begun_seq || answer.is_err());
        self.next.extend(early);
        for waiter in served {
            let _ = waiter.reply.send(answer.clone());
        }
    }

    /// Product section 2.7: refused credentials alert at once.
    fn alert_when_refused(&self, asked: &Asked) {
        if let Err(RefreshError::Provider { failure, last, .. }) = &asked.result
            && failure.credentials
            && !asked.refused_before
        {
            warn!(account = last.slug, provider = self.parts.provider.name(), code = failure.code, "{}", failure.detail);
            let text = format!("{}: {}. No automatic calls until somebody syncs or the configuration changes.", last.slug, failure.detail.trim_end_matches('.'));
            self.parts.hub.tell(Event::Alert(self.parts.account, Pause::CredentialsRefused.as_str().to_owned(), text));
        }
    }

    fn plan(&self, snapshot: &AccountSnapshot, now: Timestamp) -> Option<Plan> {
        let automatic = self.parts.automatic;
        let alert = self.alert || !self.deciding.is_empty();
        if !automatic && !self.read && !alert {
            return None;
        }
        let since = snapshot.standing.last_asked_at.map_or(now, |asked| asked.min(now));
        let around = Around {
            starting: self.starting,
            watched: automatic && self.parts.hub.watchers() > 0,
            read: self.read,
            alert,
            schedule_at: automatic.then(|| self.parts.schedule.next_after(since)).flatten(),
        };
        // The budget runs on steady time; the plan on wall time. They differ by a constant between clock steps.
        let offset = self.parts.clock.steady().micros() - now.micros();
        let shift = |at: Timestamp, by: i64| Timestamp::from_micros(at.micros().saturating_add(by));
        let granted = |class, due| match self.parts.budget.grant(class, shift(due, offset)) {
            Grant::At(at) => Some(shift(at, -offset)),
            Grant::Now(_) => None,
        };
        next_ask(&snapshot.standing, &around, &self.parts.options.ask, granted, now).map(|plan| Plan { at: plan.at.max(self.hold_until), ..plan })
    }

    /// Fresh becomes stale by itself: that is a new version too.
    async fn show_what_time_changed(&mut self) {
        let Some(snapshot) = self.latest() else { return };
        let state = snapshot.standing.state(self.parts.clock.now(), self.parts.options.ask.cache_ttl);
        if state == State::Stale && matches!(self.shown, State::Fresh | State::Settling) && !snapshot.standing.is_cleared() {
            self.publish_anew("a stale balance").await;
        }
        self.shown = state;
    }

    fn wake_at(&self) -> Option<Timestamp> {
        let now = self.parts.clock.now();
        let snapshot = self.latest()?;
        let question = if self.running.is_some() { None } else { self.plan(&snapshot, now).map(|plan| plan.at) };
        let stale = snapshot.standing.base.map(|base| base.asked_at.after(self.parts.options.ask.cache_ttl).after(std::time::Duration::from_micros(1)));
        let stale = stale.filter(|at| *at > now);
        [question, stale].into_iter().flatten().min()
    }
}

async fn finished(running: &mut Option<Running>) -> Asked {
    match running {
        Some(running) => running.answer.as_mut().await,
        None => std::future::pending().await,
    }
}

async fn sleep(clock: &Clock, at: Option<Timestamp>) {
    match at {
        Some(at) => clock.sleep_until(at).await,
        None => std::future::pending().await,
    }
}
