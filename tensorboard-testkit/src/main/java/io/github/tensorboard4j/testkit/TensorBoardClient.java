package io.github.tensorboard4j.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tensorboard4j.testkit.DistributionPoint.Percentile;
import io.github.tensorboard4j.testkit.HistogramPoint.Bucket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * Reads the data behind each of TensorBoard's dashboards from its HTTP interface.
 *
 * <p>Every method throws {@link NoSuchElementException} for a run or tag that TensorBoard doesn't know, and
 * {@link IllegalStateException} for any other answer that is no success.
 */
public final class TensorBoardClient {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();
  private final URI address;

  TensorBoardClient(URI address) {
    this.address = address;
  }

  /** What TensorBoard says of itself. */
  public Environment environment() {
    JsonNode answer = get("data/environment");
    return new Environment(answer.path("version").asText(), answer.path("data_location").asText(),
        answer.path("debug").path("data_provider").asText());
  }

  /** The names of all runs. */
  public Set<String> runs() {
    return strings(get("data/runs"));
  }

  /** The names of the dashboards that have data to show, such as {@code scalars}. */
  public Set<String> activeDashboards() {
    Set<String> active = new TreeSet<>();
    get("data/plugins_listing").properties().forEach(plugin -> {
      if (plugin.getValue().path("enabled").asBoolean()) {
        active.add(plugin.getKey());
      }
    });
    return active;
  }

  /** The tags of a dashboard such as {@code scalars}, {@code histograms}, {@code text} or {@code images}, by run. */
  public Map<String, Set<String>> tags(String dashboard) {
    return tagsByRun(get("data/plugin/" + dashboard + "/tags"));
  }

  /** The points of a scalar in the order of the file. */
  public List<ScalarPoint> scalars(String run, String tag) {
    return list(get("data/plugin/scalars/scalars", "run", run, "tag", tag),
        point -> new ScalarPoint(point.get(1).asLong(), (float) number(point.get(2)), number(point.get(0))));
  }

  /** The histograms of a tag, at most 51 of them, evenly chosen. */
  public List<HistogramPoint> histograms(String run, String tag) {
    return list(get("data/plugin/histograms/histograms", "run", run, "tag", tag),
        point -> new HistogramPoint(point.get(1).asLong(), number(point.get(0)),
            list(point.get(2), row -> new Bucket(number(row.get(0)), number(row.get(1)), number(row.get(2))))));
  }

  /** The distributions that TensorBoard makes of a tag's histograms. */
  public List<DistributionPoint> distributions(String run, String tag) {
    return list(get("data/plugin/distributions/distributions", "run", run, "tag", tag),
        point -> new DistributionPoint(point.get(1).asLong(), number(point.get(0)),
            list(point.get(2), line -> new Percentile(line.get(0).asInt(), number(line.get(1))))));
  }

  /** The texts of a tag; none if there is no such run or tag. */
  public List<TextPoint> texts(String run, String tag) {
    return list(get("data/plugin/text/text", "run", run, "tag", tag),
        point -> new TextPoint(point.path("step").asLong(), point.path("text").asText(), number(point.path("wall_time"))));
  }

  /** How many images of a tag are shown for each step, by run and tag. */
  public Map<String, Map<String, Integer>> imageSamples() {
    return map(get("data/plugin/images/tags"), tags -> map(tags, tag -> tag.path("samples").asInt()));
  }

  /** The images of a tag in the order of the file, of each step the one with this number, from 0. */
  public List<ImagePoint> images(String run, String tag, int sample) {
    return list(get("data/plugin/images/images", "run", run, "tag", tag, "sample", Integer.toString(sample)),
        point -> new ImagePoint(point.path("step").asLong(), number(point.path("wall_time")),
            bytes("data/plugin/images/individualImage?" + point.path("query").asText())));
  }

  /** Which graphs there are, by run. */
  public Map<String, GraphInfo> graphs() {
    return map(get("data/plugin/graphs/info"),
        run -> new GraphInfo(run.path("run_graph").asBoolean(),
            map(run.path("tags"),
                tag -> new GraphInfo.Tagged(tag.path("conceptual_graph").asBoolean(), tag.path("op_graph").asBoolean(),
                    tag.path("profile").asBoolean()))));
  }

