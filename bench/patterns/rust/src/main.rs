// quamina-rs, measured like the others: args are rules.jsonl, events.jsonl, seconds; prints one JSON line of figures.
use quamina::{Quamina, QuaminaBuilder};
use std::time::{Duration, Instant};

const PAGE_BYTES: f64 = 4096.0;
/// Enough for 10,000 rules; at 100,000 this version ends in a panic.
const ARENA_BYTES: usize = 1 << 34;
const STATES_PER_PATTERN: usize = 1 << 20;
const WINDOWS: u32 = 4;
const BETWEEN_LOOKS_AT_THE_CLOCK: usize = 64;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let rules = rules(&args[1]);
    let text = std::fs::read_to_string(&args[2]).unwrap();
    let events: Vec<&[u8]> = text.lines().map(|line| line.as_bytes()).collect();
    let seconds: f64 = args[3].parse().unwrap();

    let bytes_before = resident_bytes();
    let started_at = thread_time();
    let mut matcher = build(&rules);
    // The first match freezes the machine: that belongs to building it.
    count(&mut matcher, events[0]);
    let add_ms = (thread_time() - started_at).as_secs_f64() * 1e3;
    let rule_bytes = (resident_bytes() - bytes_before) / rules.len() as f64;

    let (matches, of) = first_pass(&mut matcher, &events, seconds);
    let mut next = 0;
    run(&mut matcher, &events, &mut next, Duration::from_secs_f64(seconds));
    let mut rates: Vec<f64> = (0..WINDOWS)
        .map(|_| run(&mut matcher, &events, &mut next, Duration::from_secs_f64(seconds / WINDOWS as f64)))
        .collect();
    rates.sort_by(|a, b| a.partial_cmp(b).unwrap());
    println!(
        "{{\"addMicros\":{:.2},\"ruleBytes\":{:.0},\"eventsPerSecond\":{:.0},\"matches\":{},\"of\":{}}}",
        add_ms * 1e3 / rules.len() as f64,
        rule_bytes,
        (rates[1] + rates[2]) / 2.0,
        matches,
        of
    );
}

fn rules(file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines()
        .map(|line| {
            let rule: serde_json::Value = serde_json::from_str(line).unwrap();
            rule["pattern"].as_str().unwrap().into()
        })
        .collect()
}

fn build(rules: &[String]) -> Quamina<u32> {
    let mut matcher = QuaminaBuilder::new()
        .with_arena_byte_budget(ARENA_BYTES)
        .with_max_states_per_pattern(STATES_PER_PATTERN)
        .build()
        .unwrap();
    for (index, pattern) in rules.iter().enumerate() {
        matcher.add_pattern(index as u32, pattern).unwrap();
    }
    matcher
}

fn count(matcher: &mut Quamina<u32>, event: &[u8]) -> usize {
    matcher.matches_for_event(event).unwrap().len()
}

/// Every event once, to count the matches; or as many as three times the seconds allow.
fn first_pass(matcher: &mut Quamina<u32>, events: &[&[u8]], seconds: f64) -> (usize, usize) {
    let end = Instant::now() + Duration::from_secs_f64(seconds * 3.0);
    let mut matches = 0;
    for (index, event) in events.iter().enumerate() {
        matches += count(matcher, event);
        if Instant::now() > end {
            return (matches, index + 1);
        }
    }
    (matches, events.len())
}

/// Events a second, over so long.
fn run(matcher: &mut Quamina<u32>, events: &[&[u8]], next: &mut usize, time: Duration) -> f64 {
    let started_at = thread_time();
    let mut done = 0;
    while thread_time() - started_at < time {
        for _ in 0..BETWEEN_LOOKS_AT_THE_CLOCK {
            std::hint::black_box(count(matcher, events[*next]));
            *next = (*next + 1) % events.len();
        }
        done += BETWEEN_LOOKS_AT_THE_CLOCK;
    }
    done as f64 / (thread_time() - started_at).as_secs_f64()
}

/// Processor time of this thread, where the system says it (Linux); else the clock.
fn thread_time() -> Duration {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    match said.split(' ').next().and_then(|nanos| nanos.parse().ok()) {
        Some(nanos) => Duration::from_nanos(nanos),
        None => START.get_or_init(Instant::now).elapsed(),
    }
}

static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();

fn resident_bytes() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|count| count.parse::<f64>().ok()).unwrap_or(0.0) * PAGE_BYTES
}
