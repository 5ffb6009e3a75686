/* A peer: about the least a WebSocket server can do. One thread, epoll, one send for each delivery, keeps nothing.
 *
 *   bare PORT [join]
 *
 * The room is the path. With `join` the frames that came in one turn of the loop go out in one write per member, which is
 * how fast a server could feed the load generator. Trusts its clients: whole frames below 64 KiB, masked with zeros.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 20000, ROOMS = 2000, JOINED = 1 << 20, BUFFER = 1 << 18 };

typedef struct { int *member, members; char *joined; size_t size; } Room;
typedef struct { int room; char *rest; size_t size; } Client;

static Room rooms[ROOMS];
static Client clients[MOST];

static void send_all(int fd, const char *bytes, size_t size) {
    while (size) {
        ssize_t n = send(fd, bytes, size, MSG_NOSIGNAL);
        if (n <= 0) return;
        bytes += n;
        size -= n;
    }
}

static void flush(Room *r) {
    for (int i = 0; i < r->members; i++) send_all(r->member[i], r->joined, r->size);
    r->size = 0;
}

static void leave(int fd) {
    Room *r = &rooms[clients[fd].room];
    for (int i = 0; i < r->members; i++)
        if (r->member[i] == fd) r->member[i] = r->member[--r->members];
    free(clients[fd].rest);
    clients[fd] = (Client){-1, NULL, 0};
    close(fd);
}

static void enter(int fd, const char *hello) {
    /* The answer to a client that always sends the key AAAAAAAAAAAAAAAAAAAAAA== (RFC 6455 section 4.2.2). */
    static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                 "Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n\r\n";
    int room = atoi(strchr(hello, '/') + 1) % ROOMS;
    Room *r = &rooms[room];
    clients[fd].room = room;
    r->member = realloc(r->member, (r->members + 1) * sizeof *r->member);
    r->member[r->members++] = fd;
    send_all(fd, answer, sizeof answer - 1);
}

static void receive(int fd, int join) {
    static char in[BUFFER], out[1 << 16];
    Client *c = &clients[fd];
    if (c->size) memcpy(in, c->rest, c->size);
    ssize_t n = recv(fd, in + c->size, BUFFER - c->size - 1, 0);
    if (n <= 0) {
        leave(fd);
        return;
    }
    size_t size = c->size + n, at = 0;
    in[size] = 0;
    if (c->room < 0) {
        char *end = strstr(in, "\r\n\r\n");
        if (end) {
            enter(fd, in);
            at = end + 4 - in;
        }
    }
    while (c->room >= 0 && size - at >= 8) {
        uint8_t *head = (uint8_t *)in + at;
        size_t length = head[1] & 0x7f, skip = 6;
        if (length == 126) length = head[2] << 8 | head[3], skip = 8;
        if (size - at < skip + length) break;
        size_t whole = length + (skip == 8 ? 4 : 2);
        Room *r = &rooms[c->room];
        char *frame = out;
        if (join) {
            if (!r->joined) r->joined = malloc(JOINED);
            if (r->size + whole > JOINED) flush(r);
            frame = r->joined + r->size;
            r->size += whole;
        }
        memcpy(frame, head, whole - length);
        frame[1] &= 0x7f;
        memcpy(frame + whole - length, head + skip, length);
        if (!join)
            for (int i = 0; i < r->members; i++) send_all(r->member[i], frame, whole);
        at += skip + length;
    }
    c->size = size - at;
    c->rest = realloc(c->rest, c->size + 1);
    memcpy(c->rest, in + at, c->size);
}

int main(int count, char **words) {
    static struct epoll_event events[512];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct rlimit files;
    int one = 1, join = count > 2, listener = socket(AF_INET, SOCK_STREAM, 0), poller = epoll_create1(0);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) return 1;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int n = epoll_wait(poller, events, 512, -1);
        for (int i = 0; i < n; i++) {
            int fd = events[i].data.fd;
            if (fd != listener) {
                receive(fd, join);
                continue;
            }
            fd = accept(listener, NULL, NULL);
            if (fd < 0 || fd >= MOST) return 1;
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            clients[fd] = (Client){-1, NULL, 0};
            event = (struct epoll_event){.events = EPOLLIN, .data.fd = fd};
            epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
        }
        if (join)
            for (int i = 0; i < ROOMS; i++)
                if (rooms[i].size) flush(&rooms[i]);
    }
}
