//! How an event is written: `event`, `id` where there is one, `data` on one line, an empty line.

use bytes::Bytes;
use salio_engine::{BalanceView, Engine, Event};
use serde::Serialize;

use crate::state::slug;
use crate::wire::{AlertEvent, Balance, Batch, MessageEvent, RefreshEvent};

/// Sent when nothing happens, so that both ends notice a dead connection.
pub(crate) const BEAT: &[u8] = b": \n\n";

/// Something framed, shared by all viewers.
#[derive(Clone, Debug)]
pub(crate) enum Frame {
    /// A balance; a viewer that has seen this version or a newer one skips it.
    Balance {
        /// Which account, in the order of the configuration.
        slot: usize,
        /// Only grows.
        version: i64,
        /// The event.
        text: Bytes,
    },
    /// Anything else.
    Other(Bytes),
}

/// Writes one balance event.
pub(crate) fn balance(out: &mut Vec<u8>, view: BalanceView) {
    let version = view.version;
    write(out, "balance", Some(version), &Balance::from(view));
}

/// Writes one happening.
pub(crate) fn happening(out: &mut Vec<u8>, engine: &Engine, event: &Event) {
    match event {
        Event::Message(message) => write(out, "message", None, &MessageEvent::of(message, slug(engine, message.account))),
        Event::Batch(view) => write(out, "batch", None, &Batch::of(view, slug(engine, view.row.account))),
        Event::Refresh(account, phase) => write(out, "refresh", None, &RefreshEvent { account: slug(engine, *account), phase: (*phase).into() }),
        Event::Alert(account, code, text) => write(out, "alert", None, &AlertEvent { account: slug(engine, *account), code: code.clone(), text: text.clone() }),
    }
}

fn write(out: &mut Vec<u8>, kind: &str, id: Option<i64>, body: &impl Serialize) {
    let begin = out.len();
    out.extend_from_slice(b"event: ");
    out.extend_from_slice(kind.as_bytes());
    if let Some(id) = id {
        out.extend_from_slice(b"\nid: ");
        out.extend_from_slice(id.to_string().as_bytes());
    }
    out.extend_from_slice(b"\ndata: ");
    // Compact JSON holds no line break. Half an event would swallow the next one.
    if serde_json::to_writer(&mut *out, body).is_err() {
        out.truncate(begin);
        return;
    }
    out.extend_from_slice(b"\n\n");
}