  /** The graph of a run. */
  public List<GraphNode> graph(String run) {
    return GraphText.parse(text("data/plugin/graphs/graph", "run", run));
  }

  /** A further graph of a run. */
  public List<GraphNode> graph(String run, String tag) {
    return GraphText.parse(text("data/plugin/graphs/graph", "run", run, "tag", tag));
  }

  /** What the operations of a run's graph have taken in a step. */
  public List<ProfiledNode> profile(String run, String tag) {
    return GraphText.parseProfile(text("data/plugin/graphs/run_metadata", "run", run, "tag", tag));
  }

  /** The rows of the HParams dashboard. */
  public List<HParamsSession> hparams() {
    String everything = """
        {"sliceSize": 10000, "colParams": [],
         "allowedStatuses": ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"]}""";
    List<HParamsSession> sessions = new ArrayList<>();
    for (JsonNode group : hparams("session_groups", everything).path("sessionGroups")) {
      Map<String, Object> values = map(group.path("hparams"),
          value -> value.isBoolean() ? value.asBoolean() : value.isNumber() ? (Object) value.asDouble() : value.asText());
      for (JsonNode session : group.path("sessions")) {
        sessions.add(new HParamsSession(session.path("name").asText(), session.path("status").asText(), values,
            list(session.path("metricValues"), TensorBoardClient::metric)));
      }
    }
    return sessions;
  }

  /** The columns of the HParams dashboard: each hyper-parameter's name with its type, such as DATA_TYPE_FLOAT64. */
  public Map<String, String> hparamTypes() {
    Map<String, String> types = new TreeMap<>();
    hparams("experiment", "{}").path("hparamInfos")
        .forEach(info -> types.put(info.path("name").asText(), info.path("type").asText()));
    return types;
  }

  /** The domains of the columns of the HParams dashboard, as TensorBoard serves them: those that are listed, or ranges. */
  public Map<String, JsonNode> hparamDomains() {
    Map<String, JsonNode> domains = new TreeMap<>();
    hparams("experiment", "{}").path("hparamInfos").forEach(info -> domains.put(info.path("name").asText(),
        info.has("domainDiscrete") ? info.path("domainDiscrete") : info.path("domainInterval")));
    return domains;
  }

  /** The metrics of the HParams dashboard, each as its group and its tag, in the order of the columns. */
  public List<String> hparamMetrics() {
    return list(hparams("experiment", "{}").path("metricInfos"),
        info -> info.path("name").path("group").asText() + '/' + info.path("name").path("tag").asText());
  }

  /** The scalar tags of the Time Series dashboard, by run. */
  public Map<String, Set<String>> timeSeriesScalarTags() {
    return tagsByRun(get("data/plugin/timeseries/tags").path("scalars").path("runTagInfo"));
  }

  /** The histogram tags of the Time Series dashboard, by run. */
  public Map<String, Set<String>> timeSeriesHistogramTags() {
    return tagsByRun(get("data/plugin/timeseries/tags").path("histograms").path("runTagInfo"));
  }

  /** The curves of a tag in the Time Series dashboard, by run; none if there is no such tag. */
  public Map<String, List<ScalarPoint>> timeSeriesScalars(String tag) {
    return map(timeSeries(Map.of("plugin", "scalars", "tag", tag)),
        series -> list(series, point -> new ScalarPoint(point.path("step").asLong(), (float) number(point.path("value")),
            number(point.path("wallTime")))));
  }

  /** The histograms of a run's tag in the Time Series dashboard, none if there is no such run or tag. */
  public List<HistogramPoint> timeSeriesHistograms(String run, String tag) {
    JsonNode series = timeSeries(Map.of("plugin", "histograms", "tag", tag, "run", run)).path(run);
    return list(series,
        point -> new HistogramPoint(point.path("step").asLong(), number(point.path("wallTime")), list(point.path("bins"),
            bin -> new Bucket(number(bin.path("min")), number(bin.path("max")), number(bin.path("count"))))));
  }

