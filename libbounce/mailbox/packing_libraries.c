/* SPDX-License-Identifier: MIT */
/*
 * packing_libraries.c - the formats of compressed files, each with the library that unpacks it.
 *
 * In: the first bytes of an input; then pieces of it. Out: which format it is, and what a piece unpacks to. The
 * libraries are loaded by name when an input needs them, so that other programs do not pay for them; their few
 * functions and structures, unchanged for many years, are declared here for the same reason. Refused: data that need
 * more memory than LIMIT_UNPACK_BYTES.
 */
#include "mailbox/packing.h"

#include "base/library.h"
#include "base/limits.h"
#include "base/span.h"

#include <glib.h>
#include <limits.h>
#include <string.h>

static bool begins_with(const unsigned char *s, size_t n, const char *front, size_t front_bytes)
{
    return n >= front_bytes && memcmp(s, front, front_bytes) == 0;
}

/* ----------------------------------------------------------- gzip: zlib */

struct z_stream {
    const unsigned char *next_in;
    unsigned avail_in;
    unsigned long total_in;
    unsigned char *next_out;
    unsigned avail_out;
    unsigned long total_out;
    const char *message;
    void *internal, *alloc, *free, *opaque;
    int data_type;
    unsigned long adler, reserved;
};

enum { Z_OK = 0, Z_STREAM_END = 1, Z_MEM_ERROR = -4, Z_BUF_ERROR = -5, Z_ONLY_GZIP = 16 + 15 };

static struct {
    int (*init)(struct z_stream *s, int window_bits, const char *version, int bytes);
    int (*inflate)(struct z_stream *s, int flush);
    int (*end)(struct z_stream *s);
} zlib;

static bool is_gzip(const unsigned char *s, size_t n)
{
    return begins_with(s, n, "\x1f\x8b\x08", 3);
}

static bool load_zlib(const char *library)
{
    const struct library_symbol symbols[] = {
        {"inflateInit2_", &zlib.init}, {"inflate", &zlib.inflate}, {"inflateEnd", &zlib.end}};
    return library_open(library, symbols, COUNT(symbols)) != NULL;
}

static bool begin_zlib(void *state)
{
    return zlib.init(state, Z_ONLY_GZIP, "1", (int)sizeof(struct z_stream)) == Z_OK;
}

static int step_zlib(void *state, const unsigned char **in, size_t in_bytes, unsigned char **out, size_t out_bytes)
{
    struct z_stream *s = state;
    s->next_in = *in;
    s->avail_in = (unsigned)MIN(in_bytes, (size_t)INT_MAX);
    s->next_out = *out;
    s->avail_out = (unsigned)MIN(out_bytes, (size_t)INT_MAX);
    int result = zlib.inflate(s, 0);
    *in = s->next_in;
    *out = s->next_out;
    switch (result) {
    case Z_OK:
    case Z_BUF_ERROR: return STEP_GOES_ON;
    case Z_STREAM_END: return STEP_ENDED;
    case Z_MEM_ERROR: return STEP_NO_MEMORY;
    default: return STEP_BROKEN;
    }
}

static void end_zlib(void *state)
{
    zlib.end(state);
}

/* --------------------------------------------------------- bzip2: libbz2 */

struct bz_stream {
    char *next_in; /* it is read only */
    unsigned avail_in, total_in[2];
    char *next_out;
    unsigned avail_out, total_out[2];
    void *internal, *alloc, *free, *opaque;
};

enum { BZ_OK = 0, BZ_STREAM_END = 4, BZ_MEM_ERROR = -3 };

static struct {
    int (*init)(struct bz_stream *s, int verbosity, int small);
    int (*decompress)(struct bz_stream *s);
    int (*end)(struct bz_stream *s);
} bzlib;

