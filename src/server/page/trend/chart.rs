//! Line chart of the number of releases by period, as SVG. Lines differ by colour, dashes and the shape of their
//! points.

use std::fmt::Write;

use maud::{Markup, PreEscaped, html};

use super::TrendSeries;
use crate::{
    render::escape_html,
    server::page::messages::{Messages, format_number},
};

/// Width of the SVG drawing, in the units of its `viewBox`.
const WIDTH: f64 = 800.0;
/// Height of the SVG drawing, in the units of its `viewBox`.
const HEIGHT: f64 = 300.0;
/// Margin to the left of the lines, for the labels of the counts, in the units of the `viewBox`.
const LEFT_MARGIN: f64 = 48.0;
/// Margin below the lines, for the labels of the periods, in the units of the `viewBox`.
const BOTTOM_MARGIN: f64 = 28.0;
const TOP_MARGIN: f64 = 12.0;
const RIGHT_MARGIN: f64 = 16.0;
/// Maximum number of labels below the chart.
const MAX_AXIS_LABELS: usize = 10;
/// Maximum number of horizontal grid lines above the line of zero.
const MAX_GRID_LINES: u64 = 4;

/// Returns the chart of all series over all periods.
pub(super) fn chart(series: &[TrendSeries], periods: &[String], messages: &Messages) -> Markup {
    let maximum = series.iter().flat_map(|series| series.counts.values()).max().copied();
    let step = grid_step(maximum.unwrap_or_default().max(1));
    let top_count = step * maximum.unwrap_or_default().max(1).div_ceil(step);
    let mut drawing = String::new();
    draw_grid(&mut drawing, step, top_count);
    draw_period_labels(&mut drawing, periods);
    for (index, series) in series.iter().enumerate() {
        draw_series(&mut drawing, index, series, periods, top_count);
    }
    html! {
        figure.trend-chart {
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(messages.trend.title) { (PreEscaped(drawing)) }
        }
    }
}

/// Returns the distance between two lines of the grid: 1, 2 or 5 times a power of ten.
fn grid_step(maximum: u64) -> u64 {
    let mut power = 1;
    loop {
        for factor in [1, 2, 5] {
            if factor * power * MAX_GRID_LINES >= maximum {
                return factor * power;
            }
        }
        power *= 10;
    }
}

/// Returns the horizontal position of the period number `index`, counted from 0, among `period_count` periods.
#[expect(clippy::cast_precision_loss, reason = "numbers of releases and of periods are small")]
fn x_of_period(index: usize, period_count: usize) -> f64 {
    let share = if period_count < 2 { 0.5 } else { index as f64 / (period_count - 1) as f64 };
    LEFT_MARGIN + share * (WIDTH - LEFT_MARGIN - RIGHT_MARGIN)
}

/// Returns the vertical position of `count`. `top_count` is the count at the top of the chart.
#[expect(clippy::cast_precision_loss, reason = "numbers of releases are small")]
fn y_of_count(count: u64, top_count: u64) -> f64 {
    TOP_MARGIN + (1.0 - count as f64 / top_count as f64) * (HEIGHT - TOP_MARGIN - BOTTOM_MARGIN)
}

/// Appends the horizontal grid lines for the counts from 0 to `top_count` in steps of `step`, with their labels.
fn draw_grid(drawing: &mut String, step: u64, top_count: u64) {
    for count in (0..=top_count).step_by(usize::try_from(step).unwrap_or(1)) {
        let y = y_of_count(count, top_count);
        let (right, text) = (WIDTH - RIGHT_MARGIN, format_number(count));
        let _ = write!(
            drawing,
            "<line class=\"grid\" x1=\"{LEFT_MARGIN}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text class=\"scale\" x=\"{:.1}\" y=\"{:.1}\">{text}</text>",
            LEFT_MARGIN - 8.0,
            y + 4.0,
        );
    }
}

/// Appends the labels of the periods below the chart.
fn draw_period_labels(drawing: &mut String, periods: &[String]) {
    let label_step = periods.len().div_ceil(MAX_AXIS_LABELS).max(1);
    for (index, period) in periods.iter().enumerate().step_by(label_step) {
        let _ = write!(
            drawing,
            "<text class=\"period\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            x_of_period(index, periods.len()),
            HEIGHT - 8.0,
            escape_html(period),
        );
    }
}

/// Appends the line and the points of the series number `index`. `top_count` is the count at the top of the chart.
fn draw_series(
    drawing: &mut String,
    index: usize,
    series: &TrendSeries,
    periods: &[String],
    top_count: u64,
) {
    let count = |period: &String| series.counts.get(period).copied().unwrap_or_default();
    let points: Vec<(f64, f64, &String)> = periods
        .iter()
        .enumerate()
        .map(|(place, period)| {
            (x_of_period(place, periods.len()), y_of_count(count(period), top_count), period)
        })
        .collect();
    let line: Vec<String> = points.iter().map(|(x, y, _)| format!("{x:.1},{y:.1}")).collect();
    let _ = write!(
        drawing,
        "<g class=\"series-{}\"><polyline points=\"{}\"/>",
        index + 1,
        line.join(" ")
    );
    for (x, y, period) in points {
        let _ = write!(
            drawing,
            "<g transform=\"translate({x:.1} {y:.1})\"><title>{}: {} · {}</title>{}</g>",
            escape_html(&series.address.q),
            escape_html(period),
            count(period),
            point_shape(index),
        );
    }
    drawing.push_str("</g>");
}

/// Returns the shape of the points of the series at `index`, as SVG.
const fn point_shape(index: usize) -> &'static str {
    match index {
        0 => "<circle r=\"4\"/>",
        1 => "<rect x=\"-3.5\" y=\"-3.5\" width=\"7\" height=\"7\"/>",
        2 => "<path d=\"M0-5L5 4H-5Z\"/>",
        _ => "<path d=\"M0-5L5 0L0 5L-5 0Z\"/>",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grid_lines_are_few_and_at_round_numbers() {
        for (maximum, step) in [(1, 1), (4, 1), (5, 2), (9, 5), (40, 10), (57, 20), (999, 500)] {
            assert_eq!(grid_step(maximum), step, "{maximum}");
        }
    }
}
