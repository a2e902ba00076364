//! The workbench: pages, live changes and JSON over HTTP, for people at this machine or, with a login, at others.
//!
//! In: requests. Out: pages made on the server; what is in the address is the state of the view. May not happen: captured markup in a
//! page, a change without a person's name and token, a request that leaves the machine unless a person named a URL, work on the ledger
//! that keeps other requests waiting.

mod api;
mod assets;
mod decide;
mod error;
#[cfg(test)]
mod fixture;
mod jobs;
mod layout;
mod listen;
mod live;
mod login;
mod pages;
mod parts;
mod place;
mod sample;
mod session;
mod state;
mod view;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::{Router, middleware};
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::ledger::Place;
use crate::{output, serve};
use state::Desk;

/// How long a request may take. Live changes go on for ever: only their beginning is bounded.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes of a request; pages that take uploads allow more by themselves.
const LARGEST_REQUEST: usize = 1 << 20;

/// Serves until the program is told to stop.
pub(crate) fn serve(args: &serve::Args, place: &Place) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.context("no threads could be started")?;
    let served = runtime.block_on(run(args, place));
    // What is being added is in the ledger batch by batch; the next run goes on.
    runtime.shutdown_background();
    served
}

async fn run(args: &serve::Args, place: &Place) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(args.listen).await;
    let listener = listener.with_context(|| {
        format!(
            "nothing can listen on {}: another program may do so already; --listen 127.0.0.1:0 takes a free port",
            args.listen
        )
    })?;
    let address = listener.local_addr()?;
    let sample = args.sample.then(sample::Sample::new).transpose()?;
    let ledger = sample.as_ref().map_or_else(|| place.clone(), sample::Sample::place);
    let desk = Desk::open(ledger, address, args)?;
    if desk.login_required && desk.users().await?.is_empty() {
        bail!(
            "other machines can reach {address}, so people must log in: `sayso user add NAME --role owner` lets the first one"
        );
    }
    if args.sample {
        sample::read(&desk);
    }
    let named = if place.case == "default" { String::new() } else { format!("c/{}/", layout::encode(&place.case)) };
    let path = if args.sample { format!("c/{}/", sample::CASE) } else { named };
    // Without users, whoever has this address may do all: so only who started the program gets it.
    let key = if desk.is_open().await? { format!("?{}={}", session::KEY, desk.key) } else { String::new() };
    output::text(&format!("The workbench: http://{address}/{path}{key}\n"))?;
    let watching = desk.clone();
    std::thread::spawn(move || live::watch(watching));
    let (ahead, case) = (desk.clone(), place.case.clone());
    tokio::spawn(async move { ahead.newest(&case).await.map(drop) });
    listen::listen(listener, router(desk.clone()), stop(desk)).await;
    Ok(())
}

/// Every page.
fn router(desk: Arc<Desk>) -> Router {
    let set = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    Router::new()
        .merge(pages::routes())
        .merge(api::routes())
        .merge(decide::routes())
        .merge(live::routes())
        .merge(login::routes())
        .fallback(error::no_page)
        .method_not_allowed_fallback(error::no_method)
        .layer(middleware::from_fn_with_state(desk.clone(), session::guard))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .merge(assets::routes())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(CompressionLayer::new())
        .layer(set(header::CONTENT_SECURITY_POLICY, session::POLICY))
        .layer(set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(set(header::REFERRER_POLICY, "same-origin"))
        .layer(set(header::X_FRAME_OPTIONS, "DENY"))
        .layer(set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
        .layer(set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(set(header::CACHE_CONTROL, "no-store"))
        .with_state(desk)
}

/// Waits for Ctrl+C, or for the machine to end the program.
async fn stop(desk: Arc<Desk>) {
    let interrupted = async { drop(tokio::signal::ctrl_c().await) };
    #[cfg(unix)]
    let ended = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let ended = std::future::pending::<()>();
    tokio::select! { () = interrupted => {}, () = ended => {} }
    desk.stop();
}
