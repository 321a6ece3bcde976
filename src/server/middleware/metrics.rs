//! Counts and times of requests → the text format of Prometheus.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use crate::server::state::Service;

/// Upper bounds of the buckets, in seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 10.0];

/// What is counted since the start.
#[derive(Debug, Default)]
pub(in crate::server) struct Metrics {
    /// By route, method and status.
    requests: Mutex<BTreeMap<(String, &'static str, u16), u64>>,
    /// By route.
    seconds: Mutex<BTreeMap<String, Histogram>>,
    in_flight: AtomicUsize,
}

#[derive(Debug, Default)]
struct Histogram {
    /// How many fell into each bucket, and behind them those above all.
    buckets: [u64; BUCKETS.len() + 1],
    sum: f64,
}

/// A request that is under way, until it is dropped.
#[derive(Debug)]
pub(in crate::server) struct InFlight<'a>(&'a AtomicUsize);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    pub(in crate::server) fn begin(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        InFlight(&self.in_flight)
    }

    pub(in crate::server) fn count(
        &self,
        route: &str,
        method: &'static str,
        status: u16,
        took: Duration,
    ) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.entry((route.to_owned(), method, status)).or_default() += 1;
        drop(requests);
        let seconds = took.as_secs_f64();
        let bucket = BUCKETS.iter().position(|bound| seconds <= *bound).unwrap_or(BUCKETS.len());
        let mut histograms = self.seconds.lock().unwrap_or_else(PoisonError::into_inner);
        let histogram = histograms.entry(route.to_owned()).or_default();
        histogram.sum += seconds;
        if let Some(count) = histogram.buckets.get_mut(bucket) {
            *count += 1;
        }
    }

    /// All of it. Routes are paths of the program's own: nothing in them needs to be escaped.
    pub(in crate::server) fn text(
        &self,
        service: &Service,
        documents: u64,
        passages: u64,
    ) -> String {
        let mut text = String::new();
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        head(&mut text, "requests_total", "counter", "Requests that were answered.");
        for ((route, method, status), count) in &*requests {
            let _ = writeln!(
                text,
                "gz_search_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}} {count}"
            );
        }
        drop(requests);
        head(&mut text, "request_seconds", "histogram", "How long requests took.");
        for (route, histogram) in &*self.seconds.lock().unwrap_or_else(PoisonError::into_inner) {
            histogram.write(route, &mut text);
        }
        let used = service.pool.used(&service.settings);
        for (name, help, value) in [
            (
                "requests_in_flight",
                "Requests that are under way.",
                self.in_flight.load(Ordering::Relaxed) as u64,
            ),
            ("searches", "Searches that run or wait.", used as u64),
            ("documents", "Documents in the index.", documents),
            ("passages", "Passages in the index.", passages),
        ] {
            head(&mut text, name, "gauge", help);
            let _ = writeln!(text, "gz_search_{name} {value}");
        }
        text
    }
}

impl Histogram {
    fn write(&self, route: &str, text: &mut String) {
        let mut count = 0;
        let bounds = BUCKETS.iter().map(ToString::to_string).chain(["+Inf".to_owned()]);
        for (bound, bucket) in bounds.zip(self.buckets) {
            count += bucket;
            let _ = writeln!(
                text,
                "gz_search_request_seconds_bucket{{route=\"{route}\",le=\"{bound}\"}} {count}"
            );
        }
        let _ = writeln!(text, "gz_search_request_seconds_sum{{route=\"{route}\"}} {}", self.sum);
        let _ = writeln!(text, "gz_search_request_seconds_count{{route=\"{route}\"}} {count}");
    }
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP gz_search_{name} {help}\n# TYPE gz_search_{name} {kind}");
}
