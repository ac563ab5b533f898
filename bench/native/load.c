/* The load client: many WebSockets, received messages reconciled with what was sent.
 *
 *     load HOST PORTS TARGETS SOCKETS [socketio]
 *
 * PORTS is a list by comma; sockets take them in turn. TARGETS is a file of request paths, one a
 * line, taken in turn as well. A message carries `"bench_n":N` and `"bench_t":T` somewhere in its
 * payload: its number for this socket (1, 2, 3 ...) and when it was sent, in nanoseconds of
 * CLOCK_MONOTONIC. `socketio` speaks just enough of Engine.IO to be let in.
 *
 * It says "open N" when every socket is open. From then on each line on stdin is answered by one
 * line of JSON: "look" with what was received so far and its own CPU time, "reset" with the same
 * before it counts from zero. It ends with its stdin.
 *
 * One thread and one epoll: what it does per message is a scan of the payload and a few additions,
 * so it costs a fraction of what the fastest server spends on a send. The report shows its CPU.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  READ_BYTES = 1 << 18,
  EVENTS_MAX = 512,
  PORTS_MAX = 16,
  /* Handshakes under way at once: few enough for any server's backlog (Node's is 511), and enough
     that a server which checks many tokens by one query is not made to wait for the next few. */
  OPENING_MAX = 500,
  /* Latency in buckets of 1/32 of a power of two of microseconds: 3 % wide, up to 2^32 us. */
  SUB_BITS = 5,
  BUCKETS = (32 - SUB_BITS + 1) << SUB_BITS,
};

enum phase { UNOPENED, CONNECTING, UPGRADING, OPEN, CLOSED };

struct connection {
  int fd;
  enum phase phase;
  uint64_t last;
  char *rest; /* the beginning of a frame whose end has not come yet */
  size_t rest_size;
};

static struct connection *connections;
static int count, opened, opening, next_to_open;
static int ports[PORTS_MAX], ports_count;
static struct in_addr host;
static char **targets;
static int targets_count;
static int speaks_socketio;
static int epoll_fd;
static char read_buffer[READ_BYTES];

static uint64_t received, repeated, skipped, closed_early, bytes_received;
static uint64_t buckets[BUCKETS];
static uint64_t latency_max_us;

static void die(const char *what) {
  fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
  exit(1);
}

static uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* --- latency ---------------------------------------------------------------------------------- */

