/* The load: many clients of one server in one thread. It knows no server; `bench/generator.py` writes the plan (plan.h).
 *
 *   load PLAN
 *
 * A delivery is `mark` followed by 12 digits. Every one is counted and timed. Reads lines from standard input:
 *   run SECONDS RATE AHEAD SPIN PATIENCE FIRST
 * sends RATE messages a second, round the rooms and their members; or, when RATE is 0, keeps AHEAD messages under way
 * in each room: one more as soon as everyone has had one. Messages are numbered from FIRST. Answers with a line of JSON
 * when everyone has had everything, which is checked connection by connection, or PATIENCE seconds later.
 * With SPIN it never sleeps, so that no server pays for waking it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "plan.h"

enum { DIGITS = 12, OPENING = 32, BUFFER = 1 << 21, SLOTS = 3000000 /* of 10 microseconds */ };

static uint32_t begun, open_clients;
static int poller;
static char buffer[BUFFER];

static uint32_t *waits, *left;
static double *sent_at;
static uint64_t first, n_sent, sent_room, deliveries, surplus, under_way;
static double started, deadline, last;
static double rate;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void say(Client *c, const char *bytes, size_t size) {
    ssize_t n = send(c->fd, bytes, size, MSG_NOSIGNAL);
    if (n != (ssize_t)size) die("the server does not take what it is sent: %s", n < 0 ? strerror(errno) : "too slow");
}

static void begin_next(void) {
    if (begun == n_clients) return;
    Client *c = &clients[begun];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address)) die("cannot connect: %s", strerror(errno));
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = begun++};
    epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event);
    say(c, c->step[0].say.bytes, c->step[0].say.size);
}

/* The next step, if this has what the last one waited for; returns the end of it, or NULL. */
static char *opening(Client *c, char *bytes, size_t size) {
    Text expect = c->step[c->done].expect;
    char *found = memmem(bytes, size, expect.bytes, expect.size);
    if (!found) return NULL;
    if (++c->done == c->steps) {
        c->opened = 1;
        open_clients++;
        begin_next();
    } else {
        say(c, c->step[c->done].say.bytes, c->step[c->done].say.size);
    }
    return found + expect.size;
}

static void send_in(Room *r, double at) {
    Client *c = &clients[r->client[r->next++ % r->senders]];
    uint64_t n = first + n_sent;
    if (n_sent == sent_room) {
        sent_room *= 2;
        sent_at = realloc(sent_at, sent_room * sizeof *sent_at);
        left = realloc(left, sent_room * sizeof *left);
    }
    for (int i = DIGITS - 1; i >= 0; i--, n >>= 4) c->message.bytes[c->at + i] = "0123456789abcdef"[n & 15];
    sent_at[n_sent] = at;
    left[n_sent++] = r->members;
    r->sent++;
    under_way++;
    say(c, c->message.bytes, c->message.size);
}

static void delivered(Client *c, const char *digits) {
    uint64_t n = 0;
    for (int i = 0; i < DIGITS; i++) n = n << 4 | (digits[i] <= '9' ? digits[i] - '0' : (digits[i] | 32) - 'a' + 10);
    n -= first;
    if (n >= n_sent || !left[n]) {
        surplus++;
        return;
    }
    last = now();
    double wait = (last - sent_at[n]) * 1e5;
    waits[wait < SLOTS ? (uint32_t)wait : SLOTS - 1]++;
    deliveries++;
    c->got++;
    if (--left[n] == 0) {
        under_way--;
        if (rate == 0 && last < deadline) send_in(&rooms[c->room], last);
    }
}

/* Deliveries in a stream without frames; returns what has been dealt with. */
static size_t scan(Client *c, char *bytes, size_t size) {
    char *at = bytes, *end = bytes + size, *found;
    while ((found = memmem(at, end - at, mark.bytes, mark.size))) {
        if (end - found < (ptrdiff_t)mark.size + DIGITS) return found - bytes;
        delivered(c, found + mark.size);
        at = found + mark.size + DIGITS;
    }
    return end - at < (ptrdiff_t)mark.size ? (size_t)(at - bytes) : size - mark.size + 1;
}

static void payload(Client *c, int opcode, char *bytes, size_t size) {
    if (opcode == 9) {
        char pong[131] = {(char)0x8a, (char)(0x80 | size)};
        memcpy(pong + 6, bytes, size);
        say(c, pong, size + 6);
    } else if (opcode == 8) {
        die("the server closes a connection with %d", size < 2 ? 0 : (uint8_t)bytes[0] << 8 | (uint8_t)bytes[1]);
    } else if (!c->opened) {
        opening(c, bytes, size);
    } else {
        char *found = memmem(bytes, size, mark.bytes, mark.size);
        if (found) delivered(c, found + mark.size);
        else snprintf(other, sizeof other, "%.*s", (int)size, bytes);
    }
}

