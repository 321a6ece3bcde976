//! A client that writes to the service as fast as it can, and records which writes were acknowledged.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    net::{SocketAddr, TcpStream},
};

use serde_json::json;

use crate::{
    fixture::{read, request},
    random::Random,
};

/// Possible editions of each document. `None` means that the document may be absent.
pub(crate) type Editions = BTreeMap<String, BTreeSet<Option<usize>>>;

/// Number of clients that write at the same time. Each client writes its own documents.
pub(crate) const CLIENTS: usize = 3;

/// Client that sends and removes documents until the service no longer answers.
pub(crate) struct WritingClient {
    number: usize,
    address: SocketAddr,
    key: String,
    /// Edition of the last sent document.
    pub(crate) edition: usize,
    random: Random,
    /// Last acknowledged edition of each document. `None` if the service acknowledged its removal.
    pub(crate) acknowledged: BTreeMap<String, Option<usize>>,
    /// Editions that were sent after the last acknowledged edition and are not acknowledged.
    pub(crate) unacknowledged: Editions,
}

impl WritingClient {
    pub(crate) fn new(number: usize, address: SocketAddr, key: &str, edition: usize) -> Self {
        let (key, random) = (key.to_owned(), Random((edition * CLIENTS + number + 1) as u64));
        let (acknowledged, unacknowledged) = (BTreeMap::new(), Editions::new());
        Self { number, address, key, edition, random, acknowledged, unacknowledged }
    }

    /// Sends requests until the connection fails.
    pub(crate) fn run(mut self) -> Self {
        loop {
            self.edition += 1;
            let id = format!("sent {}-{}", self.number, self.random.below(6));
            let (sent, edition) = if self.random.below(4) == 0 {
                let path = format!("/documents/{}", id.replace(' ', "%20"));
                (request("DELETE", &path, &self.key, ""), None)
            } else {
                let body = document(&id, self.edition);
                (request("POST", "/documents", &self.key, &body), Some(self.edition))
            };
            self.unacknowledged.entry(id.clone()).or_default().insert(edition);
            let Ok(mut stream) = TcpStream::connect(self.address) else { return self };
            if stream.write_all(sent.as_bytes()).is_err() {
                return self;
            }
            match (read(&mut stream).status, edition) {
                (200, _) | (404, None) => {
                    self.unacknowledged.remove(&id);
                    self.acknowledged.insert(id, edition);
                }
                (0, _) => return self,
                _ => {}
            }
        }
    }
}

/// Returns a document in JSON that states its edition.
pub(crate) fn document(id: &str, edition: usize) -> String {
    json!({"id": id, "text": format!("Exports grew.\n\nThis is edition {edition} of it.")})
        .to_string()
}
