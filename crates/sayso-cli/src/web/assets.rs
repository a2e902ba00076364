//! Style, script and pictures, built into the program. Each has its hash in its address, so that browsers may keep it for ever.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

use super::error::WebError;
use super::state::Desk;

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

/// Name, type, bytes: add a line for a new file, and one in assets/README.md.
const FILES: &[(&str, &str, &[u8])] = &[
    ("htmx.min.js", JS, include_bytes!("../../assets/htmx.min.js")),
    ("sayso.css", CSS, include_bytes!("../../assets/sayso.css")),
    ("views.css", CSS, include_bytes!("../../assets/views.css")),
    ("sayso.js", JS, include_bytes!("../../assets/sayso.js")),
    ("theme.js", JS, include_bytes!("../../assets/theme.js")),
];

struct Asset {
    kind: &'static str,
    bytes: &'static [u8],
    hash: String,
}

static ASSETS: LazyLock<BTreeMap<&str, Asset>> = LazyLock::new(|| {
    let asset = |&(name, kind, bytes): &(&'static str, &'static str, &'static [u8])| {
        let hash = Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        (name, Asset { kind, bytes, hash })
    };
    FILES.iter().map(asset).collect()
});

/// The address of an asset.
pub(crate) fn url(name: &str) -> String {
    let hash = ASSETS.get(name).map_or("", |asset| &asset.hash);
    format!("/assets/{name}?v={hash}")
}

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/assets/{name}", get(asset))
}

async fn asset(Path(name): Path<String>, asked: HeaderMap) -> Result<Response, WebError> {
    let asset = ASSETS.get(name.as_str()).ok_or_else(|| WebError::not_found("There is no such file."))?;
    let tag = format!("\"{}\"", asset.hash);
    let kept = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned())];
    if asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    Ok((kept, [(header::CONTENT_TYPE, asset.kind)], asset.bytes).into_response())
}
