//! The one layer around every route: checks who asks, catches panics, counts, logs, and adds the headers that every answer carries.
//!
//! One layer instead of five: each costs an allocation and a clone for every request. Never logs a query string or a body.
//!
//! A caller may leave before it is answered, and with its connection goes whatever the connection runs. Requests that change something therefore go on in a task of
//! their own then: between the commit and what must follow it (a revoked key is forgotten, the dispatcher wakes, viewers hear) nothing is torn.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use axum::extract::MatchedPath;
use axum::http::header::{REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, Method, Request};
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use futures::future::BoxFuture;
use salio_domain::Timestamp;
use tower::{Layer, Service};
use tracing::{Level, debug, enabled, error, info};

use crate::dropin::routes;
use crate::problem::{Code, Problem};
use crate::state::ApiState;

/// Marks requests that came over the socket in the data directory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OverSocket;

/// The label of requests that no route answers.
const NO_ROUTE: &str = "none";

#[derive(Clone)]
pub(crate) struct GuardLayer(pub ApiState);

impl<S> Layer<S> for GuardLayer {
    type Service = Guard<S>;
    fn layer(&self, inner: S) -> Guard<S> {
        Guard { inner, state: self.0.clone() }
    }
}

#[derive(Clone)]
pub(crate) struct Guard<S> {
    inner: S,
    state: ApiState,
}

impl<S> Service<Request<Body>> for Guard<S>
where
    S: Service<Request<Body>, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let seen = Seen::of(&request, &self.state);
        let socket = request.extensions().get::<OverSocket>().is_some();
        if let Err(problem) = self.state.hosts().check(request.method(), request.uri().authority(), request.headers(), socket) {
            let response = seen.done(&self.state, seen.refused(problem));
            return Box::pin(std::future::ready(Ok(response)));
        }
        let changes = changes_something(request.method(), request.uri().path());
        let answer = AssertUnwindSafe(self.inner.call(request)).catch_unwind();
        let state = self.state.clone();
        let answered = async move {
            let response = match answer.await {
                Ok(Ok(response)) => response,
                Ok(Err(never)) => match never {},
                Err(_) => broken(&seen),
            };
            seen.done(&state, response)
        };
        if changes { Box::pin(ToItsEnd(Some(Box::pin(answered)))) } else { Box::pin(answered.map(Ok)) }
    }
}

/// Runs whether or not anybody waits for the answer: in place while somebody does, which costs nothing, and in a task of its own from when nobody does any more.
struct ToItsEnd(Option<BoxFuture<'static, Response>>);

impl Future for ToItsEnd {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(answered) = self.0.as_mut() else { return Poll::Pending };
        let response = ready!(answered.as_mut().poll(cx));
        self.0 = None;
        Poll::Ready(Ok(response))
    }
}

impl Drop for ToItsEnd {
    fn drop(&mut self) {
        // Without a runtime the process ends, as in a crash: what is committed is committed.
        if let Some(rest) = self.0.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(rest);
        }
    }
}

/// Whether a request writes anything down. Providers report by GET too, and programs are noted when they look at their balance.
fn changes_something(method: &Method, path: &str) -> bool {
    let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    !reads || ["/webhooks/", "/api/webhooks/"].iter().any(|root| path.starts_with(root)) || routes::service(path).is_some()
}

fn broken(seen: &Seen) -> Response {
    error!(method = %seen.method, route = seen.route(), "a handler panicked: this is a fault in Salio");
    seen.refused(Problem::new(Code::Internal, "Something went wrong inside Salio; its log says more."))
}

/// What is known of a request while it runs.
struct Seen {
    method: Method,
    route: Option<MatchedPath>,
    /// Only when somebody will read it.
    begun: Option<Timestamp>,
    /// It is a program's that reads no problems.
    drop_in: bool,
}

impl Seen {
    fn of(request: &Request<Body>, state: &ApiState) -> Self {
        let begun = enabled!(Level::INFO).then(|| state.engine().clock().steady());
        let drop_in = routes::service(request.uri().path()).is_some();
        Self { method: request.method().clone(), route: request.extensions().get().cloned(), begun, drop_in }
    }

    /// In the words of whoever asks.
    fn refused(&self, problem: Problem) -> Response {
        if self.drop_in { routes::refused(&problem) } else { problem.into_response() }
    }

    fn route(&self) -> &str {
        self.route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str)
    }

    fn done(&self, state: &ApiState, mut response: Response) -> Response {
        let headers = response.headers_mut();
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        let status = response.status().as_u16();
        state.metrics().request(self.route(), &self.method, status);
        if let Some(begun) = self.begun {
            let ms = state.engine().clock().steady().since(begun).as_millis();
            self.log(status, ms);
        }
        response
    }

    /// Reading is everyday; what changes something or fails is worth a line.
    fn log(&self, status: u16, ms: u128) {
        let (method, route) = (&self.method, self.route());
        if status < 400 && matches!(*method, Method::GET | Method::HEAD) {
            debug!(%method, route, status, ms, "answered");
        } else {
            info!(%method, route, status, ms, "answered");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::Router;
    use axum::routing::get;
    use http_body_util::BodyExt;
    use salio_engine::{BalanceOptions, Clock, Engine, EngineOptions, Entropy, Mode};
    use salio_store::memory::MemoryStore;
    use tokio_util::sync::CancellationToken;
    use tower::ServiceExt;

    use super::*;
    use crate::{ApiOptions, Metrics};

    async fn falls_over() -> Response {
        panic!("made-up secret in a panic")
    }

    #[test]
    fn what_writes_runs_to_its_end() {
        for (method, path, changes) in [
            (Method::GET, "/api/v1/accounts/onfon/balance", false),
            (Method::HEAD, "/", false),
            (Method::OPTIONS, "/api/v1/messages", false),
            (Method::GET, "/v1/other", false),
            (Method::POST, "/api/v1/messages", true),
            (Method::DELETE, "/api/v1/tokens/tok_0000000000001", true),
            (Method::GET, "/webhooks/onfon/dlr", true),
            (Method::GET, "/api/webhooks/onfon/inbound", true),
            (Method::GET, "/v1/sms/Balance", true),
            (Method::GET, "//V1/SMS/balance/", true),
        ] {
            assert_eq!(changes_something(&method, path), changes, "{method} {path}");
        }
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_without_details() {
        for method in ["GET", "POST"] {
            panics(method).await;
        }
    }

    async fn panics(method: &str) {
        let options = EngineOptions { mode: Mode::Command { dispatch: false }, balance: BalanceOptions::default(), accounts: Vec::new(), forwarder: None };
        let engine = Engine::start(options, Arc::new(MemoryStore::new().process()), Clock::system(), Arc::new(Entropy::seeded(1, 0))).await.unwrap();
        let state = ApiState::new(engine, ApiOptions::default(), Metrics::install().unwrap(), CancellationToken::new());
        let router = Router::new().route("/boom", get(falls_over).post(falls_over)).layer(GuardLayer(state));
        let request = Request::builder().method(method).uri("/boom").header("host", "localhost").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), 500);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let text = std::str::from_utf8(&body).unwrap();
        assert!(text.contains(r#""code":"internal""#) && !text.contains("secret"), "{text}");
    }
}