static int bucket_of(uint64_t us) {
  if (us < (1u << SUB_BITS)) return (int)us;
  int power = 63 - __builtin_clzll(us);
  int sub = (int)(us >> (power - SUB_BITS)) & ((1 << SUB_BITS) - 1);
  int bucket = ((power - SUB_BITS + 1) << SUB_BITS) + sub;
  return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static uint64_t bucket_floor_us(int bucket) {
  if (bucket < (1 << SUB_BITS)) return (uint64_t)bucket;
  int power = (bucket >> SUB_BITS) + SUB_BITS - 1;
  uint64_t sub = (uint64_t)bucket & ((1u << SUB_BITS) - 1);
  return (1ull << power) + (sub << (power - SUB_BITS));
}

static void note_latency(uint64_t ns) {
  uint64_t us = ns / 1000;
  buckets[bucket_of(us)]++;
  if (us > latency_max_us) latency_max_us = us;
}

static uint64_t percentile_us(double share) {
  uint64_t wanted = (uint64_t)((double)received * share), seen = 0;
  for (int bucket = 0; bucket < BUCKETS; bucket++) {
    seen += buckets[bucket];
    if (seen > wanted) return bucket_floor_us(bucket);
  }
  return latency_max_us;
}

/* --- messages --------------------------------------------------------------------------------- */

/* The number behind `"name":`, or 0. Inside Socket.IO's JSON the quotes may be escaped. */
static uint64_t number_after(const char *payload, size_t size, const char *name, size_t length) {
  const char *found = memmem(payload, size, name, length);
  if (found == NULL) return 0;
  const char *end = payload + size;
  const char *at = found + length;
  while (at < end && (*at < '0' || *at > '9')) at++;
  uint64_t number = 0;
  while (at < end && *at >= '0' && *at <= '9') number = number * 10 + (uint64_t)(*at++ - '0');
  return number;
}

enum { TEXT = 1, BINARY = 2, PING = 9, PONG = 10 };

static void send_frame(struct connection *one, int opcode, const char *text) {
  unsigned char frame[64];
  size_t size = strlen(text);
  frame[0] = (unsigned char)(0x80 | opcode);
  frame[1] = (unsigned char)(0x80 | size);
  memset(frame + 2, 0, 4); /* a mask of zeros is a mask */
  memcpy(frame + 6, text, size);
  if (send(one->fd, frame, size + 6, MSG_NOSIGNAL) < 0) die("send");
}

static void take_message(struct connection *one, const char *payload, size_t size) {
  if (speaks_socketio) {
    if (size == 1 && payload[0] == '2') { /* a ping wants its pong */
      send_frame(one, TEXT, "3");
      return;
    }
    if (size > 0 && payload[0] == '0') { /* the handshake's answer wants a namespace */
      send_frame(one, TEXT, "40");
      return;
    }
    if (size > 1 && payload[0] == '4' && payload[1] == '0') {
      opened++;
      return;
    }
  }
  uint64_t sent_ns = number_after(payload, size, "bench_t", 7);
  if (sent_ns == 0) return; /* a greeting, a heartbeat */
  uint64_t number = number_after(payload, size, "bench_n", 7);
  if (number <= one->last) {
    repeated++;
    return;
  }
  skipped += number - one->last - 1;
  one->last = number;
  received++;
  note_latency(now_ns() - sent_ns);
}

/* Take all whole frames of data; return how many bytes they were. */
static size_t take_frames(struct connection *one, const char *data, size_t size) {
  size_t at = 0;
  while (size - at >= 2) {
    const unsigned char *head = (const unsigned char *)data + at;
    size_t length = head[1] & 0x7f, begin = 2;
    if (length == 126) {
      if (size - at < 4) break;
      length = (size_t)head[2] << 8 | head[3];
      begin = 4;
    } else if (length == 127) {
      if (size - at < 10) break;
      length = 0;
      for (int byte = 2; byte < 10; byte++) length = length << 8 | head[byte];
      begin = 10;
    }
    if (size - at < begin + length) break;
    int opcode = head[0] & 0x0f;
    if (opcode == TEXT || opcode == BINARY) take_message(one, data + at + begin, length);
    if (opcode == PING) send_frame(one, PONG, ""); /* who says nothing is cut off as dead */
    at += begin + length;
  }
  return at;
}

static void keep_rest(struct connection *one, const char *data, size_t size) {
  free(one->rest);
  one->rest = NULL;
  one->rest_size = size;
  if (size == 0) return;
  one->rest = malloc(size);
  if (one->rest == NULL) die("malloc");
  memcpy(one->rest, data, size);
}

/* --- connections ------------------------------------------------------------------------------ */

static void watch(struct connection *one, uint32_t events, int how) {
  struct epoll_event event = {.events = events, .data.u32 = (uint32_t)(one - connections)};
  if (epoll_ctl(epoll_fd, how, one->fd, &event) < 0) die("epoll_ctl");
}

static void open_next(void) {
  while (next_to_open < count && opening < OPENING_MAX) {
    struct connection *one = &connections[next_to_open];
    one->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (one->fd < 0) die("socket");
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)ports[next_to_open % ports_count]),
        .sin_addr = host,
    };
    if (connect(one->fd, (struct sockaddr *)&address, sizeof address) < 0 && errno != EINPROGRESS)
      die("connect");
    one->phase = CONNECTING;
    watch(one, EPOLLOUT, EPOLL_CTL_ADD);
    next_to_open++;
    opening++;
  }
}