/* RFC 6455 section 5.2, from a server: not masked. Returns what has been dealt with. */
static size_t frames(Client *c, char *bytes, size_t size) {
    size_t at = 0;
    while (size - at >= 2) {
        uint8_t *head = (uint8_t *)bytes + at;
        size_t length = head[1] & 0x7f, skip = length < 126 ? 2 : length == 126 ? 4 : 10;
        if (size - at < skip) break;
        if (skip > 2) {
            length = 0;
            for (size_t i = 2; i < skip; i++) length = length << 8 | head[i];
        }
        if (size - at - skip < length) break;
        payload(c, head[0] & 15, bytes + at + skip, length);
        at += skip + length;
    }
    return at;
}

static void receive(Client *c) {
    if (c->rest.size) memcpy(buffer, c->rest.bytes, c->rest.size);
    ssize_t n = recv(c->fd, buffer + c->rest.size, BUFFER - c->rest.size, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) die("a server is gone: %s", n ? strerror(errno) : "closed");
    char *at = buffer, *end = buffer + c->rest.size + n;
    while (!c->opened && !(websocket && c->upgraded)) {
        char *next = opening(c, at, end - at);
        if (!next) break;
        at = next;
        c->upgraded = 1;
    }
    if (c->upgraded && websocket) at += frames(c, at, end - at);
    else if (c->opened) at += scan(c, at, end - at);
    uint32_t over = end - at;
    if (c->room_for_rest < over) c->rest.bytes = realloc(c->rest.bytes, c->room_for_rest = over);
    c->rest.size = over;
    if (over) memcpy(c->rest.bytes, at, over);
}

/* Deals with what comes within so many seconds; returns those it took, or 0 if nothing came. It sleeps to the
 * nanosecond: in whole milliseconds it would spin before each message, on the core that a server's thread waits for. */
static double turn(double wait) {
    static struct epoll_event events[512];
    struct timespec timeout = {.tv_sec = wait, .tv_nsec = (wait - (time_t)wait) * 1e9};
    int n = epoll_pwait2(poller, events, 512, &timeout, NULL);
    if (n <= 0) return 0;
    double then = now();
    for (int i = 0; i < n; i++)
        if (events[i].data.u32 != UINT32_MAX) receive(&clients[events[i].data.u32]);
    return now() - then;
}

static double percentile(double share) {
    uint64_t seen = 0, goal = deliveries * share;
    for (uint32_t slot = 0; slot < SLOTS; slot++)
        if ((seen += waits[slot]) > goal) return slot / 100.0;
    return SLOTS / 100.0;
}

static void run(double seconds, uint32_t ahead, int spin, double patience) {
    uint64_t due = 0, missing = 0;
    double busy = 0, t;
    memset(waits, 0, SLOTS * sizeof *waits);
    n_sent = deliveries = surplus = under_way = 0;
    other[0] = 0;
    for (uint32_t i = 0; i < n_clients; i++) clients[i].got = 0;
    for (uint32_t i = 0; i < n_rooms; i++) rooms[i].sent = 0;
    last = started = now();
    deadline = started + seconds;
    if (rate == 0)
        for (uint32_t a = 0; a < ahead; a++)
            for (uint32_t i = 0; i < n_rooms; i++) send_in(&rooms[i], now());
    while ((t = now()) < deadline || (under_way && t < deadline + patience)) {
        double wait = t < deadline ? deadline - t : 1;
        if (rate > 0 && t < deadline) {
            for (; started + due / rate <= t; due++) send_in(&rooms[due % n_rooms], started + due / rate);
            wait = started + due / rate - t;
        }
        busy += turn(spin ? 0 : wait);
    }
    for (uint32_t i = 0; i < n_clients; i++) missing += rooms[clients[i].room].sent - clients[i].got;
    if (missing) fprintf(stderr, "not delivered: %s\n", other);
    printf("{\"sent\":%lu,\"deliveries\":%lu,\"missing\":%ld,\"surplus\":%lu,\"seconds\":%.6f,\"busy\":%.4f,\"p50\":%.3f,"
           "\"p99\":%.3f}\n", n_sent, deliveries, (long)missing, surplus, last - started,
           busy / (now() - started), percentile(0.5), percentile(0.99));
    fflush(stdout);
}

int main(int count, char **words) {
    if (count != 2) die("load PLAN");
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    read_plan(words[1]);
    waits = malloc(SLOTS * sizeof *waits);
    sent_room = 1 << 16;
    sent_at = malloc(sent_room * sizeof *sent_at);
    left = malloc(sent_room * sizeof *left);
    poller = epoll_create1(0);
    for (int i = 0; i < OPENING; i++) begin_next();
    while (open_clients < n_clients) turn(1);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = UINT32_MAX};
    epoll_ctl(poller, EPOLL_CTL_ADD, 0, &event);
    printf("{\"connections\":%u}\n", open_clients);
    fflush(stdout);
    char line[256];
    for (;;) { /* pings are answered between the runs too */
        turn(1);
        struct timeval none = {0, 0};
        fd_set input;
        FD_ZERO(&input);
        FD_SET(0, &input);
        if (select(1, &input, NULL, NULL, &none) < 1) continue;
        double seconds, patience;
        uint32_t ahead;
        int spin;
        if (!fgets(line, sizeof line, stdin)) return 0;
        if (sscanf(line, "run %lf %lf %u %d %lf %lu", &seconds, &rate, &ahead, &spin, &patience, &first) != 6) die("what is %s", line);
        run(seconds, ahead, spin, patience);
    }
}
