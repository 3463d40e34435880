/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The trace where memory runs out: each of the large pieces that it takes may be the first that is
 * not there. (The linker puts functions of this file in the place of GLib's.)
 */
#include <string.h>

#include "arena.h"
#include "finding.h"
#include "set.h"
#include "trace.h"

enum { CALLS = 600, MESSAGES = 3 * CALLS, TRANSACTIONS = 400 };

static unsigned left = G_MAXUINT; /* pieces that are still to be had */
static unsigned taken;

gpointer __wrap_g_try_malloc(gsize size);
gpointer __wrap_g_try_malloc0_n(gsize count, gsize size);
gpointer __wrap_g_try_realloc_n(gpointer old, gsize count, gsize size);
gpointer __real_g_try_malloc(gsize size);
gpointer __real_g_try_malloc0_n(gsize count, gsize size);
gpointer __real_g_try_realloc_n(gpointer old, gsize count, gsize size);

static bool is_there(void)
{
    if (left == 0)
        return false;
    left--;
    taken++;
    return true;
}

gpointer __wrap_g_try_malloc(gsize size)
{
    return is_there() ? __real_g_try_malloc(size) : NULL;
}

gpointer __wrap_g_try_malloc0_n(gsize count, gsize size)
{
    return is_there() ? __real_g_try_malloc0_n(count, size) : NULL;
}

gpointer __wrap_g_try_realloc_n(gpointer old, gsize count, gsize size)
{
    return is_there() ? __real_g_try_realloc_n(old, count, size) : NULL;
}

/* The n-th message: calls of an INVITE, its refusal with a phrase of its own, and an ACK. The first
 * call goes on for so long that its transactions are in a table. */
static char *make_message(unsigned n)
{
    static const char *const starts[] = {"INVITE sip:b@example.com SIP/2.0",
                                         "SIP/2.0 486 Gone fishing",
                                         "ACK sip:b@example.com SIP/2.0"};
    const unsigned call = n / 3 < TRANSACTIONS ? 0 : n / 3;

    return g_strdup_printf("%s\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK%u\r\n"
                           "From: <sip:a@example.com>;tag=f\r\nTo: <sip:b@example.com>%s\r\n"
                           "Call-ID: %u\r\nCSeq: %u %s\r\nContent-Length: 0\r\n\r\n",
                           starts[n % 3], n / 3, n % 3 == 0 ? "" : ";tag=t", call, n / 3 + 1,
                           n % 3 == 2 ? "ACK" : "INVITE");
}

static const SipwhyEvent *add(SipwhyTrace *trace, unsigned n)
{
    static const SipwhyEndpoint ends[] = {{{[10] = 0xFF, 0xFF, 192, 0, 2, 1}, 5060},
                                          {{[10] = 0xFF, 0xFF, 192, 0, 2, 2}, 5060}};
    const SipwhyPacket packet = {.frame = n + 1,
                                 .time = (int64_t)(n + 1) * 100000,
                                 .source = ends[n % 3 == 1],
                                 .destination = ends[n % 3 != 1],
                                 .transport = SIPWHY_TRANSPORT_UDP};
    char *text = make_message(n);
    SipwhyMessage message;

    g_assert_true(sipwhy_message_scan(text, strlen(text), SIPWHY_FRAMING_DATAGRAM, &message));
    sipwhy_trace_reach(trace, packet.time);
    const SipwhyEvent *event = sipwhy_trace_add(trace, &packet, &message);
    g_free(text);
    return event;
}

/* What was added is all there, and can be told. */
static void assert_consistent(const SipwhyTrace *trace, unsigned added)
{
    unsigned count = 0;

    for (unsigned n = 0; n < added; n++) {
        const SipwhyEvent *event = sipwhy_trace_event_at(trace, n);
        g_assert_nonnull(event);
        g_assert_cmpuint(event->frame, ==, n + 1);
        g_assert_nonnull(event->transaction);
        g_ptr_array_free(sipwhy_find(trace, event, NULL), TRUE);
    }
    g_assert_null(sipwhy_trace_event_at(trace, added));
    for (const SipwhyCall *call = sipwhy_trace_calls(trace); call; call = call->next)
        count += call->message_count;
    g_assert_cmpuint(count, ==, added);
}

/* How many messages there was room for, when only so many pieces of memory are there. */
static unsigned fill(unsigned pieces)
{
    SipwhyTrace *trace = sipwhy_trace_new();
    unsigned added = 0;

    left = pieces;
    while (added < MESSAGES && add(trace, added))
        added++;
    g_assert_cmpint(sipwhy_trace_is_full(trace), ==, added < MESSAGES);
    left = G_MAXUINT;
    sipwhy_trace_set_whole(trace, true);
    g_assert_cmpint(sipwhy_trace_is_whole(trace), ==, added == MESSAGES);
    if (added < MESSAGES) { /* once full, it stays so: a hole would be taken for silence */
        const int64_t end = sipwhy_trace_end(trace);
        g_assert_null(add(trace, added + 1));
        g_assert_cmpint(sipwhy_trace_end(trace), ==, end);
    }
    assert_consistent(trace, added);
    sipwhy_trace_free(trace);
    return added;
}

static void test_trace(void)
{
    taken = 0;
    g_assert_cmpuint(fill(G_MAXUINT), ==, MESSAGES);
    const unsigned all = taken;
    unsigned last = 0;

    g_assert_cmpuint(all, >, 10);
    for (unsigned pieces = 0; pieces < all; pieces++) {
        const unsigned added = fill(pieces);
        g_assert_cmpuint(added, >=, last);
        g_assert_cmpuint(added, <, MESSAGES);
        last = added;
    }
    g_assert_cmpuint(fill(all), ==, MESSAGES);
}

static void test_arena(void)
{
    enum { SMALL = 65536, LARGE = 102400 };
    SipwhyArena *arena = sipwhy_arena_new();

    left = 0;
    g_assert_false(sipwhy_arena_reserve(arena));
    left = 1;
    g_assert_true(sipwhy_arena_reserve(arena));
    g_assert_true(sipwhy_arena_reserve(arena)); /* is at hand */
    memset(sipwhy_arena_take(arena, SMALL), 1, SMALL);
    g_assert_false(sipwhy_arena_reserve(arena));
    left = G_MAXUINT;
    memset(sipwhy_arena_take(arena, LARGE), 1, LARGE);
    g_assert_true(sipwhy_arena_reserve(arena));
    sipwhy_arena_free(arena);
}

static void test_set(void)
{
    uint64_t entries[2000];
    SipwhySet set = {0};

    g_assert_null(sipwhy_set_find(&set, 0));
    left = 0;
    g_assert_false(sipwhy_set_reserve(&set, 1));
    left = G_MAXUINT;
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
        entries[i] = (uint64_t)i << 32 | (uint64_t)i; /* all meet in one place */
        g_assert_true(sipwhy_set_reserve(&set, 1));
        sipwhy_set_add(&set, entries[i], &entries[i]);
        sipwhy_set_add(&set, entries[i], &entries[i]);
    }
    g_assert_cmpuint(set.count, ==, G_N_ELEMENTS(entries));
    left = 0;
    g_assert_false(sipwhy_set_reserve(&set, set.room));
    left = G_MAXUINT;
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++)
        g_assert_true(sipwhy_set_find(&set, entries[i]) == &entries[i]);
    g_assert_null(sipwhy_set_find(&set, 1));
    sipwhy_set_clear(&set);
    g_assert_null(sipwhy_set_find(&set, 0));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/memory/trace", test_trace);
    g_test_add_func("/memory/arena", test_arena);
    g_test_add_func("/memory/set", test_set);
    return g_test_run();
}
