/* The plan that load.c follows, as `bench/generator.py` writes it: clients, their rooms, and what they say.
 *
 * Integers of 4 bytes in the machine's order, strings with their length before them:
 *   port, 1 where the server speaks WebSocket, mark, number of rooms, number of connections;
 *   for each connection its room, its number of steps, for each step what is said and what is then waited for,
 *   its message, and where in the message a number of 12 hexadecimal digits is to be written (0: it never sends).
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct { uint32_t size; char *bytes; } Text;
typedef struct { Text say, expect; } Step;
typedef struct {
    int fd;
    uint32_t room, steps, done, at;
    Step *step;
    Text message, rest;
    uint32_t room_for_rest;
    uint64_t got;
    int upgraded, opened;
} Client;
typedef struct { uint32_t members, senders, next, *client; uint64_t sent; } Room;

static Client *clients;
static Room *rooms;
static uint32_t n_clients, n_rooms, port, websocket;
static Text mark;
static char other[256]; /* what a server said last that was no delivery */

static void die(const char *format, ...) {
    va_list words;
    va_start(words, format);
    vfprintf(stderr, format, words);
    va_end(words);
    fprintf(stderr, "\n%s\n", other);
    exit(1);
}

static uint32_t number(FILE *plan) {
    uint32_t n;
    if (fread(&n, 4, 1, plan) != 1) die("the plan is cut short");
    return n;
}

static Text text(FILE *plan) {
    Text t = {number(plan), NULL};
    t.bytes = malloc(t.size + 1);
    if (fread(t.bytes, 1, t.size, plan) != t.size) die("the plan is cut short");
    return t;
}

static void read_plan(const char *path) {
    FILE *plan = fopen(path, "rb");
    if (!plan) die("no plan");
    port = number(plan);
    websocket = number(plan);
    mark = text(plan);
    n_rooms = number(plan);
    n_clients = number(plan);
    rooms = calloc(n_rooms, sizeof *rooms);
    clients = calloc(n_clients, sizeof *clients);
    for (uint32_t i = 0; i < n_clients; i++) {
        Client *c = &clients[i];
        c->room = number(plan);
        c->steps = number(plan);
        c->step = calloc(c->steps, sizeof *c->step);
        for (uint32_t s = 0; s < c->steps; s++) {
            c->step[s].say = text(plan);
            c->step[s].expect = text(plan);
        }
        c->message = text(plan);
        c->at = number(plan);
        Room *r = &rooms[c->room];
        r->members++;
        if (c->at) {
            r->client = realloc(r->client, (r->senders + 1) * sizeof *r->client);
            r->client[r->senders++] = i;
        }
    }
    fclose(plan);
}