/* What follows the size is the front of a block, or of the end. */
static bool is_bzip2(const unsigned char *s, size_t n)
{
    return n >= 10 && memcmp(s, "BZh", 3) == 0 && s[3] >= '1' && s[3] <= '9' &&
           (memcmp(s + 4, "1AY&SY", 6) == 0 || memcmp(s + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

static bool load_bzlib(const char *library)
{
    const struct library_symbol symbols[] = {{"BZ2_bzDecompressInit", &bzlib.init},
                                             {"BZ2_bzDecompress", &bzlib.decompress},
                                             {"BZ2_bzDecompressEnd", &bzlib.end}};
    return library_open(library, symbols, COUNT(symbols)) != NULL;
}

static bool begin_bzlib(void *state)
{
    return bzlib.init(state, 0, 0) == BZ_OK;
}

static int step_bzlib(void *state, const unsigned char **in, size_t in_bytes, unsigned char **out, size_t out_bytes)
{
    struct bz_stream *s = state;
    memcpy(&s->next_in, in, sizeof s->next_in);
    s->avail_in = (unsigned)MIN(in_bytes, (size_t)INT_MAX);
    s->next_out = (char *)*out;
    s->avail_out = (unsigned)MIN(out_bytes, (size_t)INT_MAX);
    int result = bzlib.decompress(s);
    *in = (const unsigned char *)s->next_in;
    *out = (unsigned char *)s->next_out;
    switch (result) {
    case BZ_OK: return STEP_GOES_ON;
    case BZ_STREAM_END: return STEP_ENDED;
    case BZ_MEM_ERROR: return STEP_NO_MEMORY;
    default: return STEP_BROKEN;
    }
}

static void end_bzlib(void *state)
{
    bzlib.end(state);
}

/* ------------------------------------------------------------ xz: liblzma */

struct lzma_stream {
    const uint8_t *next_in;
    size_t avail_in;
    uint64_t total_in;
    uint8_t *next_out;
    size_t avail_out;
    uint64_t total_out;
    const void *allocator;
    void *internal;
    void *reserved_pointers[4];
    uint64_t reserved_numbers[2];
    size_t reserved_sizes[2];
    int reserved_words[2];
};

enum { LZMA_OK, LZMA_STREAM_END, LZMA_MEM_ERROR = 5, LZMA_MEMLIMIT_ERROR = 6, LZMA_BUF_ERROR = 10, LZMA_RUN = 0 };

static struct {
    int (*decoder)(struct lzma_stream *s, uint64_t memory, uint32_t flags);
    int (*code)(struct lzma_stream *s, int action);
    void (*end)(struct lzma_stream *s);
} lzma;

static bool is_xz(const unsigned char *s, size_t n)
{
    static const char front[] = "\xfd\x37zXZ";
    return begins_with(s, n, front, sizeof front);
}

static bool load_lzma(const char *library)
{
    const struct library_symbol symbols[] = {
        {"lzma_stream_decoder", &lzma.decoder}, {"lzma_code", &lzma.code}, {"lzma_end", &lzma.end}};
    return library_open(library, symbols, COUNT(symbols)) != NULL;
}

static bool begin_lzma(void *state)
{
    return lzma.decoder(state, LIMIT_UNPACK_BYTES, 0) == LZMA_OK;
}

static int step_lzma(void *state, const unsigned char **in, size_t in_bytes, unsigned char **out, size_t out_bytes)
{
    struct lzma_stream *s = state;
    s->next_in = *in;
    s->avail_in = in_bytes;
    s->next_out = *out;
    s->avail_out = out_bytes;
    int result = lzma.code(s, LZMA_RUN);
    *in = s->next_in;
    *out = s->next_out;
    switch (result) {
    case LZMA_OK:
    case LZMA_BUF_ERROR: return STEP_GOES_ON;
    case LZMA_STREAM_END: return STEP_ENDED;
    case LZMA_MEM_ERROR: return STEP_NO_MEMORY;
    case LZMA_MEMLIMIT_ERROR: return STEP_TOO_LARGE;
    default: return STEP_BROKEN;
    }
}

static void end_lzma(void *state)
{
    lzma.end(state);
}

/* --------------------------------------------------------- zstd: libzstd */

struct zstd_state {
    void *stream;
};
struct zstd_in {
    const void *bytes;
    size_t size, at;
};
struct zstd_out {
    void *bytes;
    size_t size, at;
};

/* Errors are numbers from the top; these two have kept theirs since 1.3. */
enum { ZSTD_WINDOW_TOO_LARGE = 16, ZSTD_NO_MEMORY = 64, ZSTD_WINDOW_LOG_MAX = 100 };

static struct {
    void *(*create)(void);
    size_t (*set)(void *stream, int parameter, int value);
    size_t (*decompress)(void *stream, struct zstd_out *out, struct zstd_in *in);
    unsigned (*is_error)(size_t result);
    int (*error_code)(size_t result);
    size_t (*free)(void *stream);
} zstd;

/* A frame, or a skippable one, as pzstd writes first. */
static bool is_zstd(const unsigned char *s, size_t n)
{
    return begins_with(s, n, "\x28\xb5\x2f\xfd", 4) ||
           (n >= 4 && (s[0] & 0xf0) == 0x50 && begins_with(s + 1, n - 1, "\x2a\x4d\x18", 3));
}

static bool load_zstd(const char *library)
{
    const struct library_symbol symbols[] = {
        {"ZSTD_createDStream", &zstd.create},        {"ZSTD_DCtx_setParameter", &zstd.set},
        {"ZSTD_decompressStream", &zstd.decompress}, {"ZSTD_isError", &zstd.is_error},
        {"ZSTD_getErrorCode", &zstd.error_code},     {"ZSTD_freeDStream", &zstd.free}};
    return library_open(library, symbols, COUNT(symbols)) != NULL;
}

static bool begin_zstd(void *state)
{
    struct zstd_state *s = state;
    s->stream = zstd.create();
    return s->stream && !zstd.is_error(zstd.set(s->stream, ZSTD_WINDOW_LOG_MAX, LIMIT_UNPACK_WINDOW_LOG));
}

/* A call that fails does not return what it unpacked before. So unpacking input and returning output are separate
 * calls. */
static int step_zstd(void *state, const unsigned char **in, size_t in_bytes, unsigned char **out, size_t out_bytes)
{
    const struct zstd_state *s = state;
    struct zstd_in from = {*in, 0, 0};
    struct zstd_out to = {*out, out_bytes, 0};
    size_t result = zstd.decompress(s->stream, &to, &from);
    if (!zstd.is_error(result) && to.at == 0 && in_bytes) {
        from.size = in_bytes;
        to.size = 0;
        result = zstd.decompress(s->stream, &to, &from);
    }
    *in += from.at;
    *out += to.at;
    if (!zstd.is_error(result))
        return result == 0 ? STEP_ENDED : STEP_GOES_ON;
    switch (zstd.error_code(result)) {
    case ZSTD_WINDOW_TOO_LARGE: return STEP_TOO_LARGE;
    case ZSTD_NO_MEMORY: return STEP_NO_MEMORY;
    default: return STEP_BROKEN;
    }
}

static void end_zstd(void *state)
{
    zstd.free(((struct zstd_state *)state)->stream);
}

/* ----------------------------------------------------------------- table */

static const struct packing packings[] = {
    {"gzip", "libz.so.1", sizeof(struct z_stream), is_gzip, load_zlib, begin_zlib, step_zlib, end_zlib},
    {"zstd", "libzstd.so.1", sizeof(struct zstd_state), is_zstd, load_zstd, begin_zstd, step_zstd, end_zstd},
    {"xz", "liblzma.so.5", sizeof(struct lzma_stream), is_xz, load_lzma, begin_lzma, step_lzma, end_lzma},
    {"bzip2", "libbz2.so.1.0", sizeof(struct bz_stream), is_bzip2, load_bzlib, begin_bzlib, step_bzlib, end_bzlib},
};

const struct packing *packing_of(const unsigned char *s, size_t n)
{
    for (size_t i = 0; i < COUNT(packings); i++)
        if (packings[i].is_front(s, n))
            return &packings[i];
    return NULL;
}

bool packing_may_begin(const unsigned char *s, size_t n)
{
    static const char *const fronts[] = {"\x1f\x8b", "\x28\xb5\x2f", "\xfd\x37zXZ", "BZh"};
    if (n >= PACKING_FRONT_BYTES)
        return false;
    for (size_t i = 0; i < COUNT(fronts); i++)
        if (memcmp(s, fronts[i], MIN(n, strlen(fronts[i]))) == 0)
            return true;
    return n < 4 && n > 0 && (s[0] & 0xf0) == 0x50 && memcmp(s + 1, "\x2a\x4d\x18", n - 1) == 0;
}

bool packing_load(const struct packing *p)
{
    enum { UNKNOWN, MISSING, LOADED };
    static GMutex mutex;
    static char states[COUNT(packings)];
    char *state = &states[p - packings];
    g_mutex_lock(&mutex);
    if (*state == UNKNOWN)
        *state = p->load(p->library) ? LOADED : MISSING;
    bool loaded = *state == LOADED;
    g_mutex_unlock(&mutex);
    return loaded;
}