  /**
   * Any other JSON that TensorBoard serves.
   *
   * @param path relative to the address of the server, such as {@code data/plugin/images/tags}
   * @param query names and values in turn
   */
  public JsonNode get(String path, String... query) {
    return json(bytes(path, query));
  }

  /**
   * The bytes that TensorBoard serves under a path, such as an image.
   *
   * @param path relative to the address of the server
   * @param query names and values in turn
   */
  public byte[] bytes(String path, String... query) {
    String suffix = query.length == 0 ? "" : "?" + encode(query);
    return send(HttpRequest.newBuilder(address.resolve(path + suffix)).timeout(LIMIT).build());
  }

  private String text(String path, String... query) {
    return new String(bytes(path, query), StandardCharsets.UTF_8);
  }

  private JsonNode hparams(String route, String request) {
    return json(post("data/plugin/hparams/" + route, "application/json", request));
  }

  private JsonNode timeSeries(Map<String, String> request) {
    String form = encode("requests", JSON.valueToTree(List.of(request)).toString());
    JsonNode answer =
        json(post("data/plugin/timeseries/timeSeries", "application/x-www-form-urlencoded", form)).path(0);
    if (answer.has("error")) {
      throw new IllegalStateException(answer.path("error").asText());
    }
    return answer.path("runToSeries");
  }

  private byte[] post(String path, String contentType, String body) {
    return send(HttpRequest.newBuilder(address.resolve(path)).timeout(LIMIT)
        .header("Content-Type", contentType).POST(BodyPublishers.ofString(body)).build());
  }

  private byte[] send(HttpRequest request) {
    HttpResponse<byte[]> response;
    try {
      response = http.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException("no answer from " + request.uri(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + request.uri(), e);
    }
    String summary = response.statusCode() + " from " + request.uri();
    return switch (response.statusCode()) {
      case 200 -> response.body();
      case 404 -> throw new NoSuchElementException(summary + ": " + new String(response.body(), StandardCharsets.UTF_8));
      default -> throw new IllegalStateException(
          summary + ": " + new String(response.body(), StandardCharsets.UTF_8));
    };
  }

  private static HParamsSession.Metric metric(JsonNode metric) {
    return new HParamsSession.Metric(metric.path("name").path("group").asText(),
        metric.path("name").path("tag").asText(), metric.path("trainingStep").asLong(), number(metric.path("value")));
  }

  /** JSON has no NaN and no infinities: TensorBoard sends those as strings, spelt as in Java. */
  private static double number(JsonNode number) {
    return number.isTextual() ? Double.parseDouble(number.asText()) : number.doubleValue();
  }

  private static Map<String, Set<String>> tagsByRun(JsonNode runs) {
    return map(runs, tags -> {
      Set<String> names = strings(tags);
      tags.properties().forEach(tag -> names.add(tag.getKey()));
      return names;
    });
  }

  private static Set<String> strings(JsonNode array) {
    Set<String> strings = new TreeSet<>();
    if (array.isArray()) {
      array.forEach(element -> strings.add(element.asText()));
    }
    return strings;
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> element) {
    return StreamSupport.stream(array.spliterator(), false).map(element).toList();
  }

  private static <T> Map<String, T> map(JsonNode object, Function<JsonNode, T> value) {
    Map<String, T> map = new TreeMap<>();
    object.properties().forEach(field -> map.put(field.getKey(), value.apply(field.getValue())));
    return map;
  }

  private static JsonNode json(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("no JSON: " + new String(bytes, StandardCharsets.UTF_8), e);
    }
  }

  private static String encode(String... namesAndValues) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      pairs.add(URLEncoder.encode(namesAndValues[i], StandardCharsets.UTF_8) + "="
          + URLEncoder.encode(namesAndValues[i + 1], StandardCharsets.UTF_8));
    }
    return String.join("&", pairs);
  }

  /**
   * What TensorBoard says of itself.
   *
   * @param version its version
   * @param dataLocation the log directory
   * @param dataProvider where it takes its data from
   */
  public record Environment(String version, String dataLocation, String dataProvider) {}
}
