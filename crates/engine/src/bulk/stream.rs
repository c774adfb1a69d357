//! A stream of messages from its first byte to its answer: opened, compared with what is kept of it, staged block by block, released.
//!
//! Reading is a block or two ahead of writing. Knows nothing of how lines are written, nor of HTTP.

mod check;

use futures::join;
use salio_domain::admission::{OnShort, admit};
use salio_domain::ids::BatchId;
use salio_domain::message::Priority;
use salio_domain::template::Template;
use salio_store::{Block, OpenStream, Release, Released, StoreError, StreamOpening, StreamPlace};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::compare::Comparison;
use super::feed::{Feed, aside};
use super::guard::Guard;
use super::reader::{Reader, Shape, Written};
use super::request::{BulkBody, BulkError, BulkOutcome, BulkRequest, ERRORS_TOLD};
use crate::outbox::prepare::{Common, segmented};
use crate::outbox::{DraftError, Intake, IntakeAccount, found_by};

/// Blocks that wait to be written while the next is read.
const AHEAD: usize = 1;

/// What is decided before the first byte.
struct Plan<'a> {
    account: &'a IntakeAccount,
    priority: Priority,
    on_short: OnShort,
    common: Common,
    shape: Shape,
    /// What is wrong with the request as things stand now. Under a key that is known it does not matter: what was answered then is answered again.
    wrong: Option<DraftError>,
}

impl Plan<'_> {
    /// Without a key nobody can have been answered before.
    fn may_be_wrong_now(&mut self, request: &BulkRequest) -> Result<(), BulkError> {
        if request.key.is_some() {
            return Ok(());
        }
        self.wrong.take().map_or(Ok(()), |wrong| Err(wrong.into()))
    }
}

impl Intake {
    /// Takes a stream of messages, of any length, in constant memory. When this returns `Ok` the batch is on disk and released. What breaks before its end is never
    /// sent: under a key it waits for the same stream to come again, without one it is dropped. Dropping the future is a break.
    ///
    /// # Errors
    /// When the stream is wrong as a whole, breaks, is another than its key stands for, or the balance does not cover it.
    pub async fn bulk(&self, request: BulkRequest, body: impl BulkBody) -> Result<BulkOutcome, BulkError> {
        let (plan, mut feed, written) = self.begin(&request, body).await?;
        match self.open_stream(&request, &plan).await? {
            // A person took it back while it was received: whatever comes again under its key is not sent.
            StreamOpening::Accepted(row, _) if row.released_at.is_none() => Err(BulkError::Cancelled(row.id)),
            StreamOpening::Accepted(row, place) => {
                let mut comparison = Comparison::of(&place);
                while let Some(raw) = feed.next().await? {
                    comparison.exact(&raw)?;
                }
                comparison.ended()?;
                self.shared.wake_dispatchers();
                self.told(*row, true).await
            }
            StreamOpening::New(place) | StreamOpening::Resumed(place) => {
                let mut guard = Guard::new(self.shared.clone(), BatchId::from_raw(place.batch), place.epoch, request.key.is_some());
                self.shared.book.changed(guard.batch);
                if let Some(wrong) = plan.wrong {
                    guard.refuse().await;
                    return Err(wrong.into());
                }
                self.receive(plan, feed, written, guard, place).await
            }
        }
    }

    /// Reads as far as it takes to know that the stream is not wrong as a whole.
    async fn begin<B: BulkBody>(&self, request: &BulkRequest, body: B) -> Result<(Plan<'_>, Feed<B>, Written), BulkError> {
        let mut plan = self.plan(request)?;
        plan.may_be_wrong_now(request)?;
        let mut feed = Feed::new(request, body);
        let written = feed.written(request, plan.shape.template.as_ref()).await?;
        if let Written::Csv(sheet) = &written
            && !sheet.columns.names_sender()
        {
            plan.wrong = plan.wrong.or(plan.common.sender(request.from.as_deref()).map_err(DraftError::from).err());
            plan.may_be_wrong_now(request)?;
        }
        Ok((plan, feed, written))
    }

