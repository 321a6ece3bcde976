//! Stub of a cluster. The stub runs in the process of the test. The stub supports only requests that this program sends
//! and that `OpenSearch` and Elasticsearch both support. Like a cluster, the stub answers any other request with status
//! 400.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use serde_json::{Map, Value, json};

use super::stub_query::{aggregate, is_match, matching_documents};

/// Request that the stub received.
#[derive(Debug, Clone)]
pub(super) struct StubRequest {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
}

/// Function that may replace a response of the stub. It takes a request and the number of the request, from 0, and
/// returns the replacement. `None` leaves the response of the stub unchanged.
type ResponseOverride = dyn Fn(&StubRequest, usize) -> Option<(u16, Value)> + Send + Sync;

/// A plain or encrypted connection.
trait Connection: Read + Write + Send {}

impl<T: Read + Write + Send> Connection for T {}

/// Documents of one index of the stub server, by id.
type Documents = BTreeMap<String, Value>;

/// Running stub of a cluster, with its address.
pub(super) struct Stub {
    /// Base URL, such as `http://127.0.0.1:9200`.
    pub(super) address: String,
    pub(super) state: Arc<StubState>,
}

/// State that the threads of a stub share.
#[derive(Default)]
pub(super) struct StubState {
    /// Definition and documents of each index.
    indexes: Mutex<BTreeMap<String, (Value, Documents)>>,
    /// Name of the index to which each alias points.
    aliases: Mutex<BTreeMap<String, String>>,
    /// Requests that the stub received, in order.
    pub(super) requests: Mutex<Vec<StubRequest>>,
    /// Number of requests that the stub received.
    request_count: AtomicUsize,
}

impl Stub {
    /// Starts a stub at `http://127.0.0.1`.
    pub(super) fn new() -> Self {
        Self::with_response_override(|_, _| None)
    }

    /// Starts a stub whose responses `response_override` may replace.
    pub(super) fn with_response_override(
        response_override: impl Fn(&StubRequest, usize) -> Option<(u16, Value)> + Send + Sync + 'static,
    ) -> Self {
        Self::start("http", |stream| Box::new(stream), response_override)
    }

    /// Starts a stub at `https://127.0.0.1`, with a certificate of the authority in `tls/`.
    pub(super) fn with_tls() -> Self {
        let certificates = CertificateDer::pem_slice_iter(include_bytes!("tls/server.pem"));
        let certificates = certificates.collect::<Result<Vec<_>, _>>().unwrap();
        let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/server.key")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(certificates, key)
            .unwrap();
        let config = Arc::new(config);
        let accept_tls = move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            Box::new(StreamOwned::new(connection, stream)) as Box<dyn Connection>
        };
        Self::start("https", accept_tls, |_, _| None)
    }

    /// Starts a stub at `127.0.0.1`. `scheme` is `http` or `https`, `accept` turns each TCP connection into a plain or
    /// encrypted connection, and `response_override` may replace responses.
    fn start(
        scheme: &str,
        accept: impl Fn(TcpStream) -> Box<dyn Connection> + Send + 'static,
        response_override: impl Fn(&StubRequest, usize) -> Option<(u16, Value)> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("{scheme}://{}", listener.local_addr().unwrap());
        let state = Arc::new(StubState::default());
        let (shared, response_override): (_, Arc<ResponseOverride>) =
            (Arc::clone(&state), Arc::new(response_override));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (state, response_override) =
                    (Arc::clone(&shared), Arc::clone(&response_override));
                let stream = accept(stream.unwrap());
                thread::spawn(move || serve(&state, response_override.as_ref(), stream));
            }
        });
        Self { address, state }
    }

    /// Returns the documents of the index to which the alias `name` points, by id.
    pub(super) fn documents(&self, name: &str) -> BTreeMap<String, Value> {
        let index = self.state.index_of_alias(name).unwrap();
        self.state.indexes.lock().unwrap()[&index].1.clone()
    }

    /// Deletes a document from the stub, without a request of the program.
    pub(super) fn remove(&self, name: &str, id: &str) {
        let index = self.state.index_of_alias(name).unwrap();
        let mut indexes = self.state.indexes.lock().unwrap();
        assert!(indexes.get_mut(&index).unwrap().1.remove(id).is_some());
    }

    /// Returns the requests that the stub received, in order.
    pub(super) fn requests(&self) -> Vec<StubRequest> {
        self.state.requests.lock().unwrap().clone()
    }
}

