package oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import software.amazon.event.ruler.Machine;

/**
 * How fast is event-ruler? Arguments: rules.jsonl, events.jsonl, seconds. Prints one JSON line of figures, the same as
 * measure.mjs and the Rust program.
 */
public final class Bench {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RULES_TO_WARM_UP = 2000;
  private static final int WINDOWS = 4;
  private static final int BETWEEN_LOOKS_AT_THE_CLOCK = 64;

  private final Machine machine;
  private final String[] events;
  private int next = 0;

  private Bench(Machine machine, String[] events) {
    this.machine = machine;
    this.events = events;
  }

  public static void main(String[] args) throws Exception {
    List<String[]> rules = rules(Path.of(args[0]));
    String[] events = Files.readAllLines(Path.of(args[1])).toArray(new String[0]);
    double seconds = Double.parseDouble(args[2]);
    build(rules.subList(0, Math.min(rules.size(), RULES_TO_WARM_UP)));
    long bytesBefore = usedBytes();
    long startedAt = threadNanos();
    Machine machine = build(rules);
    double addMicros = (threadNanos() - startedAt) / 1e3 / rules.size();
    long ruleBytes = (usedBytes() - bytesBefore) / rules.size();
    new Bench(machine, events).print(addMicros, ruleBytes, seconds);
  }

  private static List<String[]> rules(Path file) throws IOException {
    List<String[]> rules = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode rule = JSON.readTree(line);
      rules.add(new String[] {rule.get("id").asText(), rule.get("pattern").asText()});
    }
    return rules;
  }

  private static Machine build(List<String[]> rules) throws IOException {
    Machine machine = Machine.builder().build();
    for (String[] rule : rules) machine.addRule(rule[0], rule[1]);
    return machine;
  }

  private void print(double addMicros, long ruleBytes, double seconds) throws Exception {
    int[] counted = firstPass(seconds);
    run(seconds);
    double[] rates = new double[WINDOWS];
    for (int window = 0; window < WINDOWS; window++) rates[window] = run(seconds / WINDOWS);
    Arrays.sort(rates);
    System.out.printf(
        Locale.ROOT,
        "{\"addMicros\":%.2f,\"ruleBytes\":%d,\"eventsPerSecond\":%.0f,\"matches\":%d,\"of\":%d}%n",
        addMicros,
        ruleBytes,
        (rates[1] + rates[2]) / 2,
        counted[0],
        counted[1]);
  }

  /** Every event once, to count the matches; or as many as three times the seconds allow. */
  private int[] firstPass(double seconds) throws Exception {
    long end = System.nanoTime() + (long) (seconds * 3e9);
    int matches = 0;
    int done = 0;
    for (String event : events) {
      matches += machine.rulesForJSONEvent(event).size();
      done++;
      if (System.nanoTime() > end) break;
    }
    return new int[] {matches, done};
  }

  /** Events a second, over so long. */
  private double run(double seconds) throws Exception {
    long startedAt = threadNanos();
    long end = startedAt + (long) (seconds * 1e9);
    long done = 0;
    while (threadNanos() < end) {
      for (int index = 0; index < BETWEEN_LOOKS_AT_THE_CLOCK; index++) {
        machine.rulesForJSONEvent(events[next]);
        next = (next + 1) % events.length;
      }
      done += BETWEEN_LOOKS_AT_THE_CLOCK;
    }
    return done / ((threadNanos() - startedAt) / 1e9);
  }

  /** Processor time of this thread: without the compiler's and the collector's. */
  private static long threadNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long usedBytes() throws InterruptedException {
    for (int time = 0; time < 4; time++) {
      System.gc();
      Thread.sleep(30);
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
