//! Connections: how many at once, and how long each may take to say what it wants.
//!
//! In: a listener and the pages. Out: answers, until the program is told to stop. May not happen: so many or so slow connections that
//! nobody else is heard.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::Service;

/// Connections at once: others wait until one ends.
const CONNECTIONS: usize = 1_024;
/// How long the head of a request may take, and how long a connection may rest between requests.
const HEAD: Duration = Duration::from_secs(10);
/// Bytes of a request's head.
const LARGEST_HEAD: usize = 64 << 10;
/// How long requests under way may go on when the program is told to stop.
const GRACE: Duration = Duration::from_secs(5);
/// How long it waits when the machine gives no more connections.
const REST: Duration = Duration::from_millis(200);

/// Answers until `stop` is over.
pub(super) async fn listen(listener: TcpListener, pages: Router, stop: impl Future<Output = ()>) {
    let (room, open) = (Arc::new(Semaphore::new(CONNECTIONS)), GracefulShutdown::new());
    let mut stop = pin!(stop);
    loop {
        let next = async { (room.clone().acquire_owned().await, listener.accept().await) };
        let (place, (stream, from)) = tokio::select! {
            (place, accepted) = next => match (place, accepted) {
                (Ok(place), Ok(accepted)) => (place, accepted),
                (_, accepted) => {
                    tracing::warn!(?accepted, "a connection was not taken");
                    tokio::time::sleep(REST).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let answered = open.watch(connection(stream, from, pages.clone()));
        tokio::spawn(async move {
            // What a connection ends with is nobody's concern: most just hang up.
            drop(answered.await);
            drop(place);
        });
    }
    drop(listener);
    drop(tokio::time::timeout(GRACE, open.shutdown()).await);
}

/// One connection, and the requests that come over it.
fn connection(
    stream: TcpStream,
    from: SocketAddr,
    pages: Router,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(from));
        pages.clone().call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(LARGEST_HEAD);
    http.serve_connection(TokioIo::new(stream), service)
}