/// Answers the requests that arrive on one connection, until the client closes it.
fn serve(state: &StubState, response_override: &ResponseOverride, stream: Box<dyn Connection>) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut request_line = String::new();
        if reader.read_line(&mut request_line).unwrap_or(0) == 0 {
            return;
        }
        let mut request_words = request_line.split(' ').map(str::to_owned);
        let (Some(method), Some(path)) = (request_words.next(), request_words.next()) else {
            return;
        };
        let mut headers = BTreeMap::new();
        loop {
            let mut header_line = String::new();
            reader.read_line(&mut header_line).unwrap();
            let Some((name, value)) = header_line.trim().split_once(':') else { break };
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
        let body_length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; body_length];
        reader.read_exact(&mut body).unwrap();
        let request = StubRequest { method, path, headers, body: String::from_utf8(body).unwrap() };
        state.requests.lock().unwrap().push(request.clone());
        let request_number = state.request_count.fetch_add(1, Ordering::Relaxed);
        let response =
            response_override(&request, request_number).or_else(|| state.answer(&request));
        let (status, body) = response.unwrap_or_else(|| {
            (400, json!({"error": {"reason": format!("not understood: {request:?}")}}))
        });
        let body = body.to_string();
        let response_head =
            format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n", body.len());
        let stream = reader.get_mut();
        let send_result = stream
            .write_all(format!("{response_head}{body}").as_bytes())
            .and_then(|()| stream.flush());
        if send_result.is_err() {
            return;
        }
    }
}

impl StubState {
    /// Returns the name of the index to which the alias `name` points, or `name` itself if an index has this name.
    fn index_of_alias(&self, name: &str) -> Option<String> {
        let alias = self.aliases.lock().unwrap().get(name).cloned();
        alias.or_else(|| self.indexes.lock().unwrap().contains_key(name).then(|| name.to_owned()))
    }

    /// Returns the HTTP status and the body of the response; `None` if the stub does not support the request.
    fn answer(&self, request: &StubRequest) -> Option<(u16, Value)> {
        let body = || serde_json::from_str::<Value>(&request.body).ok();
        let path: Vec<&str> = request.path.trim_matches('/').split('/').collect();
        let missing_index = |name: &str| {
            (404, json!({"error": {"reason": format!("no such index [{name}]")}, "status": 404}))
        };
        Some(match (request.method.as_str(), &path[..]) {
            ("GET", [""]) => {
                (200, json!({"version": {"distribution": "opensearch", "number": "2.19.6"}}))
            }
            ("GET", ["_alias", name]) => match self.aliases.lock().unwrap().get(*name) {
                Some(index) => (200, json!({index: {"aliases": {(*name): {}}}})),
                None => (404, json!({"error": "alias missing"})),
            },
            ("POST", ["_aliases"]) => {
                for action in body()?.get("actions")?.as_array()? {
                    if let Some(added) = action.get("add") {
                        let name = added.get("alias")?.as_str()?.to_owned();
                        let index = added.get("index")?.as_str()?.to_owned();
                        self.aliases.lock().unwrap().insert(name, index);
                    } else {
                        let removed_index = action.pointer("/remove_index/index")?.as_str()?;
                        self.indexes.lock().unwrap().remove(removed_index)?;
                    }
                }
                (200, json!({"acknowledged": true}))
            }
            ("HEAD", [index]) => {
                let exists = self.indexes.lock().unwrap().contains_key(*index);
                (if exists { 200 } else { 404 }, Value::Null)
            }
            ("DELETE", [index]) => {
                self.indexes.lock().unwrap().remove(*index)?;
                (200, json!({"acknowledged": true}))
            }
            ("PUT", [index]) => {
                let new_index = (body()?, BTreeMap::new());
                assert!(
                    self.indexes.lock().unwrap().insert((*index).to_owned(), new_index).is_none()
                );
                (200, json!({"acknowledged": true}))
            }
            (method, [name, path_segments @ ..]) => {
                let Some(index) = self.index_of_alias(name) else {
                    return Some(missing_index(name));
                };
                self.answer_for_index(method, &index, path_segments, request)?
            }
            _ => return None,
        })
    }

