// SPDX-License-Identifier: Apache-2.0

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * ApiServer KEYSTORE PASSWORD PORT_FILE: answers one run of kubectl gadget as an API server with one node would, so that the JVM learns
 * everything that a start needs. Ends with whoever started it.
 */
final class ApiServer {
  private static final String WEBSOCKET_KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String META = "\"metadata\":{\"name\":\"t\",\"namespace\":\"gadget\",\"uid\":\"u\",\"resourceVersion\":\"1\",";
  private static final String POD =
      "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"," + META + "\"labels\":{\"k8s-app\":\"gadget\"}},\"spec\":{\"nodeName\":\"n\","
          + "\"containers\":[{\"name\":\"gadget\",\"image\":\"i\"}]},\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}";
  private static final String TRACE =
      "{\"kind\":\"Trace\",\"apiVersion\":\"gadget.kinvolk.io/v1alpha1\"," + META + "\"labels\":{\"a\":\"b\"}},"
          + "\"spec\":{\"node\":\"n\",\"gadget\":\"trace_open\",\"runMode\":\"Manual\",\"outputMode\":\"Stream\"},"
          + "\"status\":{\"state\":\"Started\"}}";
  private static final String LINES =
      "{\"type\":\"start\",\"seq\":1,\"run\":\"r\"}\n{\"fd\":3,\"fname\":\"/x\",\"k8s\":{\"node\":\"n\"},\"proc\":{\"comm\":\"c\",\"pid\":1}}\n"
          + "{\"type\":\"end\",\"seq\":2,\"cause\":\"completed\"}\n";

  private ApiServer() {}

  /** A request, its header names in lower case. */
  private record Request(String method, String target, Map<String, String> headers) {}

  public static void main(String[] args) throws Exception {
    char[] password = args[1].toCharArray();
    KeyStore keys = KeyStore.getInstance(Path.of(args[0]).toFile(), password);
    KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    SSLServerSocket server =
        (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Path part = Path.of(args[2] + ".part");
    Files.writeString(part, Integer.toString(server.getLocalPort()));
    Files.move(part, Path.of(args[2]));
    while (true) {
      Socket socket = server.accept();
      Thread.ofVirtual().start(() -> serve(socket));
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      for (Request request = read(in); request != null; request = read(in)) {
        answer(request, in, out);
      }
    } catch (Exception e) {
      // The client has gone, as it may at any time; there is nobody to tell.
      Thread.currentThread().interrupt();
    }
  }

  private static Request read(InputStream in) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    Map<String, String> headers = new HashMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      int size;
      do {
        size = Integer.parseInt(line(in), 16);
        in.readNBytes(size);
        line(in);
      } while (size > 0);
    }
    String[] words = first.split(" ", -1);
    return new Request(words[0], words[1], headers);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.US_ASCII);
  }

  private static void answer(Request request, InputStream in, OutputStream out) throws Exception {
    boolean isPods = request.target().contains("/pods");
    if (request.headers().containsKey("sec-websocket-key")) {
      if (request.target().contains("/exec")) {
        stream(request, out);
      } else {
        upgrade(request, out);
      }
      in.transferTo(OutputStream.nullOutputStream());
    } else if (request.target().contains("watch=true")) {
      out.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String event = "{\"type\":\"MODIFIED\",\"object\":" + (isPods ? POD : TRACE) + "}\n";
      out.write((Integer.toHexString(event.length()) + "\r\n" + event + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
    } else if (request.target().matches(".*/pods/t(\\?.*)?")) {
      json(out, "200 OK", POD);
    } else if (request.method().equals("GET")) {
      String kind = isPods ? "\"kind\":\"PodList\",\"apiVersion\":\"v1\"" : "\"kind\":\"TraceList\",\"apiVersion\":\"gadget.kinvolk.io/v1alpha1\"";
      json(out, "200 OK", "{" + kind + ",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[" + (isPods ? POD : TRACE) + "]}");
    } else if (request.method().equals("POST")) {
      json(out, "201 Created", TRACE);
    } else {
      json(out, "200 OK", "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Success\"}");
    }
  }

  private static void json(OutputStream out, String status, String body) throws IOException {
    out.write(
        ("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static void upgrade(Request request, OutputStream out) throws Exception {
    byte[] key = (request.headers().get("sec-websocket-key") + WEBSOCKET_KEY).getBytes(StandardCharsets.US_ASCII);
    String accept = Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(key));
    String offered = request.headers().getOrDefault("sec-websocket-protocol", "").split(",", -1)[0].strip();
    String protocol = offered.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + offered + "\r\n";
    out.write(
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept + "\r\n" + protocol + "\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /** The streams of an exec are frames that begin with their number: 1 is standard output, 3 how it ended. */
  private static void stream(Request request, OutputStream out) throws Exception {
    upgrade(request, out);
    frame(out, 2, "\1" + LINES);
    frame(out, 2, "\3{\"metadata\":{},\"status\":\"Success\"}");
    frame(out, 8, "\3\u00e8");
  }

  private static void frame(OutputStream out, int opcode, String text) throws IOException {
    byte[] payload = text.getBytes(StandardCharsets.ISO_8859_1);
    out.write(0x80 | opcode);
    if (payload.length < 126) {
      out.write(payload.length);
    } else {
      out.write(126);
      out.write(payload.length >> 8);
      out.write(payload.length);
    }
    out.write(payload);
    out.flush();
  }
}
