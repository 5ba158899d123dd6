import { monitorEventLoopDelay } from 'node:perf_hooks';
import { cpuUsage, memoryUsage, uptime } from 'node:process';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../environment.ts';

/**
 * Prometheus metrics. Labels have few values: realms, endpoints, reasons. Never a client id, which
 * would let callers make series without end.
 */
export function systemMetrics(): Metrics & { expose(): Promise<string>; contentType: string } {
  const registry = new Registry();
  watchProcess(registry);
  const issued = new Counter({
    name: 'tessera_tokens_issued_total',
    help: 'Access tokens issued, by realm and format',
    labelNames: ['realm', 'format'] as const,
    registers: [registry],
  });
  const refused = new Counter({
    name: 'tessera_requests_refused_total',
    help: 'Requests refused, by endpoint and reason',
    labelNames: ['endpoint', 'reason'] as const,
    registers: [registry],
  });
  const answered = new Histogram({
    name: 'tessera_request_duration_seconds',
    help: 'Time from the request to its answer, by endpoint and status',
    labelNames: ['endpoint', 'status'] as const,
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  });
  const hookAnswered = new Histogram({
    name: 'tessera_claims_hook_duration_seconds',
    help: 'Time that claims hooks took to answer, by realm and outcome',
    labelNames: ['realm', 'outcome'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const hookQuestions = new Counter({
    name: 'tessera_claims_hook_questions_total',
    help: 'Questions to claims hooks, by realm and outcome; cached and shared ones asked nobody',
    labelNames: ['realm', 'outcome'] as const,
    registers: [registry],
  });
  const dropped = new Counter({
    name: 'tessera_events_dropped_total',
    help: 'Traffic events that could not be kept because the database was slow or away',
    registers: [registry],
  });

  const reused = new Counter({
    name: 'tessera_tokens_reused_total',
    help: 'Answers with an access token that was issued for an earlier request, by realm and format',
    labelNames: ['realm', 'format'] as const,
    registers: [registry],
  });
  const wasted = new Counter({
    name: 'tessera_tokens_wasted_total',
    help: 'Access tokens issued while an identical one had more than half of its life left, by realm',
    labelNames: ['realm'] as const,
    registers: [registry],
  });
  const exceeded = new Counter({
    name: 'tessera_quota_exceeded_total',
    help: 'Token requests that found a quota used up, by realm, whose quota it is, and its mode',
    labelNames: ['realm', 'quota', 'mode'] as const,
    registers: [registry],
  });
  const truncated = new Gauge({
    name: 'tessera_status_aggregation_truncated',
    help: 'What the status list aggregation has no place for, by realm: lists, clients, tokens',
    labelNames: ['realm', 'of'] as const,
    registers: [registry],
  });

  // Looking a child up by labels costs more than counting with it.
  const children = <Child>(make: (a: string, b: string) => Child) => {
    const known = new Map<string, Map<string, Child>>();
    return (a: string, b: string): Child => {
      let row = known.get(a);
      if (row === undefined) {
        row = new Map();
        known.set(a, row);
      }
      let child = row.get(b);
      if (child === undefined) {
        child = make(a, b);
        row.set(b, child);
      }
      return child;
    };
  };
  const issuedOf = children((realm, format) => issued.labels({ realm, format }));
  const refusedOf = children((endpoint, reason) => refused.labels({ endpoint, reason }));
  const answeredOf = children((endpoint, status) => answered.labels({ endpoint, status }));

  return {
    tokenIssued: (realm, format) => issuedOf(realm, format).inc(),
    refused: (endpoint, reason) => refusedOf(endpoint, reason).inc(),
    answered: (endpoint, status, seconds) => answeredOf(endpoint, String(status)).observe(seconds),
    tokenReused: (realm, format) => reused.inc({ realm, format }),
    tokenWasted: (realm) => wasted.inc({ realm }),
    quotaExceeded: (realm, quota, mode) => exceeded.inc({ realm, quota, mode }),
    aggregationTruncated: (realm, of, count) => truncated.set({ realm, of }, count),
    claimsHookAnswered(realm, outcome, seconds) {
      hookQuestions.labels({ realm, outcome }).inc();
      if (seconds !== undefined) hookAnswered.labels({ realm, outcome }).observe(seconds);
    },
    eventsDropped: (count) => dropped.inc(count),
    expose: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/**
 * What this process takes, read when it is asked for. The library's own set watches every garbage
 * collection, which costs each request more than anybody learns from it.
 */
function watchProcess(registry: Registry): void {
  const registers = [registry];
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('process_cpu_seconds_total', 'Processor time, user and system', () => {
    const { user, system } = cpuUsage();
    return (user + system) / 1e6;
  });
  gauge('process_resident_memory_bytes', 'Resident memory', () => memoryUsage().rss);
  gauge('nodejs_heap_size_used_bytes', 'Heap in use', () => memoryUsage().heapUsed);
  gauge('process_uptime_seconds', 'Seconds since the start', uptime);
  gauge('nodejs_eventloop_lag_p99_seconds', 'Delay of the event loop since last asked', () => {
    const lag = delay.percentile(99) / 1e9;
    delay.reset();
    return lag;
  });
}