    fn plan(&self, request: &BulkRequest) -> Result<Plan<'_>, BulkError> {
        let account = self.account(request.account.as_deref())?;
        let priority = request.priority.unwrap_or(Priority::Bulk);
        let common = self.common(account, priority, self.shared.clock.now())?;
        if let Some(from) = &request.from {
            common.sender(Some(from)).map_err(DraftError::from)?;
        }
        common.reference(request.reference.as_deref()).map_err(DraftError::from)?;
        let wrong = common.times(request.send_at, request.valid_until).map_err(DraftError::from).err();
        Ok(Plan {
            wrong,
            account,
            priority,
            on_short: request.on_short.or(account.on_short).unwrap_or(OnShort::Refuse),
            common,
            shape: Shape {
                template: request.text.as_deref().map(template).transpose()?,
                from: request.from.clone(),
                reference: request.reference.clone(),
                send_at: request.send_at,
                valid_until: request.valid_until,
            },
        })
    }

    async fn open_stream(&self, request: &BulkRequest, plan: &Plan<'_>) -> Result<StreamOpening, BulkError> {
        let now = self.shared.clock.now();
        let open = OpenStream {
            id: BatchId::from_raw(self.shared.entropy.id(now)),
            account: plan.account.id,
            source: request.source(),
            name: request.name.clone(),
            priority: plan.priority,
            token: request.token,
            key: request.key.clone(),
            now,
        };
        match self.shared.store.open_stream(open).await {
            Err(StoreError::Conflict { .. }) => Err(BulkError::KeyReused),
            other => Ok(other?),
        }
    }

    async fn receive<B: BulkBody>(&self, plan: Plan<'_>, mut feed: Feed<B>, written: Written, guard: Guard, place: StreamPlace) -> Result<BulkOutcome, BulkError> {
        let reader = Reader::new(guard.batch, plan.common.clone(), plan.shape.clone(), written, self.shared.entropy.clone());
        let (to_store, blocks) = channel(AHEAD);
        let (read, staged) = join!(self.read(&mut feed, reader, &guard, &place, to_store), self.stage(blocks));
        let ended = match staged.and(read) {
            Ok(()) => self.release(&plan, &guard).await,
            Err(error) => Err(error),
        };
        match ended {
            Ok(released) => {
                let mut guard = guard;
                guard.release();
                self.released(&plan, guard.batch, released).await
            }
            Err(error) => {
                let batch = guard.batch;
                let waits = guard.give_up().await;
                Err(self.why(error, batch, waits).await)
            }
        }
    }

    /// Reads to the end of the stream, or until nobody writes any more.
    async fn read<B: BulkBody>(&self, feed: &mut Feed<B>, mut reader: Reader, guard: &Guard, place: &StreamPlace, to_store: Sender<Block>) -> Result<(), BulkError> {
        let mut comparison = Comparison::of(place);
        let (batch, epoch) = (guard.batch, guard.epoch);
        loop {
            let next = tokio::select! {
                next = feed.next() => next?,
                () = to_store.closed() => return Ok(()),
            };
            let Some(raw) = next else { return comparison.ended() };
            if comparison.again(&raw)? {
                let refused = self.refused(batch, raw.span()).await?;
                reader = aside(move || {
                    reader.remember(&raw, &refused);
                    reader
                })
                .await?;
                continue;
            }
            let now = self.shared.clock.now();
            let block;
            (reader, block) = aside(move || {
                let block = reader.prepare(&raw, batch, epoch, now);
                (reader, block)
            })
            .await?;
            if to_store.send(block).await.is_err() {
                return Ok(());
            }
        }
    }

    /// Lines of a block that is kept which were refused then.
    async fn refused(&self, batch: BatchId, (first, last, count): (i64, i64, usize)) -> Result<Vec<i64>, BulkError> {
        let errors = self.shared.store.batch_errors(batch, first - 1, count).await?;
        Ok(errors.into_iter().map(|error| error.line).take_while(|line| *line <= last).collect())
    }

    async fn stage(&self, mut blocks: Receiver<Block>) -> Result<(), BulkError> {
        while let Some(block) = blocks.recv().await {
            let batch = block.batch;
            self.shared.store.stage(block).await?;
            self.shared.book.changed(batch);
        }
        Ok(())
    }

    /// Admission: the balance is asked again before anything is refused for it.
    async fn release(&self, plan: &Plan<'_>, guard: &Guard) -> Result<Released, BulkError> {
        let account = plan.account;
        if plan.on_short != OnShort::Hold {
            let charge = self.shared.store.batch(guard.batch).await?.charge;
            let short = self.shared.hub.latest(account.id).is_some_and(|snapshot| admit(&found_by(&snapshot, plan.priority), charge, plan.priority, &account.spending).is_err());
            if short {
                self.shared.ask_again(account.id).await;
            }
        }
        let release = Release { batch: guard.batch, epoch: guard.epoch, rules: account.spending, on_short: plan.on_short, now: self.shared.clock.now() };
        Ok(self.shared.store.release(release).await?)
    }

    async fn released(&self, plan: &Plan<'_>, batch: BatchId, released: Released) -> Result<BulkOutcome, BulkError> {
        let shared = &self.shared;
        shared.book.changed(batch);
        // What was refused, or did not fit, is taken back.
        shared.sweeping.notify_one();
        match released {
            Released::Running(row, snapshot) => {
                shared.book.learn(batch, usize::try_from(row.messages).unwrap_or(usize::MAX));
                shared.changed(*snapshot);
                self.told(*row, false).await
            }
            Released::Short(short) => Err(BulkError::Short { batch, short, account: plan.account.slug.clone(), unit: plan.account.unit.clone() }),
            Released::Empty(row) => Err(BulkError::NoneValid(Box::new(self.told(*row, false).await?))),
        }
    }

    async fn told(&self, row: salio_store::BatchRow, replayed: bool) -> Result<BulkOutcome, BulkError> {
        let mut errors = self.shared.store.batch_errors(row.id, 0, ERRORS_TOLD + 1).await?;
        let truncated = errors.len() > ERRORS_TOLD;
        errors.truncate(ERRORS_TOLD);
        Ok(BulkOutcome { row, errors, truncated, replayed })
    }

    /// A conflict in the words of the stream; a break with the batch that waits for the rest.
    async fn why(&self, error: BulkError, batch: BatchId, waits: bool) -> BulkError {
        match error {
            BulkError::Store(StoreError::Conflict { .. }) => match self.shared.store.batch(batch).await {
                Ok(row) if row.state == salio_store::BatchState::Cancelled => BulkError::Cancelled(batch),
                Ok(_) => BulkError::TakenOver,
                Err(error) => error.into(),
            },
            BulkError::Broken(broken, _) => BulkError::Broken(broken, waits.then_some(batch)),
            other => other,
        }
    }
}

/// The text of the address. One without placeholders is the same for all lines, so what is wrong with it is told at once.
fn template(text: &str) -> Result<Template, DraftError> {
    let template = Template::parse(text);
    if template.is_plain() {
        segmented(&template.render(|_| None).unwrap_or_default()).map_err(DraftError::from)?;
    }
    Ok(template)
}
