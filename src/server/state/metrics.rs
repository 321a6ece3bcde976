//! Counts requests, measures their durations, and prints both in the text format of Prometheus.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Upper bounds of the histogram buckets, in seconds.
const BUCKET_BOUNDS_SECONDS: [f64; 11] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 10.0];

/// Request metrics since the start of the service.
#[derive(Debug, Default)]
pub(in crate::server) struct Metrics {
    /// Number of requests by route, method and status.
    request_counts: Mutex<BTreeMap<(String, &'static str, u16), u64>>,
    /// Histogram of request durations in seconds, by route.
    histograms: Mutex<BTreeMap<String, DurationHistogram>>,
    /// Number of requests in progress.
    in_flight_count: AtomicUsize,
    /// Number of requests that the HTTP parser rejected.
    malformed_count: AtomicUsize,
}

/// Histogram of the durations of requests.
#[derive(Debug, Default)]
struct DurationHistogram {
    /// Number of requests in each bucket. The last bucket counts durations above all bounds.
    buckets: [u64; BUCKET_BOUNDS_SECONDS.len() + 1],
    /// Sum of the durations in seconds.
    duration_sum_seconds: f64,
}

/// Metrics that the service measures only when a client requests the metrics.
#[derive(Debug)]
pub(in crate::server) struct Gauges {
    /// Number of searches that run or wait.
    pub(in crate::server) active_searches: u64,
    pub(in crate::server) document_count: u64,
    pub(in crate::server) passage_count: u64,
}

/// Guard that counts a request as in progress. The count ends when the guard is dropped.
#[derive(Debug)]
pub(in crate::server) struct RequestInProgressGuard<'a>(&'a AtomicUsize);

impl Drop for RequestInProgressGuard<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    /// Counts a request as in progress until the returned guard is dropped.
    pub(in crate::server) fn begin_request(&self) -> RequestInProgressGuard<'_> {
        self.in_flight_count.fetch_add(1, Ordering::Relaxed);
        RequestInProgressGuard(&self.in_flight_count)
    }

    /// Counts a finished request and its duration.
    pub(in crate::server) fn record_request(
        &self,
        route: &str,
        method: &'static str,
        status: u16,
        duration: Duration,
    ) {
        let mut request_counts = self.request_counts.lock().unwrap_or_else(PoisonError::into_inner);
        *request_counts.entry((route.to_owned(), method, status)).or_default() += 1;
        drop(request_counts);
        let seconds = duration.as_secs_f64();
        let bucket = BUCKET_BOUNDS_SECONDS
            .iter()
            .position(|bound| seconds <= *bound)
            .unwrap_or(BUCKET_BOUNDS_SECONDS.len());
        let mut histograms = self.histograms.lock().unwrap_or_else(PoisonError::into_inner);
        let histogram = histograms.entry(route.to_owned()).or_default();
        histogram.duration_sum_seconds += seconds;
        if let Some(count) = histogram.buckets.get_mut(bucket) {
            *count += 1;
        }
    }

    /// Counts a request that the HTTP parser rejected.
    pub(in crate::server) fn record_malformed_request(&self) {
        self.malformed_count.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns all metrics in the text format of Prometheus. Route names are constants of the program, so nothing needs
    /// escaping.
    pub(in crate::server) fn prometheus_text(&self, gauges: &Gauges) -> String {
        let mut text = String::new();
        let request_counts = self.request_counts.lock().unwrap_or_else(PoisonError::into_inner);
        write_metric_head(&mut text, "requests_total", "counter", "Number of answered requests.");
        for ((route, method, status), count) in &*request_counts {
            let _ = writeln!(
                text,
                "gz_search_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}} {count}"
            );
        }
        drop(request_counts);
        write_metric_head(&mut text, "request_seconds", "histogram", "Duration of requests.");
        for (route, histogram) in &*self.histograms.lock().unwrap_or_else(PoisonError::into_inner) {
            histogram.write(route, &mut text);
        }
        let malformed_count = self.malformed_count.load(Ordering::Relaxed);
        let help = "Requests that are not HTTP, or whose head is too large.";
        write_metric_head(&mut text, "malformed_requests_total", "counter", help);
        let _ = writeln!(text, "gz_search_malformed_requests_total {malformed_count}");
        for (name, help, value) in [
            (
                "requests_in_flight",
                "Requests in progress.",
                self.in_flight_count.load(Ordering::Relaxed) as u64,
            ),
            ("searches", "Searches that run or wait.", gauges.active_searches),
            ("documents", "Documents in the index.", gauges.document_count),
            ("passages", "Passages in the index.", gauges.passage_count),
        ] {
            write_metric_head(&mut text, name, "gauge", help);
            let _ = writeln!(text, "gz_search_{name} {value}");
        }
        text
    }
}

impl DurationHistogram {
    fn write(&self, route: &str, text: &mut String) {
        let mut cumulative_count = 0;
        let bucket_bounds =
            BUCKET_BOUNDS_SECONDS.iter().map(ToString::to_string).chain(["+Inf".to_owned()]);
        for (bound, bucket) in bucket_bounds.zip(self.buckets) {
            cumulative_count += bucket;
            let _ = writeln!(
                text,
                "gz_search_request_seconds_bucket{{route=\"{route}\",le=\"{bound}\"}} {cumulative_count}"
            );
        }
        let _ = writeln!(
            text,
            "gz_search_request_seconds_sum{{route=\"{route}\"}} {}",
            self.duration_sum_seconds
        );
        let _ = writeln!(
            text,
            "gz_search_request_seconds_count{{route=\"{route}\"}} {cumulative_count}"
        );
    }
}

fn write_metric_head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP gz_search_{name} {help}\n# TYPE gz_search_{name} {kind}");
}
