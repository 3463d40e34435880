/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A capture without the media in it: read once to find the streams, and once more to copy the rest.
 * Only the whole file tells of which ends all must be kept.
 */
#include "prefilter.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "capture_form.h"
#include "datagram.h"
#include "media.h"

enum {
    TRIED = 20000, /* packets that are looked at before the rest is */
    SHARE = 3,     /* one of so many at least must be left out */
    PACKETS_MOST = 1 << 28,
    INTERVAL = 4096, /* packets between two looks at the clock on the wall */
    THOUSAND = 1000,
};

static const int64_t second = 1000000000;

/* The first reading. */
typedef struct {
    const SipwhyPrefilter *prefilter;
    uint64_t size; /* of the file */
    SipwhyMedia *media;
    uint32_t *streams; /* of each packet the stream that it goes on with; 0: none, it stays */
    uint32_t room;
    uint32_t count;
    uint32_t candidates;
    int64_t last; /* the time of the packet before */
} Survey;

static bool is_stopped(const SipwhyPrefilter *prefilter)
{
    return prefilter->stop && g_atomic_int_get(prefilter->stop) != 0;
}

static void tell(const Survey *survey, const SipwhyCaptureForm *form, unsigned pass)
{
    enum { PASSES = 2 };
    const uint64_t done = sipwhy_capture_form_position(form) * THOUSAND / MAX(survey->size, 1);

    if (survey->prefilter->done)
        g_atomic_int_set(survey->prefilter->done, (gint)((done + (size_t)pass * THOUSAND) / PASSES));
}

static bool make_room(Survey *survey)
{
    enum { FIRST = 65536 };

    if (survey->count < survey->room)
        return true;
    const uint32_t room = MAX(survey->room * 2, FIRST);
    uint32_t *streams =
        room <= PACKETS_MOST ? realloc(survey->streams, room * sizeof *streams) : NULL;
    if (!streams)
        return false;
    survey->streams = streams;
    survey->room = room;
    return true;
}

static void keep_last(Survey *survey)
{
    if (survey->count > 0 && survey->streams[survey->count - 1]) {
        survey->streams[survey->count - 1] = 0;
        survey->candidates--;
    }
}

/* The packets on both sides of a step of the clock stay: whoever looks at the time of packets that
 * have no SIP sees the same steps. */
static bool take_packet(Survey *survey, uint32_t link_type, const SipwhyCapturePiece *packet)
{
    const bool stepped =
        survey->count == 0 || packet->time < survey->last || packet->time - survey->last > second;

    if (!make_room(survey))
        return false;
    uint32_t stream = sipwhy_media_take(survey->media, link_type, packet);
    if (stepped) {
        keep_last(survey);
        stream = 0;
    }
    survey->last = packet->time;
    survey->streams[survey->count++] = stream;
    survey->candidates += stream > 0;
    return true;
}

static bool is_worth_it(const Survey *survey, uint32_t left_out)
{
    return left_out > 0 && (survey->prefilter->always || left_out >= survey->count / SHARE);
}

static bool go_on(const Survey *survey, const SipwhyCaptureForm *form, uint32_t count,
                  unsigned pass)
{
    if (count % INTERVAL != 0)
        return true;
    tell(survey, form, pass);
    return !is_stopped(survey->prefilter);
}

static bool run_survey(Survey *survey, SipwhyCaptureForm *form)
{
    SipwhyCapturePiece piece;
    SipwhyCaptureStep step;

    while ((step = sipwhy_capture_form_next(form, &piece)) == SIPWHY_CAPTURE_PIECE) {
        const uint32_t link_type = sipwhy_capture_form_link_type(form);
        if (!piece.is_packet)
            continue;
        if (!sipwhy_datagram_knows_link(link_type) || !take_packet(survey, link_type, &piece) ||
            (survey->count == TRIED && !is_worth_it(survey, survey->candidates)) ||
            !go_on(survey, form, survey->count, 0))
            return false;
    }
    keep_last(survey);
    return step == SIPWHY_CAPTURE_END;
}

/* From now on only of candidates between ends that carry nothing else. */
static void settle(Survey *survey)
{
    for (uint32_t i = 0; i < survey->count; i++) {
        if (survey->streams[i] && !sipwhy_media_is_alone(survey->media, survey->streams[i])) {
            survey->streams[i] = 0;
            survey->candidates--;
        }
    }
}

/* The second reading. */
static bool copy_rest(const Survey *survey, SipwhyCaptureForm *form, SipwhyPrefilterResult *result)
{
    const SipwhyPrefilter *prefilter = survey->prefilter;
    SipwhyCapturePiece piece;
    SipwhyCaptureStep step;
    uint32_t number = 0;
    int64_t kept = 0; /* the time of the last one */

    while ((step = sipwhy_capture_form_next(form, &piece)) == SIPWHY_CAPTURE_PIECE) {
        if (piece.is_packet) {
            if (number == survey->count || !go_on(survey, form, number, 1))
                return false;
            if (survey->streams[number++] && piece.time - kept <= second) {
                result->left_out++;
                continue;
            }
            kept = piece.time;
            if (fwrite(&number, sizeof number, 1, prefilter->numbers) != 1)
                return false;
        }
        if (fwrite(piece.whole, piece.whole_length, 1, prefilter->kept) != 1)
            return false;
    }
    result->packets = number;
    return step == SIPWHY_CAPTURE_END && number == survey->count && fflush(prefilter->kept) == 0 &&
           fflush(prefilter->numbers) == 0;
}

/* Whether the file is as it was. */
static bool is_same(int file, const struct stat *before)
{
    struct stat now;

    return fstat(file, &now) == 0 && now.st_size == before->st_size &&
           now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == before->st_mtim.tv_nsec;
}

static bool run(Survey *survey, SipwhyPrefilterResult *result)
{
    SipwhyCaptureForm *form = sipwhy_capture_form_open(survey->prefilter->capture);
    bool done = form && run_survey(survey, form);

    sipwhy_capture_form_close(form);
    if (!done)
        return false;
    settle(survey);
    if (!is_worth_it(survey, survey->candidates))
        return false;
    form = sipwhy_capture_form_open(survey->prefilter->capture);
    done = form && copy_rest(survey, form, result);
    sipwhy_capture_form_close(form);
    return done;
}

bool sipwhy_prefilter_run(const SipwhyPrefilter *prefilter, SipwhyPrefilterResult *result)
{
    struct stat before;

    *result = (SipwhyPrefilterResult){0};
    if (fstat(prefilter->capture, &before) != 0)
        return false;
    Survey survey = {
        .prefilter = prefilter, .size = (uint64_t)before.st_size, .media = sipwhy_media_new()};
    const bool done = run(&survey, result) && is_same(prefilter->capture, &before);
    sipwhy_media_free(survey.media);
    free(survey.streams);
    return done;
}