    /// Answers a request for one index. `path_segments` are the segments of the path after the name of the index.
    fn answer_for_index(
        &self,
        method: &str,
        index: &str,
        path_segments: &[&str],
        request: &StubRequest,
    ) -> Option<(u16, Value)> {
        let mut indexes = self.indexes.lock().unwrap();
        let (definition, documents) = indexes.get_mut(index)?;
        Some(match (method, path_segments) {
            ("GET", ["_mapping"]) => {
                (200, json!({index: {"mappings": definition.get("mappings")?}}))
            }
            ("GET", ["_stats", "store"]) => {
                (200, json!({"_all": {"primaries": {"store": {"size_in_bytes": 1}}}}))
            }
            ("POST", ["_refresh"]) => (200, json!({})),
            ("GET", ["_doc", id]) => match documents.get(*id) {
                Some(document) => (200, json!({"_source": document})),
                None => (404, json!({"found": false})),
            },
            ("PUT", ["_doc", id]) => {
                documents.insert((*id).to_owned(), serde_json::from_str(&request.body).ok()?);
                (201, json!({"result": "created"}))
            }
            ("POST", ["_msearch"]) => {
                let search_lines: Option<Vec<Value>> =
                    request.body.lines().map(|line| serde_json::from_str(line).ok()).collect();
                let search_lines =
                    search_lines.filter(|search_lines| search_lines.len() % 2 == 0)?;
                let searches = search_lines.chunks(2).map(|pair| run_search(documents, &pair[1]));
                (200, json!({"responses": searches.collect::<Option<Vec<_>>>()?}))
            }
            ("POST", ["_bulk"]) => (200, apply_bulk_request(documents, &request.body)?),
            _ => return None,
        })
    }
}

/// Applies a bulk request to `documents`, and returns the body of the response; `None` if the request is malformed.
fn apply_bulk_request(documents: &mut BTreeMap<String, Value>, body: &str) -> Option<Value> {
    if !body.ends_with('\n') {
        return None;
    }
    let mut item_results = Vec::new();
    let mut body_lines = body.lines();
    while let Some(action) = body_lines.next() {
        let action: Value = serde_json::from_str(action).ok()?;
        let (name, operation) = action.as_object()?.iter().next()?;
        let id = operation.get("_id")?.as_str()?.to_owned();
        operation.get("routing")?.as_str()?;
        if id.len() > 512 {
            return None;
        }
        let status = match name.as_str() {
            "index" => {
                let document: Value = serde_json::from_str(body_lines.next()?).ok()?;
                document.get("kind")?;
                if documents.insert(id, document).is_none() { 201 } else { 200 }
            }
            "delete" => {
                if documents.remove(&id).is_some() {
                    200
                } else {
                    404
                }
            }
            _ => return None,
        };
        item_results.push(json!({name.as_str(): {"status": status}}));
    }
    Some(json!({"errors": false, "items": item_results}))
}

/// Returns the response to one search; `None` if the stub does not support the search.
fn run_search(documents: &BTreeMap<String, Value>, body: &Value) -> Option<Value> {
    const SUPPORTED_SEARCH_KEYS: [&str; 9] = [
        "size",
        "query",
        "sort",
        "aggs",
        "post_filter",
        "track_total_hits",
        "track_scores",
        "_source",
        "search_after",
    ];
    if !body.as_object()?.keys().all(|key| SUPPORTED_SEARCH_KEYS.contains(&key.as_str())) {
        return None;
    }
    let mut hits = matching_documents(documents, body.get("query")?)?;
    let mut aggregations = Map::new();
    for (name, agg) in body.get("aggs").and_then(Value::as_object).into_iter().flatten() {
        aggregations.insert(name.clone(), aggregate(&hits, agg)?);
    }
    if let Some(filter) = body.get("post_filter") {
        let filter_results: Option<Vec<bool>> =
            hits.iter().map(|(_, doc)| is_match(doc, filter)).collect();
        let mut filter_results = filter_results?.into_iter();
        hits.retain(|_| filter_results.next().unwrap_or_default());
    }
    let total_hits = hits.len();
    let sort_field_count = body.get("sort").map_or(Some(0), |sort| Some(sort.as_array()?.len()))?;
    // Without a sort order the hits of a page would have an arbitrary order.
    if sort_field_count > 2 || sort_field_count == 0 && body.get("size")?.as_u64()? > 0 {
        return None;
    }
    let sort_key =
        |doc: &Value| doc.get("key").and_then(Value::as_str).unwrap_or_default().to_owned();
    hits.sort_by_key(|(_, doc)| sort_key(doc));
    if let Some(last_key) = body.get("search_after") {
        let last_key = last_key.get(0)?.as_str()?.to_owned();
        hits.retain(|(_, doc)| sort_key(doc) > last_key);
    }
    hits.truncate(body.get("size")?.as_u64()? as usize);
    let hits: Vec<Value> = hits
        .into_iter()
        .map(|(id, doc)| json!({"_id": id, "_source": doc, "sort": [sort_key(doc)]}))
        .collect();
    Some(json!({
        "_shards": {"total": 3, "successful": 3},
        "hits": {"total": {"value": total_hits}, "hits": hits},
        "aggregations": aggregations,
    }))
}