static void ask_upgrade(struct connection *one) {
  char request[8192];
  int index = (int)(one - connections);
  int size = snprintf(request, sizeof request,
                      "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: Upgrade\r\n"
                      "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                      targets[index % targets_count], ports[index % ports_count]);
  if (size < 0 || (size_t)size >= sizeof request) die("a target is too long");
  if (send(one->fd, request, (size_t)size, MSG_NOSIGNAL) != size) die("upgrade");
  one->phase = UPGRADING;
  watch(one, EPOLLIN, EPOLL_CTL_MOD);
}

/* Return how many bytes of the answer's head there were; 0 while its end has not come. */
static size_t take_upgrade(struct connection *one, const char *data, size_t size) {
  const char *end = memmem(data, size, "\r\n\r\n", 4);
  if (end == NULL) return 0;
  if (size < 12 || memcmp(data + 9, "101", 3) != 0) {
    fprintf(stderr, "load: refused: %.*s\n", (int)(size < 200 ? size : 200), data);
    exit(1);
  }
  one->phase = OPEN;
  opening--;
  if (!speaks_socketio) opened++;
  open_next();
  return (size_t)(end + 4 - data);
}

static void lose(struct connection *one) {
  if (one->phase != OPEN) {
    fprintf(stderr, "load: a socket ended before it was open\n");
    exit(1);
  }
  closed_early++;
  one->phase = CLOSED;
  close(one->fd);
}

static void receive(struct connection *one) {
  size_t before = one->rest_size;
  if (before > 0) memcpy(read_buffer, one->rest, before);
  ssize_t got = recv(one->fd, read_buffer + before, READ_BYTES - before, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    lose(one);
    return;
  }
  bytes_received += (uint64_t)got;
  size_t size = before + (size_t)got, at = 0;
  if (one->phase == UPGRADING) at = take_upgrade(one, read_buffer, size);
  if (one->phase == OPEN) at += take_frames(one, read_buffer + at, size - at);
  keep_rest(one, read_buffer + at, size - at);
}

/* --- the one who asks ------------------------------------------------------------------------- */

static double cpu_s(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void tell(void) {
  printf("{\"open\":%d,\"received\":%llu,\"repeated\":%llu,\"skipped\":%llu,\"closed\":%llu,"
         "\"bytes\":%llu,\"p50_us\":%llu,\"p90_us\":%llu,\"p99_us\":%llu,\"max_us\":%llu,"
         "\"cpu_s\":%.6f}\n",
         opened, (unsigned long long)received, (unsigned long long)repeated,
         (unsigned long long)skipped, (unsigned long long)closed_early,
         (unsigned long long)bytes_received, (unsigned long long)percentile_us(0.50),
         (unsigned long long)percentile_us(0.90), (unsigned long long)percentile_us(0.99),
         (unsigned long long)latency_max_us, cpu_s());
  fflush(stdout);
}

static void forget(void) {
  received = repeated = skipped = closed_early = bytes_received = latency_max_us = 0;
  memset(buckets, 0, sizeof buckets);
}

/* Return 0 when it is over. */
static int hear(void) {
  char said[256];
  ssize_t size = read(STDIN_FILENO, said, sizeof said);
  if (size <= 0) return 0;
  tell();
  if (memmem(said, (size_t)size, "reset", 5) != NULL) forget();
  return 1;
}

static void read_targets(const char *path) {
  FILE *file = fopen(path, "r");
  if (file == NULL) die(path);
  char *line = NULL;
  size_t room = 0;
  ssize_t size;
  while ((size = getline(&line, &room, file)) > 0) {
    if (line[size - 1] == '\n') line[size - 1] = '\0';
    targets = realloc(targets, (size_t)(targets_count + 1) * sizeof *targets);
    if (targets == NULL) die("realloc");
    targets[targets_count++] = strdup(line);
  }
  free(line);
  fclose(file);
  if (targets_count == 0) die("no targets");
}

static void read_ports(char *list) {
  for (char *port = strtok(list, ","); port != NULL && ports_count < PORTS_MAX;
       port = strtok(NULL, ","))
    ports[ports_count++] = atoi(port);
}

static void run(void) {
  int is_told = 0;
  struct epoll_event events[EVENTS_MAX];
  open_next();
  for (;;) {
    if (!is_told && opened == count) {
      is_told = 1;
      printf("open %d\n", opened);
      fflush(stdout);
    }
    int ready = epoll_wait(epoll_fd, events, EVENTS_MAX, 1000);
    if (ready < 0 && errno != EINTR) die("epoll_wait");
    for (int index = 0; index < ready; index++) {
      if (events[index].data.u32 == UINT32_MAX) {
        if (!hear()) return;
        continue;
      }
      struct connection *one = &connections[events[index].data.u32];
      if (one->phase == CONNECTING)
        ask_upgrade(one);
      else if (one->phase != CLOSED)
        receive(one);
    }
  }
}

int main(int argc, char **argv) {
  if (argc < 5) {
    fprintf(stderr, "load HOST PORTS TARGETS SOCKETS [socketio]\n");
    return 2;
  }
  if (inet_aton(argv[1], &host) == 0) die("host");
  read_ports(argv[2]);
  read_targets(argv[3]);
  count = atoi(argv[4]);
  speaks_socketio = argc > 5;
  connections = calloc((size_t)count, sizeof *connections);
  if (connections == NULL) die("calloc");
  epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = UINT32_MAX};
  if (epoll_fd < 0 || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, STDIN_FILENO, &event) < 0) die("epoll");
  run();
  return 0;
}
