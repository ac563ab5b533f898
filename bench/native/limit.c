/* The limit: a server that can do nothing but send. One send() per socket and message.
 *
 *     limit PORT SOCKETS
 *
 * It accepts SOCKETS connections, answers each upgrade, says "ready", and from then on sends every
 * line of stdin to all of them as one frame. No parser, no protocol, no memory to manage: whoever
 * sends one frame per socket and message cannot be cheaper than this.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The answer to the key that our load client always sends. */
static const char ANSWER[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                             "Connection: Upgrade\r\n"
                             "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

static void die(const char *what) {
  fprintf(stderr, "limit: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int take(int listener) {
  char head[8192];
  size_t size = 0;
  int socket = accept(listener, NULL, NULL);
  if (socket < 0) die("accept");
  while (memmem(head, size, "\r\n\r\n", 4) == NULL) {
    ssize_t got = recv(socket, head + size, sizeof head - size, 0);
    if (got <= 0) die("head");
    size += (size_t)got;
  }
  int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (send(socket, ANSWER, sizeof ANSWER - 1, 0) < 0) die("answer");
  return socket;
}

static size_t frame_of(const char *text, size_t size, unsigned char *frame) {
  frame[0] = 0x81;
  size_t begin = 2;
  if (size < 126) {
    frame[1] = (unsigned char)size;
  } else {
    frame[1] = 126;
    frame[2] = (unsigned char)(size >> 8);
    frame[3] = (unsigned char)size;
    begin = 4;
  }
  memcpy(frame + begin, text, size);
  return begin + size;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int count = atoi(argv[2]), on = 1;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((unsigned short)atoi(argv[1])),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) die("bind");
  if (listen(listener, 4096) < 0) die("listen");
  puts("listening");
  fflush(stdout);
  int *sockets = calloc((size_t)count, sizeof *sockets);
  if (sockets == NULL) die("calloc");
  for (int index = 0; index < count; index++) sockets[index] = take(listener);
  char *line = NULL;
  size_t room = 0;
  ssize_t size;
  static unsigned char frame[65540];
  while ((size = getline(&line, &room, stdin)) > 0) {
    size_t whole = frame_of(line, (size_t)size - 1, frame);
    for (int index = 0; index < count; index++)
      if (send(sockets[index], frame, whole, MSG_NOSIGNAL) < 0) die("send");
  }
  return 0;
}
