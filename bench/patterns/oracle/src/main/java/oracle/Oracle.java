package oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Machine;

/**
 * What does event-ruler answer? Reads JSON lines {"pattern": TEXT, "event": TEXT} and prints one line for each:
 *
 * <pre>
 *   {"match": true}                        the pattern was accepted
 *   {"error": "…", "phase": "pattern"}     the pattern was refused; "event": the event could not be read
 *   {"unsteady": true}                     machines built from the same pattern disagree
 * </pre>
 *
 * Texts and not values, so that the spelling of numbers, the order of keys and keys given twice survive. "strict" is
 * there when JsonRuleCompiler refuses a pattern that Machine.addRule takes with its older compiler.
 *
 * The argument says how many machines to build for each pair. More than one shows answers that depend on identity
 * hash codes.
 */
public final class Oracle {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Oracle() {}

  public static void main(String[] args) throws IOException {
    int machines = args.length > 0 ? Integer.parseInt(args[0]) : 1;
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode pair = JSON.readTree(line);
      out.println(JSON.writeValueAsString(answer(pair.get("pattern").asText(), pair.get("event").asText(), machines)));
    }
    out.flush();
  }

  private static ObjectNode answer(String pattern, String event, int machines) {
    ObjectNode first = ask(pattern, event);
    Set<Boolean> matches = new HashSet<>();
    if (first.has("match")) matches.add(first.get("match").asBoolean());
    for (int built = 1; built < machines && matches.size() == 1; built++) {
      ObjectNode next = ask(pattern, event);
      if (next.has("match")) matches.add(next.get("match").asBoolean());
    }
    return matches.size() > 1 ? JSON.createObjectNode().put("unsteady", true) : first;
  }

  private static ObjectNode ask(String pattern, String event) {
    ObjectNode answer = JSON.createObjectNode();
    String strict = refusal(pattern);
    if (strict != null) answer.put("strict", strict);
    Machine machine = Machine.builder().build();
    try {
      machine.addRule("r", pattern);
    } catch (Throwable refused) {
      return answer.put("error", words(refused)).put("phase", "pattern");
    }
    try {
      return answer.put("match", !machine.rulesForJSONEvent(event).isEmpty());
    } catch (Throwable unreadable) {
      return answer.put("error", words(unreadable)).put("phase", "event");
    }
  }

  private static String refusal(String pattern) {
    try {
      JsonRuleCompiler.compile(pattern);
      return null;
    } catch (Throwable refused) {
      return words(refused);
    }
  }

  /** The message proper: the source excerpt and the position that the JSON reader appends are left out. */
  private static String words(Throwable thrown) {
    String message =
        thrown instanceof JsonProcessingException
            ? ((JsonProcessingException) thrown).getOriginalMessage()
            : thrown.getMessage();
    if (message == null) return thrown.getClass().getSimpleName();
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
